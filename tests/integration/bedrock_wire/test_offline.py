import http.client
import json
import threading

import pytest
from botocore.exceptions import ClientError

from local_aws.bedrock_wire.offline import NAME
from local_aws.bedrock_wire.s3_vectors.vector_buckets import NAME as VECTORS
from tests.integration.bedrock_wire.requests_to_model import MODEL, asked, only_block
from tests.unit.local_aws.email_requests import data


def http_request(server, method, path, body=None, connection=None):
    connection = connection or http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=5)
    connection.request(method, path, body=json.dumps(body) if body is not None else None)
    response = connection.getresponse()
    return response.status, json.loads(response.read())


def test_the_server_says_who_answers(wire):
    assert http_request(wire, "GET", "/_ready") == (200, {"model": NAME, "vectors": VECTORS})
    assert "no language model" in NAME


def test_writer_and_judge_answer_by_their_forced_tools(wire, client):
    runtime = client(wire)
    written = runtime.converse(**asked())
    use = only_block(written)["toolUse"]
    assert use["name"] == "write_email"
    assert set(use["input"]) == {"subject", "body", "call_to_action"}
    assert written["stopReason"] == "tool_use"
    usage = written["usage"]
    assert usage["totalTokens"] == usage["inputTokens"] + usage["outputTokens"]
    assert usage["outputTokens"] > 20
    assert written["metrics"]["latencyMs"] >= 0
    judged = runtime.converse(**asked(data() | {"draft": use["input"]}, tool="score_email"))
    scores = only_block(judged)["toolUse"]["input"]["scores"]
    assert all(score["score"] >= 4 for score in scores)


def test_a_judge_that_is_asked_for_claims_has_none_of_its_own(wire, client):
    runtime = client(wire)
    email = only_block(runtime.converse(**asked()))["toolUse"]["input"]
    arguments = asked(data() | {"draft": email}, tool="score_email")
    [tool] = arguments["toolConfig"]["tools"]
    tool["toolSpec"]["inputSchema"]["json"] = {"type": "object", "properties": {"claims": {"type": "array"}}}
    assert only_block(runtime.converse(**arguments))["toolUse"]["input"]["claims"] == []


def test_without_a_tool_the_answer_is_json_text(wire, client):
    runtime = client(wire)
    answer = runtime.converse(**asked(tool=None))
    email = json.loads(only_block(answer)["text"])
    assert answer["stopReason"] == "end_turn"
    judged = runtime.converse(**asked(data() | {"draft": email}, tool=None))
    assert "scores" in json.loads(only_block(judged)["text"])


def test_the_token_limit_is_kept(wire, client):
    answer = client(wire).converse(**asked(max_tokens=20))
    assert answer["stopReason"] == "max_tokens"
    assert "body" not in only_block(answer)["toolUse"]["input"]


@pytest.mark.parametrize(
    "arguments",
    [
        {"modelId": MODEL, "messages": [{"role": "user", "content": [{"text": "Tell me a joke."}]}]},
        {"modelId": MODEL, "messages": [{"role": "assistant", "content": [{"text": "Hello"}]}]},
        asked(tool="do_something_else"),
        asked(data(), tool="score_email"),
    ],
)
def test_what_the_stand_in_can_not_do_is_an_error_and_not_an_answer(wire, client, arguments):
    with pytest.raises(ClientError) as failure:
        client(wire).converse(**arguments)
    assert failure.value.response["Error"]["Code"] == "ValidationException"
    assert failure.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_embeddings(wire, client):
    body = json.dumps({"inputText": "a tidy lawn", "dimensions": 256, "normalize": True})
    answer = client(wire).invoke_model(modelId="amazon.titan-embed-text-v2:0", body=body)
    assert len(json.loads(answer["body"].read())["embedding"]) == 256
    with pytest.raises(ClientError, match="only imitates"):
        client(wire).invoke_model(modelId="amazon.nova-lite-v1:0", body=body)


def test_many_at_once_get_each_their_own_answer(wire, client):
    runtime, expected, got = client(wire), {}, {}
    requests = [data(features={"n": number}) for number in range(24)]
    for number, request in enumerate(requests):
        expected[number] = only_block(runtime.converse(**asked(request)))["toolUse"]["input"]

    def ask(number):
        got[number] = only_block(runtime.converse(**asked(requests[number])))["toolUse"]["input"]

    threads = [threading.Thread(target=ask, args=(number,)) for number in expected]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert got == expected


def test_a_connection_is_kept_and_a_bad_request_does_not_end_it(wire):
    connection = http.client.HTTPConnection("127.0.0.1", wire.server_address[1], timeout=5)
    status, problem = http_request(wire, "POST", "/model/m/converse", [1], connection)
    kept = connection.sock
    assert (status, problem) == (400, {"message": "The request body is not a JSON object."})
    assert http_request(wire, "GET", "/_ready", connection=connection)[0] == 200
    assert connection.sock is kept


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/model/m/converse", None, 404),
        ("POST", "/nothing", {}, 404),
        ("GET", "/_control/nothing", None, 404),
        ("POST", "/_control/faults", {"kind": "throttle"}, 400),
        ("POST", "/_control/faults", [{"kind": "explosion"}], 400),
        ("POST", "/_control/knowledge-base", {"id": "x"}, 400),
        ("POST", "/model/m/converse", {"messages": [{"role": "user", "content": 7}]}, 400),
        ("POST", "/model/m/converse", {"messages": [7]}, 400),
    ],
)
def test_other_requests_get_an_error_with_a_sentence(wire, method, path, body, status):
    given, problem = http_request(wire, method, path, body)
    assert given == status
    assert problem["message"]


def test_the_log_holds_calls_and_counts_and_no_text(wire, client, eventually):
    runtime = client(wire)
    secret = "the red gate behind the shed"
    runtime.converse(**asked(data(comment=secret)))
    with pytest.raises(ClientError):
        runtime.converse(**asked(data(comment=secret), tool="nothing"))
    eventually(lambda: wire.service.calls.report()["total"] == 2)
    report = http_request(wire, "GET", "/_control/calls")[1]
    assert report["counts"]["outcome"] == {"tool_use": 1, "ValidationException": 1}
    assert report["counts"]["role"] == {"writer": 1, "none": 1}
    assert {report["calls"][0][key] for key in ("model", "role", "outcome")} == {MODEL, "writer", "tool_use"}
    assert secret not in json.dumps(report)
    assert http_request(wire, "DELETE", "/_control/calls")[1]["total"] == 0
