"""Roll back: put a version that served before back into production, or end a rollout that harms or is unwatched."""

from datetime import UTC, datetime
from typing import Any

from agent_platform.errors import PlatformError
from agent_platform.experiments.rollouts import rollouts
from agent_platform.experiments.signals import Signal, take_back, unwatched
from agent_platform.experiments.watching import watchers
from agent_platform.registry.aliases import aliases
from agent_platform.registry.commands import allow, command, need, state_of
from agent_platform.registry.production_parameters import production_parameters


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Do what a person commands, what an event of EventBridge is the signal for, or the hourly sweep."""
    if event.get("detail-type") == "Scheduled Event":
        return _sweep(datetime.now(UTC))
    return _take_back(event) if "detail-type" in event else _roll_back(event, context)


@command
def _roll_back(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Do {agent_id, to?, by, reason}; the answer has what is in production then."""
    need(event, agent_id=str, by=str, reason=str)
    allow(event, to=int)
    agent_id, now = event["agent_id"], datetime.now(UTC)
    aliases().roll_back(agent_id, to=event.get("to"), by=event["by"], reason=event["reason"], now=now)
    # Last, and also after a rollback that found its work done: that is how a crash in between is mended.
    return state_of(production_parameters().follow(agent_id))


def _take_back(event: dict[str, Any]) -> dict[str, Any]:
    """End the rollout that an alarm, or the loss of its watcher, is about; nobody waits for the answer."""
    return take_back(Signal.of(event, rollouts().alarms), rollouts(), now=datetime.now(UTC))


def _sweep(now: datetime) -> dict[str, Any]:
    """Stop every rollout that nobody watches; a sweep that failed for one of them fails at its end."""
    taken, failed = [], []
    for signal in unwatched(aliases(), watchers(), now=now):
        try:
            taken.append(take_back(signal, rollouts(), now=now))
        except PlatformError as error:
            failed.append(error)
    if failed:
        raise failed[0]
    return {"stopped": taken}
