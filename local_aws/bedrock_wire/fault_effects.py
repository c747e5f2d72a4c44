"""What going wrong looks like: an error, a delay, an answer instead of the model's, or a spoilt answer."""

import json
import time
from collections.abc import Callable
from typing import Any

from local_aws.bedrock_wire.conversation import (
    converse_answer,
    estimated_tokens,
    text_block,
    tool_block,
    whole_text,
)
from local_aws.bedrock_wire.obedience import obeyed
from local_aws.bedrock_wire.wire import OF_S3_VECTORS, Answer, Call, WireError

_ERRORS = {
    "throttle": ("ThrottlingException", "Too many requests, please wait before trying again."),
    "server_error": ("InternalServerException", "The system encountered an unexpected error during processing."),
    "unavailable": ("ServiceUnavailableException", "Bedrock is unable to process your request."),
    "timeout": ("ModelTimeoutException", "Model has timed out in processing the request."),
    "model_error": ("ModelErrorException", "The model failed while processing the request."),
    "not_ready": ("ModelNotReadyException", "The model is not ready for inference."),
    "access_denied": ("AccessDeniedException", "You don't have access to the model with the specified model ID."),
}
# S3 Vectors calls the same trouble by other names.
_OF_S3_VECTORS = {"ThrottlingException": "TooManyRequestsException", "ModelTimeoutException": "RequestTimeoutException"}
_REFUSAL = "I'm sorry, but I can't help with writing or judging this message."
# Stop reasons that stand for themselves: the text is what came before the stop.
_STOPPED = {
    "content_filtered": ("content_filtered", ""),
    "guardrail_intervened": ("guardrail_intervened", "Sorry, the model cannot answer this."),
    "context_window": ("model_context_window_exceeded", ""),
    "malformed_model_output": ("malformed_model_output", ""),
    "malformed_tool_use": ("malformed_tool_use", '{"subject": "A thank-you", "body": '),
    "malformed": ("end_turn", 'Here you are:\n```json\n{"subject": "A thank-you", "body": "Hello,\n\nThank you'),
    "refusal": ("end_turn", _REFUSAL),
    "answer": ("end_turn", ""),
}
# What a careless model adds to a body, or puts in place of its greeting.
INVENTIONS = {
    "invented_amount": "And because it is you, we will add another $500 on top.",
    "invented_percent": "On top of that you get 90% off your next visit.",
    "invented_link": "Read more at https://offers.invalid/claim?now.",
    "placeholder": "Dear [Customer Name],",
}


class Disconnected(Exception):  # noqa: N818 - it is what happens to the connection, not an error that is answered
    """The connection is to be closed without an answer."""


KINDS = frozenset({*_ERRORS, *_STOPPED, *INVENTIONS, "stall", "truncation", "disconnect", "obedient"})
OF_MODELS = frozenset({"model_error", "not_ready"})
NEEDS_SECONDS = frozenset({"stall"})
NEEDS_TEXT = frozenset({"answer"})
OF_WRITER = frozenset(INVENTIONS)
ON_ANY_OPERATION = frozenset({*_ERRORS, "stall", "disconnect"})


def apply(kind: str, call: Call, *, seconds: float, text: str | None, answer: Callable[[], Answer]) -> Answer:
    """Let a call go wrong; `answer` is what would have been answered, `text` replaces the built-in words."""
    started = time.perf_counter()
    time.sleep(seconds)
    if kind == "disconnect":
        raise Disconnected
    if kind in _ERRORS:
        code, message = _ERRORS[kind]
        if call.operation in OF_S3_VECTORS:
            code = _OF_S3_VECTORS.get(code, code)
        raise WireError(code, text or message)
    if kind in _STOPPED:
        reason, words = _STOPPED[kind]
        return _stopped(call, reason, words if text is None else text, started)
    if kind == "truncation":
        return truncated(answer())
    if kind == "obedient":
        return obeyed(answer(), call)
    if kind in INVENTIONS:
        return _spoilt(answer(), kind, text or INVENTIONS[kind])
    return answer()


def _stopped(call: Call, reason: str, text: str, started: float) -> Answer:
    blocks = [text_block(text)] if text else []
    tokens = estimated_tokens(whole_text(call.document))
    return converse_answer(
        blocks, reason, input_tokens=tokens, output_tokens=estimated_tokens(text) if text else 0, started=started
    )


def truncated(answer: Answer) -> Answer:
    """The answer as if the token limit had come half-way: half a text, or a tool's first fields only."""
    if answer.status != 200:
        return answer
    document = json.loads(answer.content)
    message = document["output"]["message"]
    message["content"] = [_first_half(block) for block in message["content"]]
    document["stopReason"] = "max_tokens"
    usage = document["usage"]
    usage["outputTokens"] = max(1, usage["outputTokens"] // 2)
    usage["totalTokens"] = usage["inputTokens"] + usage["outputTokens"]
    return Answer.of(document)


def _first_half(block: dict[str, Any]) -> dict[str, Any]:
    if "toolUse" not in block:
        return text_block(block["text"][: len(block["text"]) // 2]) if "text" in block else block
    given = block["toolUse"]["input"]
    kept = dict(list(given.items())[: len(given) // 2])
    return tool_block(block["toolUse"]["name"], kept)


def _spoilt(answer: Answer, kind: str, words: str) -> Answer:
    """The answer with a careless sentence in its e-mail, in whichever shape the e-mail came."""
    if answer.status != 200:
        return answer
    document = json.loads(answer.content)
    for block in document["output"]["message"]["content"]:
        if "toolUse" in block:
            block["toolUse"]["input"] = _spoilt_email(block["toolUse"]["input"], kind, words)
        elif "text" in block:
            block["text"] = _spoilt_text(block["text"], kind, words)
    return Answer.of(document)


def _spoilt_text(text: str, kind: str, words: str) -> str:
    try:
        email = json.loads(text)
    except ValueError:
        email = None
    if isinstance(email, dict):
        return json.dumps(_spoilt_email(email, kind, words), ensure_ascii=False)
    return f"{text}\n\n{words}"


def _spoilt_email(email: dict[str, Any], kind: str, words: str) -> dict[str, Any]:
    paragraphs = str(email.get("body", "")).split("\n\n")
    if kind == "placeholder":
        paragraphs[0] = words
    else:
        paragraphs.insert(len(paragraphs) - 1, words)
    return email | {"body": "\n\n".join(paragraphs)}
