"""Converse and the chat completions of OpenAI-compatible servers, mapped onto each other."""

import json
from typing import Any

from local_aws.bedrock_wire.conversation import (
    ForcedTool,
    converse_answer,
    estimated_tokens,
    text_block,
    text_of,
    tool_block,
    tools_of,
    whole_text,
)
from local_aws.bedrock_wire.wire import Answer, WireError

_SETTINGS = {"maxTokens": "max_tokens", "temperature": "temperature", "topP": "top_p", "stopSequences": "stop"}
_STOP_REASONS = {
    "stop": "end_turn",
    "length": "max_tokens",
    "content_filter": "content_filtered",
    "tool_calls": "tool_use",
}


def as_schema(document: dict[str, Any], model: str, tool: ForcedTool) -> dict[str, Any]:
    """The request with the forced tool as a JSON schema of the answer, which most local servers enforce."""
    # On Bedrock a model reads the tool's name, description and schema; without this it would lose them.
    instruction = (
        f"Answer with nothing but the input of the tool `{tool.name}` ({tool.description.strip()}), "
        f"as one JSON object of this schema: {json.dumps(tool.schema, ensure_ascii=False)}"
    )
    request = _request(document, model, instruction)
    request["response_format"] = {
        "type": "json_schema",
        "json_schema": {"name": tool.name, "schema": tool.schema, "strict": True},
    }
    return request


def as_tools(document: dict[str, Any], model: str, forced: ForcedTool | None) -> dict[str, Any]:
    """The request with its tools as they are, for servers that know tools but no schema."""
    request = _request(document, model)
    tools = tools_of(document)
    if tools:
        request["tools"] = [_function(tool) for tool in tools]
        choice = document["toolConfig"].get("toolChoice", {})
        request["tool_choice"] = "required" if "any" in choice else "auto"
    if forced:
        request["tool_choice"] = {"type": "function", "function": {"name": forced.name}}
    return request


def _function(tool: ForcedTool) -> dict[str, Any]:
    described = {"name": tool.name, "description": tool.description, "parameters": tool.schema}
    return {"type": "function", "function": described}


def _request(document: dict[str, Any], model: str, instruction: str | None = None) -> dict[str, Any]:
    system = [text for text in (text_of(document.get("system", [])), instruction) if text]
    messages = [{"role": "system", "content": "\n\n".join(system)}] if system else []
    messages += [{"role": message["role"], "content": _content(message)} for message in document["messages"]]
    given = document.get("inferenceConfig", {})
    settings = {theirs: given[ours] for ours, theirs in _SETTINGS.items() if ours in given}
    return {"model": model, "messages": messages, "stream": False, **settings}


def _content(message: dict[str, Any]) -> str:
    """A message as text: an earlier tool use is the JSON that it was, so that a repair request shows what to repair."""
    parts = []
    for block in message["content"]:
        match block:
            case {"text": text}:
                parts.append(text)
            case {"toolUse": use}:
                parts.append(json.dumps(use["input"], ensure_ascii=False))
            case {"toolResult": result}:
                parts += [item.get("text") or json.dumps(item.get("json")) for item in result["content"]]
            case {"cachePoint": _}:
                # Where a prompt may be cached says nothing to a server that knows no such points.
                continue
            case _:
                raise WireError("ValidationException", f"Only text and tools can be passed on, not {', '.join(block)}.")
    return "\n\n".join(parts)


def as_converse(reply: Any, document: dict[str, Any], forced: ForcedTool | None, started: float) -> Answer:
    """The reply as a Converse answer; text that isn't the JSON asked for stays text, untouched."""
    try:
        choice = reply["choices"][0]
        message, finish = choice["message"], choice.get("finish_reason")
        content = message.get("content") or message.get("refusal") or ""
        blocks, reason = _blocks(content, message.get("tool_calls") or [], forced)
    except (LookupError, TypeError, AttributeError):
        raise WireError("ModelErrorException", "The upstream server's reply holds no chat completion.") from None
    mapped = _STOP_REASONS.get(finish, "end_turn")
    # A stop that cost the answer its end or its text outweighs what is left of it.
    stop_reason = mapped if mapped in ("max_tokens", "content_filtered") else reason
    usage = reply.get("usage") or {}
    return converse_answer(
        blocks,
        stop_reason,
        input_tokens=usage.get("prompt_tokens") or estimated_tokens(whole_text(document)),
        output_tokens=usage.get("completion_tokens") or estimated_tokens(content),
        started=started,
    )


def _blocks(content: str, calls: list[dict[str, Any]], forced: ForcedTool | None) -> tuple[list[dict[str, Any]], str]:
    """Content blocks, and the stop reason that they mean by themselves."""
    blocks = []
    for call in calls:
        arguments = call["function"]["arguments"]
        tool_input = _object(arguments)
        if tool_input is None:
            return [text_block(arguments)], "malformed_tool_use"
        blocks.append(tool_block(call["function"]["name"], tool_input))
    if not calls and forced:
        tool_input = _object(content)
        if tool_input is not None:
            return [tool_block(forced.name, tool_input)], "tool_use"
    texts = [text_block(content)] if content else []
    return texts + blocks, "tool_use" if blocks else "end_turn"


def _object(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
