import json

import pytest
from agent_platform import aws
from agent_platform.errors import (
    ConfigurationError,
    ContextWindowExceeded,
    FailedCall,
    ModelRefused,
    OutputBlocked,
    OutputTruncated,
    TransientError,
)
from agent_platform.inference.completions import Tool, converse
from agent_platform.inference.prices import Usage
from botocore.awsrequest import AWSResponse
from botocore.exceptions import (
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
)

MODEL = "us.amazon.nova-lite-v1:0"
SCHEMA = {"type": "object", "properties": {"subject": {"type": "string"}}, "required": ["subject"]}
WRITE_EMAIL = Tool("write_email", "Hand in the e-mail.", SCHEMA)


class Raw:
    def __init__(self, content):
        self.content = content

    def stream(self):
        yield self.content


class Bedrock:
    """The service behind the wire: what it was sent, and what it answers."""

    def __init__(self):
        self.requests = []
        self.answer = None

    def says(self, *content, stop_reason="end_turn", **usage):
        used = {"inputTokens": 1000, "outputTokens": 500, "totalTokens": 1500} | usage
        message = {"role": "assistant", "content": list(content)}
        body = {"output": {"message": message}, "stopReason": stop_reason, "usage": used, "metrics": {"latencyMs": 1}}
        self.answer = (200, {}, body)

    def refuses(self, code, status, message="marisol@mail.example"):
        self.answer = (status, {"x-amzn-errortype": code}, {"message": message})

    def breaks(self, error):
        self.answer = error

    def __call__(self, request, **_):
        self.requests.append((request.url, json.loads(request.body)))
        if isinstance(self.answer, Exception):
            raise self.answer
        status, headers, body = self.answer
        headers = {"content-type": "application/json", **headers}
        return AWSResponse(request.url, status, headers, Raw(json.dumps(body).encode()))


@pytest.fixture
def bedrock(monkeypatch):
    """The genuine client, answered before anything is sent."""
    for name, value in {"DEFAULT_REGION": "us-east-1", "ACCESS_KEY_ID": "none", "SECRET_ACCESS_KEY": "none"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    aws._session.cache_clear()
    aws.client.cache_clear()
    service = Bedrock()
    aws.client("bedrock-runtime").meta.events.register("before-send.bedrock-runtime", service)
    yield service
    aws._session.cache_clear()
    aws.client.cache_clear()


def call(**changes):
    said = {
        "model": MODEL,
        "system": "You write.",
        "messages": [{"role": "user", "content": [{"text": "Write."}]}],
        "inference": {"max_tokens": 900, "temperature": 0.6, "top_p": 0.9},
    }
    return converse(**said | changes)


def test_a_completion_has_the_text_and_what_it_took(bedrock):
    bedrock.says({"text": "Hello"}, {"text": "there"})
    made = call()
    assert (made.text, made.tool_input, made.stop_reason, made.model) == ("Hello\nthere", None, "end_turn", MODEL)
    # 1000 × 0.06 + 500 × 0.24 millionths.
    assert (made.input_tokens, made.output_tokens, made.cost_micros) == (1000, 500, 180)
    assert made.latency_ms >= 0


def test_a_completion_has_what_was_cached_and_which_tier_served_it(bedrock):
    bedrock.says({"text": "Hello"}, cacheReadInputTokens=2000, cacheWriteInputTokens=100)
    bedrock.answer[2]["serviceTier"] = {"type": "flex"}
    made = call()
    assert (made.usage, made.service_tier) == (Usage(1000, 500, 2000, 100), "flex")
    # As above, and 2000 × 0.015 + 100 × 0.06 millionths.
    assert made.cost_micros == 180 + 30 + 6


def test_the_request_on_the_wire(bedrock):
    bedrock.says({"text": "Hello"})
    call()
    ((url, sent),) = bedrock.requests
    assert url.endswith("/model/us.amazon.nova-lite-v1%3A0/converse")
    assert sent == {
        "messages": [{"role": "user", "content": [{"text": "Write."}]}],
        "system": [{"text": "You write."}],
        "inferenceConfig": {"maxTokens": 900, "temperature": 0.6, "topP": 0.9},
    }


def test_what_a_version_does_not_set_is_left_to_the_model_but_for_the_limit(bedrock):
    bedrock.says({"text": "Hello"})
    call(inference={"max_tokens": 5})
    assert bedrock.requests[0][1]["inferenceConfig"] == {"maxTokens": 5}


def test_a_call_without_a_limit_is_never_sent(bedrock):
    with pytest.raises(KeyError, match="max_tokens"):
        call(inference={"temperature": 0})
    assert bedrock.requests == []


def test_a_temperature_of_zero_is_sent(bedrock):
    bedrock.says({"text": "Hello"})
    call(inference={"max_tokens": 5, "temperature": 0})
    assert bedrock.requests[0][1]["inferenceConfig"]["temperature"] == 0


def test_a_tool_is_forced_on_the_wire(bedrock):
    bedrock.says(
        {"toolUse": {"toolUseId": "1", "name": "write_email", "input": {"subject": "Hi"}}}, stop_reason="tool_use"
    )
    made = call(tool=WRITE_EMAIL)
    assert made.tool_input == {"subject": "Hi"}
    assert bedrock.requests[0][1]["toolConfig"] == {
        "tools": [
            {
                "toolSpec": {
                    "name": "write_email",
                    "description": "Hand in the e-mail.",
                    "inputSchema": {"json": SCHEMA},
                }
            }
        ],
        "toolChoice": {"tool": {"name": "write_email"}},
    }


@pytest.mark.parametrize(
    "use",
    [
        {"toolUseId": "1", "name": "another_tool", "input": {"subject": "Hi"}},
        {"toolUseId": "1", "name": "write_email", "input": "Hi"},
        {"toolUseId": "1", "name": "write_email", "input": ["Hi"]},
    ],
)
def test_another_tool_or_an_input_that_is_no_object_is_no_answer(bedrock, use):
    bedrock.says({"text": "Let me think."}, {"toolUse": use}, stop_reason="tool_use")
    made = call(tool=WRITE_EMAIL)
    assert (made.tool_input, made.text) == (None, "Let me think.")


def test_a_tool_that_nobody_offered_is_no_answer(bedrock):
    bedrock.says({"toolUse": {"toolUseId": "1", "name": "write_email", "input": {}}}, stop_reason="tool_use")
    assert call().tool_input is None


@pytest.mark.parametrize(
    "stop_reason", ["end_turn", "tool_use", "stop_sequence", "malformed_model_output", "malformed_tool_use"]
)
def test_these_stop_reasons_come_back_as_they_are(bedrock, stop_reason):
    bedrock.says(stop_reason=stop_reason)
    made = call(tool=WRITE_EMAIL)
    assert (made.stop_reason, made.text, made.tool_input) == (stop_reason, "", None)


@pytest.mark.parametrize(
    ("stop_reason", "error"),
    [
        ("max_tokens", OutputTruncated),
        ("content_filtered", OutputBlocked),
        ("guardrail_intervened", OutputBlocked),
        ("model_context_window_exceeded", ContextWindowExceeded),
    ],
)
def test_these_stop_reasons_are_errors_even_with_an_answer(bedrock, stop_reason, error):
    bedrock.says({"text": "Half an ans"}, stop_reason=stop_reason, cacheReadInputTokens=7)
    with pytest.raises(error) as raised:
        call()
    paid = {"input": 1000, "output": 500, "cache_read": 7, "cache_write": 0}
    assert raised.value.failed_call == FailedCall(paid), "an answer that can't be used is paid for all the same"


def test_every_stop_reason_of_the_api_is_known(bedrock):
    shape = aws.client("bedrock-runtime").meta.service_model.shape_for("StopReason")
    tested = {
        "end_turn", "tool_use", "stop_sequence", "malformed_model_output", "malformed_tool_use",
        "max_tokens", "content_filtered", "guardrail_intervened", "model_context_window_exceeded",
    }  # fmt: skip
    assert set(shape.enum) == tested


REFUSALS = [
    ("ThrottlingException", 429, TransientError, FailedCall({}, throttled=True)),
    ("ModelNotReadyException", 429, TransientError, FailedCall({})),
    ("ModelTimeoutException", 408, TransientError, FailedCall(None)),
    # What the service itself gives up on is not billed; what it stopped waiting for may be.
    ("ModelErrorException", 424, TransientError, FailedCall({})),
    ("InternalServerException", 500, TransientError, FailedCall({})),
    ("ServiceUnavailableException", 503, TransientError, FailedCall({})),
    ("AccessDeniedException", 403, ModelRefused, FailedCall({})),
    ("ResourceNotFoundException", 404, ModelRefused, FailedCall({})),
    ("ValidationException", 400, ModelRefused, FailedCall({})),
]


@pytest.mark.parametrize(("code", "status", "error", "failed"), REFUSALS)
def test_each_error_of_the_api_has_a_name_of_ours_after_one_attempt(bedrock, code, status, error, failed):
    bedrock.refuses(code, status)
    with pytest.raises(error) as raised:
        call()
    assert str(raised.value) == f"converse: {code}"
    assert raised.value.failed_call == failed
    assert len(bedrock.requests) == 1


def test_every_error_of_the_api_is_known(bedrock):
    operation = aws.client("bedrock-runtime").meta.service_model.operation_model("Converse")
    assert {shape.name for shape in operation.error_shapes} == {code for code, *_ in REFUSALS}


@pytest.mark.parametrize(
    "message",
    [
        "Input is too long for requested model.",
        "The model returned the following errors: prompt is too long: 200049 tokens > 200000 maximum",
        "input length and `max_tokens` exceed context limit: 90402 + 116650 > 204648",
        "Input Tokens Exceeded: Number of input tokens exceeds maximum length.",
    ],
)
def test_a_prompt_that_does_not_fit_is_told_from_other_invalid_requests(bedrock, message):
    bedrock.refuses("ValidationException", 400, message)
    with pytest.raises(ContextWindowExceeded):
        call()


def test_being_throttled_by_tokens_is_no_prompt_that_does_not_fit(bedrock):
    bedrock.refuses("ThrottlingException", 429, "Too many input tokens, please wait before trying again.")
    with pytest.raises(TransientError):
        call()


@pytest.mark.parametrize(
    ("broken", "error", "failed"),
    [
        # Whoever didn't wait for the answer is billed for it all the same.
        (ReadTimeoutError(endpoint_url="https://bedrock"), TransientError, FailedCall(None)),
        (ConnectionClosedError(endpoint_url="https://bedrock"), TransientError, FailedCall(None)),
        (EndpointConnectionError(endpoint_url="https://bedrock"), TransientError, FailedCall({})),
        (ConnectTimeoutError(endpoint_url="https://bedrock"), TransientError, FailedCall({})),
        (NoCredentialsError(), ConfigurationError, FailedCall({})),
    ],
)
def test_a_broken_connection_makes_one_attempt_too(bedrock, broken, error, failed):
    bedrock.breaks(broken)
    with pytest.raises(error) as raised:
        call()
    assert raised.value.failed_call == failed
    assert len(bedrock.requests) == 1


def test_a_request_that_the_sdk_refuses_is_never_sent_nor_repeated_in_the_error(bedrock):
    with pytest.raises(ModelRefused) as raised:
        call(messages=[{"role": "user", "content": [{"text": 7, "marisol": 1}]}])
    assert "marisol" not in str(raised.value)
    assert bedrock.requests == []


def test_a_model_without_a_price_is_not_free(bedrock):
    bedrock.says({"text": "Hello"})
    with pytest.raises(ConfigurationError, match="no price"):
        call(model="unknown.model")
