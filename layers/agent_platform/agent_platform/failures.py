"""Reading from an execution's end and history where and why it failed."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from agent_platform.guardrails.redaction import redact

_MAX_CAUSE = 400


def failure_of(detail: Mapping[str, Any], newest_first: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Status, state, error name and redacted cause of an execution that ended without success.

    `detail` is the status change event's; a timed out or aborted execution has no error of its own there, and is named
    after its status.
    """
    entered = next((event for event in newest_first if "stateEnteredEventDetails" in event), None)
    status = detail["status"]
    return {
        "execution": detail["executionArn"],
        "status": status,
        "state": entered["stateEnteredEventDetails"]["name"] if entered else None,
        "error": detail.get("error") or {"TIMED_OUT": "States.Timeout"}.get(status, status.title()),
        "cause": redact(message_in(detail.get("cause") or ""))[:_MAX_CAUSE],
    }


def message_in(cause: str) -> str:
    """The sentence in a Lambda's cause, without the stack trace, whose paths help nobody."""
    try:
        parsed = json.loads(cause)
    except ValueError:
        return cause
    return str(parsed.get("errorMessage", "")) if isinstance(parsed, dict) else cause
