import json
import time

import pytest

from local_aws.bedrock_wire.chat_translation import as_converse, as_schema, as_tools
from local_aws.bedrock_wire.conversation import ForcedTool
from local_aws.bedrock_wire.wire import WireError

SCHEMA = {"type": "object", "properties": {"subject": {"type": "string"}}, "required": ["subject"]}
TOOL = ForcedTool("write_email", "Hand in the e-mail.", SCHEMA)
REQUEST = {
    "system": [{"text": "You write."}],
    "messages": [
        {"role": "user", "content": [{"text": "Write."}]},
        {"role": "assistant", "content": [{"toolUse": {"toolUseId": "t", "name": "write_email", "input": {"a": "é"}}}]},
        {"role": "user", "content": [{"text": "Once more."}, {"cachePoint": {"type": "default"}}]},
    ],
    "inferenceConfig": {"maxTokens": 900, "temperature": 0.6, "topP": 0.9, "stopSequences": ["END"]},
    "toolConfig": {
        "tools": [
            {"toolSpec": {"name": "write_email", "description": TOOL.description, "inputSchema": {"json": SCHEMA}}}
        ],
        "toolChoice": {"tool": {"name": "write_email"}},
    },
}


def reply(content=None, finish="stop", **message):
    choice = {"message": {"role": "assistant", "content": content, **message}, "finish_reason": finish}
    return {"choices": [choice], "usage": {"prompt_tokens": 11, "completion_tokens": 7}}


def converse(given, tool=TOOL):
    return json.loads(as_converse(given, REQUEST, tool, time.perf_counter()).content)


def blocks(given, tool=TOOL):
    answer = converse(given, tool)
    return answer["output"]["message"]["content"], answer["stopReason"]


def test_a_forced_tool_becomes_a_strict_schema_and_its_description_is_not_lost():
    request = as_schema(REQUEST, "qwen", TOOL)
    assert request["response_format"]["json_schema"] == {"name": "write_email", "schema": SCHEMA, "strict": True}
    system, *rest = request["messages"]
    assert system["content"].startswith("You write.")
    assert TOOL.description in system["content"]
    assert [message["content"] for message in rest] == ["Write.", '{"a": "é"}', "Once more."]
    assert {key: request[key] for key in ("model", "max_tokens", "temperature", "top_p", "stop")} == {
        "model": "qwen",
        "max_tokens": 900,
        "temperature": 0.6,
        "top_p": 0.9,
        "stop": ["END"],
    }


def test_without_schema_the_tool_is_forced_as_a_function():
    request = as_tools(REQUEST, "qwen", TOOL)
    assert "response_format" not in request
    assert request["tool_choice"] == {"type": "function", "function": {"name": "write_email"}}
    assert request["tools"][0]["function"]["parameters"] == SCHEMA
    assert request["messages"][0] == {"role": "system", "content": "You write."}


def test_an_image_is_refused_and_not_left_out():
    with pytest.raises(WireError, match="image"):
        as_tools({"messages": [{"role": "user", "content": [{"image": {}}]}]}, "m", None)


def test_the_json_that_was_asked_for_becomes_a_tool_use():
    [block], reason = blocks(reply('{"subject": "Hi"}'))
    assert block["toolUse"]["name"] == "write_email"
    assert block["toolUse"]["input"] == {"subject": "Hi"}
    assert reason == "tool_use"


@pytest.mark.parametrize("text", ['```json\n{"subject": "Hi"}\n```', '{"subject": "a\nb"}', "I can't.", "[1]"])
def test_text_that_is_not_that_json_stays_text_untouched(text):
    assert blocks(reply(text)) == ([{"text": text}], "end_turn")


def test_a_tool_call_becomes_a_tool_use_and_a_broken_one_is_malformed():
    def called(arguments):
        function = {"name": "write_email", "arguments": arguments}
        return reply(finish="tool_calls", tool_calls=[{"id": "1", "type": "function", "function": function}])

    [block], reason = blocks(called('{"subject": "Hi"}'))
    assert (block["toolUse"]["input"], reason) == ({"subject": "Hi"}, "tool_use")
    assert blocks(called('{"subject": ')) == ([{"text": '{"subject": '}], "malformed_tool_use")


@pytest.mark.parametrize(
    ("finish", "reason"),
    [("stop", "end_turn"), ("length", "max_tokens"), ("content_filter", "content_filtered"), (None, "end_turn")],
)
def test_finish_reasons(finish, reason):
    assert blocks(reply("Half a sen", finish))[1] == reason


def test_json_that_ended_at_the_limit_is_not_a_finished_tool_use():
    assert blocks(reply('{"subject": "Hi"}', "length"))[1] == "max_tokens"


def test_a_refusal_is_text():
    assert blocks(reply(refusal="I won't.")) == ([{"text": "I won't."}], "end_turn")


def test_usage_is_the_servers_and_estimated_only_where_it_says_none():
    assert converse(reply("x"))["usage"] == {"inputTokens": 11, "outputTokens": 7, "totalTokens": 18}
    silent = reply("twelve bytes") | {"usage": None}
    assert converse(silent)["usage"]["outputTokens"] == 3


@pytest.mark.parametrize("broken", [{}, {"choices": []}, [], {"choices": [{"message": None}]}, {"error": "x"}])
def test_a_reply_without_a_completion_is_a_model_error(broken):
    with pytest.raises(WireError) as failure:
        converse(broken)
    assert failure.value.code == "ModelErrorException"
