"""Asking another function of the stack and waiting for its answer; its error is raised here under its own name."""

import json
from collections.abc import Mapping
from typing import Any

from agent_platform import aws, errors
from agent_platform.errors import PlatformError, UnexpectedError


def invoke(function: str, payload: Mapping[str, Any]) -> Any:
    """What a function answers; raises the error of ours that it failed with, or TransientError if AWS did."""
    body = json.dumps(payload, ensure_ascii=False).encode()
    invoked = aws.client("lambda").invoke(FunctionName=function, Payload=body)
    answer = json.loads(invoked["Payload"].read())
    if "FunctionError" in invoked:
        raise _named(answer)
    return answer


def _named(answer: Mapping[str, Any]) -> PlatformError:
    """A killed function has no error of ours; what it says may be anything."""
    named = getattr(errors, str(answer.get("errorType")), None)
    if not (isinstance(named, type) and issubclass(named, PlatformError)):
        return UnexpectedError(f"the function ended with {answer.get('errorType', 'no name')}")
    message = str(answer.get("errorMessage", ""))
    return named([message]) if named is errors.Refused else named(message)
