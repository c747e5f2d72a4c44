"""Calling a model: one Converse request, one attempt, and every way it can end under a name.

Stop reasons and errors as the API reference of Amazon Bedrock Runtime lists them (Converse, 2026).
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from agent_platform import aws
from agent_platform.errors import (
    ContextWindowExceeded,
    ModelRefused,
    OutputBlocked,
    OutputTruncated,
    PlatformError,
    TransientError,
)
from agent_platform.inference.prices import cost_micros

_STOPPED = {
    "max_tokens": (OutputTruncated, "the answer ended at max_tokens"),
    "content_filtered": (OutputBlocked, "the model's content filter withheld the answer"),
    "guardrail_intervened": (OutputBlocked, "a guardrail withheld the answer"),
    "model_context_window_exceeded": (ContextWindowExceeded, "prompt and answer don't fit the model"),
}
# The API has no code for a prompt that doesn't fit: each vendor's models say it in their own words.
_TOO_LONG = (
    "too long",
    "exceed context limit",
    "input tokens exceed",
    "too many input tokens",
    "too many total text bytes",
)


@dataclass(frozen=True)
class Tool:
    """A tool that the model must use, so that its answer comes in a shape: `schema` is the JSON Schema of its input."""

    name: str
    description: str
    schema: dict[str, Any]


@dataclass(frozen=True)
class Completion:
    """A model's answer and what it took; `tool_input` is None if the model used no tool or not the one it was given.

    The stop reasons malformed_model_output and malformed_tool_use come back as they are: asking once more may help.
    """

    text: str
    tool_input: dict[str, Any] | None
    stop_reason: str
    model: str
    input_tokens: int
    output_tokens: int
    latency_ms: int
    cost_micros: int


def converse(
    *,
    model: str,
    system: str,
    messages: list[dict[str, Any]],
    inference: Mapping[str, Any],
    tool: Tool | None = None,
) -> Completion:
    """Call a model once with Converse messages; `inference` has max_tokens and may have temperature and top_p.

    Raises TransientError (throttled, timed out, failed), ModelRefused (no access, no such model, invalid request),
    OutputBlocked, OutputTruncated, ContextWindowExceeded.
    """
    request: dict[str, Any] = {
        "modelId": model,
        "system": [{"text": system}],
        "messages": messages,
        "inferenceConfig": _inference_config(inference),
    }
    if tool:
        spec = {"name": tool.name, "description": tool.description, "inputSchema": {"json": tool.schema}}
        request["toolConfig"] = {"tools": [{"toolSpec": spec}], "toolChoice": {"tool": {"name": tool.name}}}
    began = time.monotonic()
    try:
        answer = aws.client("bedrock-runtime").converse(**request)
    except (ClientError, BotoCoreError) as error:
        raise _refused(error) from None
    elapsed_ms = round((time.monotonic() - began) * 1000)
    if answer["stopReason"] in _STOPPED:
        kind, what = _STOPPED[answer["stopReason"]]
        raise kind(what)
    return _completion(answer, model=model, tool=tool, latency_ms=elapsed_ms)


def _inference_config(inference: Mapping[str, Any]) -> dict[str, Any]:
    config: dict[str, Any] = {"maxTokens": inference["max_tokens"]}
    if "temperature" in inference:
        config["temperature"] = inference["temperature"]
    if "top_p" in inference:
        config["topP"] = inference["top_p"]
    return config


def _completion(answer: Mapping[str, Any], *, model: str, tool: Tool | None, latency_ms: int) -> Completion:
    blocks = answer.get("output", {}).get("message", {}).get("content", [])
    uses = [block["toolUse"] for block in blocks if "toolUse" in block]
    used = next((use["input"] for use in uses if tool and use.get("name") == tool.name), None)
    usage = answer["usage"]
    tokens = {"input_tokens": usage["inputTokens"], "output_tokens": usage["outputTokens"]}
    return Completion(
        text="\n".join(block["text"] for block in blocks if "text" in block),
        tool_input=used if isinstance(used, dict) else None,
        stop_reason=answer["stopReason"],
        model=model,
        latency_ms=latency_ms,
        cost_micros=cost_micros(model, **tokens),
        **tokens,
    )


def _refused(error: ClientError | BotoCoreError) -> PlatformError:
    """The service's message is left out: a validation error quotes the request."""
    if aws.is_transient(error):
        return TransientError(f"converse: {_name(error)}")
    if isinstance(error, ClientError) and _says_too_long(error):
        return ContextWindowExceeded("the prompt is too long for the model")
    if isinstance(error, (ClientError, ParamValidationError)):
        return ModelRefused(f"converse: {_name(error)}")
    return aws.named(error)


def _says_too_long(error: ClientError) -> bool:
    message = str(error.response.get("Error", {}).get("Message", "")).lower()
    return aws.code_of(error) == "ValidationException" and any(words in message for words in _TOO_LONG)


def _name(error: ClientError | BotoCoreError) -> str:
    return aws.code_of(error) if isinstance(error, ClientError) else type(error).__name__
