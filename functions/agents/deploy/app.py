"""Deploy: move a version of an agent on, by hand: promote it, or retire it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from agent_platform.errors import Refused
from agent_platform.registry.aliases import aliases
from agent_platform.registry.commands import command, need, state_of
from agent_platform.registry.production_parameters import production_parameters


@command
def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Do {action, agent_id, version, by, reason}; the answer has what is in production then."""
    if event.get("action") not in _ACTIONS:
        raise Refused([f"action must be one of {', '.join(_ACTIONS)}"])
    _ACTIONS[event["action"]](event, datetime.now(UTC))
    # Last, and also after an action that found its work done: that is how a crash in between is mended.
    return state_of(production_parameters().follow(event["agent_id"]))


def _promote(event: dict[str, Any], now: datetime) -> None:
    need(event, agent_id=str, version=int, by=str, reason=str)
    aliases().promote(event["agent_id"], event["version"], by=event["by"], reason=event["reason"], now=now)


def _retire(event: dict[str, Any], now: datetime) -> None:
    need(event, agent_id=str, version=int, by=str, reason=str)
    aliases().retire(event["agent_id"], event["version"], by=event["by"], reason=event["reason"], now=now)


_ACTIONS: dict[str, Callable[[dict[str, Any], datetime], None]] = {"promote": _promote, "retire": _retire}
