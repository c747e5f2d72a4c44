"""How a Converse request is read, and how its answer is put together."""

import json
import re
import time
import uuid
from dataclasses import dataclass
from typing import Any, Literal

from local_aws.bedrock_wire.wire import Answer, WireError

Role = Literal["writer", "judge"]

# The project's forced tools tell its two agents apart.
_ROLE_OF_TOOL: dict[str, Role] = {"write_email": "writer", "score_email": "judge"}
_DATA_BLOCK = re.compile(r"<data-([0-9a-f]{16})>\n(.*?)\n</data-\1>", re.DOTALL)


@dataclass(frozen=True)
class ForcedTool:
    """The one tool that the answer must use."""

    name: str
    description: str
    schema: dict[str, Any]


def check_shape(document: dict[str, Any]) -> None:
    """Refuse a request whose messages can't be read at all."""
    messages = document.get("messages")
    if not isinstance(messages, list) or not messages:
        raise WireError("ValidationException", "The messages list is empty.")
    for message in messages:
        blocks = message.get("content") if isinstance(message, dict) else None
        if not isinstance(blocks, list) or not blocks or not all(isinstance(block, dict) for block in blocks):
            raise WireError("ValidationException", "A message has no content.")


def check(document: dict[str, Any]) -> None:
    """Refuse what Converse itself refuses, so that such a request doesn't first fail on AWS."""
    messages = document["messages"]
    roles = [message.get("role") for message in messages]
    if roles[0] != "user":
        raise WireError("ValidationException", "A conversation must start with a user message.")
    if roles != [("user", "assistant")[place % 2] for place in range(len(roles))]:
        raise WireError("ValidationException", "Roles must alternate between user and assistant.")
    blocks = [block for message in messages for block in message["content"]]
    if any("text" in block and not str(block["text"]).strip() for block in blocks):
        raise WireError("ValidationException", "The text field in the ContentBlock object is blank.")


def text_of(blocks: list[dict[str, Any]]) -> str:
    """The text blocks of a message or of the system prompt, as one text."""
    return "\n\n".join(str(block["text"]) for block in blocks if "text" in block)


def whole_text(document: dict[str, Any]) -> str:
    """Every text of the request: system prompt and messages."""
    messages = [text_of(message["content"]) for message in document.get("messages", [])]
    return "\n\n".join([text_of(document.get("system", [])), *messages])


def tools_of(document: dict[str, Any]) -> list[ForcedTool]:
    """The tools that the request offers."""
    specs = [tool["toolSpec"] for tool in document.get("toolConfig", {}).get("tools", []) if "toolSpec" in tool]
    return [ForcedTool(spec["name"], spec.get("description", ""), spec["inputSchema"]["json"]) for spec in specs]


def forced_tool(document: dict[str, Any]) -> ForcedTool | None:
    """The tool that the answer must use: chosen by name, or the only one when any may be chosen."""
    choice = document.get("toolConfig", {}).get("toolChoice", {})
    tools = tools_of(document)
    if "tool" in choice:
        named = [tool for tool in tools if tool.name == choice["tool"]["name"]]
        if not named:
            raise WireError("ValidationException", f"toolChoice names a tool that is not offered: {choice['tool']}.")
        return named[0]
    return tools[0] if "any" in choice and len(tools) == 1 else None


def data_of(document: dict[str, Any]) -> dict[str, Any] | None:
    """The object in the last data block that the user side holds: a repair request comes after the prompt."""
    for message in reversed(document.get("messages", [])):
        if message.get("role") != "user":
            continue
        for block in reversed(list(_DATA_BLOCK.finditer(text_of(message["content"])))):
            try:
                data = json.loads(block.group(2))
            except ValueError:
                continue
            if isinstance(data, dict):
                return data
    return None


def role_of(document: dict[str, Any]) -> Role | None:
    """Which of the project's agents asks: by its forced tool, else by whether its data hold a draft to be judged."""
    tool = forced_tool(document)
    if tool is not None:
        return _ROLE_OF_TOOL.get(tool.name)
    data = data_of(document)
    if data is None:
        return None
    return "judge" if "draft" in data else "writer"


def estimated_tokens(text: str) -> int:
    """About as many tokens as a text has: a quarter of its UTF-8 length, at least 1."""
    return max(1, len(text.encode()) // 4)


def text_block(text: str) -> dict[str, Any]:
    """A content block of text."""
    return {"text": text}


def tool_block(name: str, tool_input: dict[str, Any]) -> dict[str, Any]:
    """A content block that uses a tool."""
    return {"toolUse": {"toolUseId": f"tooluse_{uuid.uuid4().hex[:22]}", "name": name, "input": tool_input}}


def converse_answer(
    blocks: list[dict[str, Any]], stop_reason: str, *, input_tokens: int, output_tokens: int, started: float
) -> Answer:
    """A Converse response; `started` is the call's time.perf_counter(), from which the latency is taken."""
    return Answer.of({
        "output": {"message": {"role": "assistant", "content": blocks}},
        "stopReason": stop_reason,
        "usage": {
            "inputTokens": input_tokens,
            "outputTokens": output_tokens,
            "totalTokens": input_tokens + output_tokens,
        },
        "metrics": {"latencyMs": round((time.perf_counter() - started) * 1000)},
    })  # fmt: skip
