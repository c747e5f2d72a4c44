"""Calling a model: one Converse request, one attempt, and every way it can end under a name.

Stop reasons and errors as the API reference of Amazon Bedrock Runtime lists them (Converse, 2026).
"""

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from agent_platform import aws
from agent_platform.errors import ContextWindowExceeded, FailedCall, OutputBlocked, OutputTruncated
from agent_platform.inference.prices import Usage, cost_of
from agent_platform.inference.refusals import refused

_STOPPED = {
    "max_tokens": (OutputTruncated, "the answer ended at max_tokens"),
    "content_filtered": (OutputBlocked, "the model's content filter withheld the answer"),
    "guardrail_intervened": (OutputBlocked, "a guardrail withheld the answer"),
    "model_context_window_exceeded": (ContextWindowExceeded, "prompt and answer don't fit the model"),
}


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
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    service_tier: str | None = None

    @property
    def usage(self) -> Usage:
        """The tokens that it is billed for, by kind."""
        return Usage(self.input_tokens, self.output_tokens, self.cache_read_tokens, self.cache_write_tokens)


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
    OutputBlocked, OutputTruncated, ContextWindowExceeded; each says in `failed_call` what it is billed for.
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
        raise refused(error) from None
    elapsed_ms = round((time.monotonic() - began) * 1000)
    if answer["stopReason"] in _STOPPED:
        kind, what = _STOPPED[answer["stopReason"]]
        stopped = kind(what)
        stopped.failed_call = FailedCall(asdict(_usage(answer)))
        raise stopped
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
    usage = _usage(answer)
    return Completion(
        text="\n".join(block["text"] for block in blocks if "text" in block),
        tool_input=used if isinstance(used, dict) else None,
        stop_reason=answer["stopReason"],
        model=model,
        latency_ms=latency_ms,
        cost_micros=cost_of(model, usage),
        input_tokens=usage.input,
        output_tokens=usage.output,
        cache_read_tokens=usage.cache_read,
        cache_write_tokens=usage.cache_write,
        service_tier=answer.get("serviceTier", {}).get("type"),
    )


def _usage(answer: Mapping[str, Any]) -> Usage:
    told = answer["usage"]
    return Usage(
        input=told["inputTokens"],
        output=told["outputTokens"],
        cache_read=told.get("cacheReadInputTokens", 0),
        cache_write=told.get("cacheWriteInputTokens", 0),
    )
