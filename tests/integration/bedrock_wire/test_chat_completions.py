import json
import socket
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from botocore.exceptions import ClientError

from local_aws.bedrock_wire.chat_completions import ChatCompletions
from local_aws.bedrock_wire.faults import read_faults
from tests.integration.bedrock_wire.requests_to_model import SCHEMA, asked, only_block
from tests.unit.local_aws.email_requests import data

KEY = "sk-a-key-that-nobody-may-see"
EMAIL = {"subject": "Hello", "body": "Thank you.", "call_to_action": "{{offer.link}}"}


def completion(content=None, finish="stop", **message):
    return {
        "choices": [{"message": {"role": "assistant", "content": content, **message}, "finish_reason": finish}],
        "usage": {"prompt_tokens": 120, "completion_tokens": 40},
    }


class Upstream(BaseHTTPRequestHandler):
    """An OpenAI-compatible server that answers as its `reply` says: a document, or (status, text)."""

    def do_GET(self):
        self.answer(200, json.dumps({"data": [{"id": "first-listed"}, {"id": "second"}]}))

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.requests.append((self.path, self.headers["authorization"], request))
        reply = self.server.reply(request)
        self.answer(*(reply if isinstance(reply, tuple) else (200, json.dumps(reply))))

    def answer(self, status, text):
        self.send_response(status)
        if status == 302:
            self.send_header("location", f"http://127.0.0.1:{self.server.server_address[1]}/elsewhere")
        self.send_header("content-length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def upstream(serve):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
    server.requests = []
    server.reply = lambda request: completion(json.dumps(EMAIL))
    return serve(server)


@pytest.fixture
def passing_on(serve, client, upstream):
    """A client of a wire server that passes on to the upstream one."""

    def make(path="", model="qwen", timeout=5.0):
        url = f"http://127.0.0.1:{upstream.server_address[1]}{path}"
        return client(serve(ChatCompletions(url, model=model, timeout=timeout, api_key=KEY)))

    return make


@pytest.mark.parametrize("path", ["", "/", "/v1", "/v1/"])
def test_a_forced_tool_goes_there_as_a_schema_and_comes_back_as_a_tool_use(upstream, passing_on, path):
    answer = passing_on(path).converse(**asked())
    assert only_block(answer)["toolUse"]["input"] == EMAIL
    assert answer["stopReason"] == "tool_use"
    assert answer["usage"] == {"inputTokens": 120, "outputTokens": 40, "totalTokens": 160}
    [(address, authorization, request)] = upstream.requests
    assert (address, authorization) == ("/v1/chat/completions", f"Bearer {KEY}")
    assert request["response_format"]["json_schema"]["schema"] == SCHEMA
    assert request["messages"][0]["content"].startswith("You write e-mails.")
    assert request["max_tokens"] == 900


def test_a_server_that_refuses_schemas_is_asked_with_tools_and_not_with_a_schema_again(upstream, passing_on):
    def reply(request):
        if "response_format" in request:
            return 400, json.dumps({"error": {"message": "response_format is not supported"}})
        function = {"name": "write_email", "arguments": json.dumps(EMAIL)}
        return completion(finish="tool_calls", tool_calls=[{"id": "1", "type": "function", "function": function}])

    upstream.reply = reply
    runtime = passing_on()
    for _ in range(2):
        assert only_block(runtime.converse(**asked()))["toolUse"]["input"] == EMAIL
    assert ["response_format" in request for _, _, request in upstream.requests] == [True, False, False]


def test_a_request_that_is_refused_either_way_is_invalid_and_schemas_are_tried_again(upstream, passing_on):
    upstream.reply = lambda request: (400, json.dumps({"error": {"message": "too long"}}))
    runtime = passing_on()
    with pytest.raises(ClientError, match="too long") as failure:
        runtime.converse(**asked())
    assert failure.value.response["Error"]["Code"] == "ValidationException"
    upstream.reply = lambda request: completion(json.dumps(EMAIL))
    runtime.converse(**asked())
    assert "response_format" in upstream.requests[-1][2]


def test_without_a_name_the_first_model_listed_is_used(upstream, passing_on):
    passing_on(model=None).converse(**asked(tool=None))
    assert upstream.requests[0][2]["model"] == "first-listed"


def test_text_that_is_not_json_comes_back_untouched(upstream, passing_on):
    text = 'Sure!\n```json\n{"subject": "a\nb"}\n```'
    upstream.reply = lambda request: completion(text)
    answer = passing_on().converse(**asked())
    assert only_block(answer) == {"text": text}
    assert answer["stopReason"] == "end_turn"


@pytest.mark.parametrize(("finish", "reason"), [("length", "max_tokens"), ("content_filter", "content_filtered")])
def test_stop_reasons(upstream, passing_on, finish, reason):
    upstream.reply = lambda request: completion('{"subject": "Hel', finish)
    assert passing_on().converse(**asked())["stopReason"] == reason


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "ValidationException"),
        (401, "AccessDeniedException"),
        (403, "AccessDeniedException"),
        (404, "ResourceNotFoundException"),
        (422, "ValidationException"),
        (429, "ThrottlingException"),
        (500, "ModelErrorException"),
        (502, "ModelErrorException"),
        (503, "ServiceUnavailableException"),
        (504, "ModelTimeoutException"),
        (302, "ModelErrorException"),
    ],
)
def test_an_upstream_error_is_the_bedrock_error_that_it_corresponds_to(upstream, passing_on, status, code):
    upstream.reply = lambda request: (status, json.dumps({"error": {"message": f"no, {KEY}"}}))
    with pytest.raises(ClientError) as failure:
        passing_on().converse(**asked())
    assert failure.value.response["Error"]["Code"] == code
    assert str(status) in failure.value.response["Error"]["Message"]
    assert KEY not in str(failure.value)
    assert all(path == "/v1/chat/completions" for path, _, _ in upstream.requests)


@pytest.mark.parametrize("reply", [(200, "<html>"), {"choices": []}])
def test_a_reply_without_an_answer_is_a_model_error(upstream, passing_on, reply):
    upstream.reply = lambda request: reply
    with pytest.raises(ClientError) as failure:
        passing_on().converse(**asked())
    assert failure.value.response["Error"]["Code"] == "ModelErrorException"


def test_a_slow_server_is_a_model_timeout(upstream, passing_on):
    upstream.reply = lambda request: time.sleep(2) or completion("late")
    with pytest.raises(ClientError) as failure:
        passing_on(timeout=0.1).converse(**asked())
    assert failure.value.response["Error"]["Code"] == "ModelTimeoutException"


def test_a_server_that_is_not_there_is_unavailable(serve, client):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    model = ChatCompletions(f"http://127.0.0.1:{port}", model="m", timeout=1, api_key=None)
    with pytest.raises(ClientError) as failure:
        client(serve(model)).converse(**asked())
    assert failure.value.response["Error"]["Code"] == "ServiceUnavailableException"


def test_faults_strike_this_choice_too(upstream, serve, client):
    model = ChatCompletions(f"http://127.0.0.1:{upstream.server_address[1]}", model="m", timeout=5, api_key=None)
    wire = serve(model)
    wire.service.faults.add(read_faults([{"kind": "invented_amount", "times": 1}]))
    assert "$500" in only_block(client(wire).converse(**asked(data())))["toolUse"]["input"]["body"]


def test_the_name_shows_the_place_without_user_and_password():
    model = ChatCompletions("http://user:secret@localhost:11434/v1?key=x", model="qwen", timeout=1, api_key=KEY)
    assert model.name == "OpenAI-compatible server at http://localhost:11434 (qwen)"
