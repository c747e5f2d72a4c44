import json
import urllib.request

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError

from tests.integration.bedrock_wire.requests_to_model import asked, only_block
from tests.unit.local_aws.email_requests import data


@pytest.fixture
def fault(wire):
    def add(kind, **more):
        body = json.dumps([{"kind": kind} | more]).encode()
        request = urllib.request.Request(f"{wire.url}/_control/faults", data=body, method="POST")
        with urllib.request.urlopen(request, timeout=5) as response:
            return json.loads(response.read())["faults"]

    return add


@pytest.mark.parametrize(
    ("kind", "code", "status"),
    [
        ("throttle", "ThrottlingException", 429),
        ("server_error", "InternalServerException", 500),
        ("unavailable", "ServiceUnavailableException", 503),
        ("timeout", "ModelTimeoutException", 408),
        ("model_error", "ModelErrorException", 424),
        ("not_ready", "ModelNotReadyException", 429),
        ("access_denied", "AccessDeniedException", 403),
    ],
)
def test_errors_are_bedrocks_and_pass(wire, client, fault, kind, code, status):
    fault(kind, times=1)
    runtime = client(wire)
    with pytest.raises(ClientError) as failure:
        runtime.converse(**asked())
    assert failure.value.response["Error"]["Code"] == code
    assert failure.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert isinstance(failure.value, getattr(runtime.exceptions, code))
    assert runtime.converse(**asked())["stopReason"] == "tool_use"


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("content_filtered", "content_filtered"),
        ("guardrail_intervened", "guardrail_intervened"),
        ("context_window", "model_context_window_exceeded"),
        ("malformed_model_output", "malformed_model_output"),
        ("malformed_tool_use", "malformed_tool_use"),
        ("malformed", "end_turn"),
        ("refusal", "end_turn"),
        ("truncation", "max_tokens"),
    ],
)
def test_answers_that_are_no_answer(wire, client, fault, kind, reason):
    fault(kind)
    answer = client(wire).converse(**asked())
    assert answer["stopReason"] == reason
    uses = [block["toolUse"] for block in answer["output"]["message"]["content"] if "toolUse" in block]
    assert all("call_to_action" not in use["input"] for use in uses)
    assert bool(uses) == (kind == "truncation")


def test_a_literal_answer(wire, client, fault):
    fault("answer", text='```json\n{"subject": "x"}\n```')
    assert only_block(client(wire).converse(**asked())) == {"text": '```json\n{"subject": "x"}\n```'}


@pytest.mark.parametrize(
    ("kind", "sign"),
    [("invented_amount", "$500"), ("invented_percent", "90%"), ("invented_link", "https://"), ("placeholder", "[Cust")],
)
@pytest.mark.parametrize("tool", ["write_email", None])
def test_a_careless_writer_is_found_out_by_the_judge(wire, client, fault, kind, sign, tool):
    fault(kind, times=1)
    runtime = client(wire)
    block = only_block(runtime.converse(**asked(tool=tool)))
    email = block["toolUse"]["input"] if tool else json.loads(block["text"])
    assert sign in email["body"]
    judged = only_block(runtime.converse(**asked(data() | {"draft": email}, tool="score_email")))
    scores = {score["criterion"]: score["score"] for score in judged["toolUse"]["input"]["scores"]}
    assert scores["accuracy"] == 1


def test_a_stall_outlasts_its_caller_and_holds_up_nobody_else(wire, client, fault, eventually):
    patient, impatient = client(wire), client(wire, read_timeout=0.2)
    fault("stall", times=1, seconds=3)
    with pytest.raises(ReadTimeoutError):
        impatient.converse(**asked())
    assert patient.converse(**asked())["stopReason"] == "tool_use"
    eventually(lambda: wire.service.calls.report()["total"] == 2)
    assert [call["fault"] for call in wire.service.calls.report()["calls"]] == [None, "stall"]


def test_a_connection_that_breaks(wire, client, fault, eventually):
    fault("disconnect", times=1)
    with pytest.raises(ConnectionClosedError):
        client(wire).converse(**asked())
    eventually(lambda: wire.service.calls.report()["counts"]["outcome"] == {"disconnected": 1})


def test_faults_are_shown_and_cleared(wire, client, fault):
    assert fault("throttle", times=3, contains="garden")[0]["times"] == 3
    request = urllib.request.Request(f"{wire.url}/_control/faults", method="DELETE")
    with urllib.request.urlopen(request, timeout=5) as response:
        assert json.loads(response.read()) == {"faults": []}
    assert client(wire).converse(**asked(data(comment="garden")))["stopReason"] == "tool_use"


def test_the_log_names_the_fault(wire, client, fault, eventually):
    fault("throttle", times=1)
    with pytest.raises(ClientError):
        client(wire).converse(**asked())
    eventually(lambda: wire.service.calls.report()["total"] == 1)
    [call] = wire.service.calls.report()["calls"]
    assert (call["fault"], call["outcome"], call["role"]) == ("throttle", "ThrottlingException", "writer")
