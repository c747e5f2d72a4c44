"""Deploy: move a version of an agent on by hand, or begin, pause, resume or abort the rollout that moves it on."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from agent_platform.errors import Refused
from agent_platform.experiments.rollouts import rollouts
from agent_platform.experiments.watching import watchers
from agent_platform.registry.aliases import aliases
from agent_platform.registry.commands import allow, command, need, state_of
from agent_platform.registry.production_parameters import production_parameters
from agent_platform.registry.versions import registry


@command
def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Do {action, agent_id, version or rollout, by, reason}; the answer has what is in production then."""
    if event.get("action") not in _ACTIONS:
        raise Refused([f"action must be one of {', '.join(_ACTIONS)}"])
    done = _ACTIONS[event["action"]](event, datetime.now(UTC))
    # Last, and also after an action that found its work done: that is how a crash in between is mended.
    return done | state_of(production_parameters().follow(event["agent_id"]))


def _promote(event: dict[str, Any], now: datetime) -> dict[str, Any]:
    need(event, agent_id=str, version=int, by=str, reason=str)
    aliases().promote(event["agent_id"], event["version"], by=event["by"], reason=event["reason"], now=now)
    return {}


def _retire(event: dict[str, Any], now: datetime) -> dict[str, Any]:
    need(event, agent_id=str, version=int, by=str, reason=str)
    aliases().retire(event["agent_id"], event["version"], by=event["by"], reason=event["reason"], now=now)
    return {}


def _roll_out(event: dict[str, Any], now: datetime) -> dict[str, Any]:
    need(event, agent_id=str, version=int, by=str, reason=str)
    allow(event, plan=dict)
    number = rollouts().start(
        event["agent_id"],
        event["version"],
        event.get("plan") or {},
        config_of=lambda agent_id, version: registry().version(agent_id, version).config,
        watch=watchers().watch,
        by=event["by"],
        reason=event["reason"],
        now=now,
    )
    return {"rollout": number}


def _hold(event: dict[str, Any], now: datetime) -> dict[str, Any]:
    need(event, agent_id=str, rollout=int, by=str, reason=str)
    move = aliases().pause if event["action"] == "pause" else aliases().resume
    move(event["agent_id"], event["rollout"], by=event["by"], reason=event["reason"], now=now)
    return {"rollout": event["rollout"]}


def _abort(event: dict[str, Any], now: datetime) -> dict[str, Any]:
    need(event, agent_id=str, rollout=int, by=str, reason=str)
    state = rollouts().end(
        event["agent_id"], event["rollout"], outcome="aborted", by=event["by"], reason=event["reason"], now=now
    )
    return {"rollout": event["rollout"], "state": state}


_ACTIONS: dict[str, Callable[[dict[str, Any], datetime], dict[str, Any]]] = {
    "promote": _promote,
    "retire": _retire,
    "rollout": _roll_out,
    "pause": _hold,
    "resume": _hold,
    "abort": _abort,
}
