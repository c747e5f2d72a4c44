"""What takes a rollout back without a look: one of its alarms rings, or the execution that watches it is lost.

A sweep finds what gave no signal: a rollout whose beginning was cut short before anybody watched it.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from botocore.exceptions import BotoCoreError, ClientError

from agent_platform import aws, telemetry
from agent_platform.errors import Conflict, PlatformError, Refused, TransientError
from agent_platform.experiments.alarms import Alarms
from agent_platform.experiments.rollouts import Rollouts
from agent_platform.experiments.watching import Watchers
from agent_platform.registry.aliases import Aliases
from agent_platform.registry.open_rollouts import Outcome

# A rollout is open for a moment before its watcher is started.
_TIME_TO_BEGIN = timedelta(minutes=10)


@dataclass(frozen=True)
class Signal:
    """Which rollout is to end, and why."""

    agent_id: str
    rollout: int
    outcome: Outcome
    by: str
    reason: str

    @classmethod
    def of(cls, event: Mapping[str, Any], alarms: Alarms) -> Self:
        """The signal that an event of EventBridge is: a CloudWatch alarm's or a Step Functions execution's."""
        detail = event["detail"]
        if event["source"] == "aws.cloudwatch":
            name, reason = detail["alarmName"], detail["state"]["reason"]
            return cls(*alarms.rollout_of(name), "rolled_back", f"alarm {name}", reason)
        watched = json.loads(detail["input"])
        return cls.of_lost(watched["agent_id"], watched["rollout"], detail["status"], by="execution status")

    @classmethod
    def of_lost(cls, agent_id: str, rollout: int, status: str, *, by: str) -> Self:
        """The signal that a rollout's watcher is in a state in which it notices nothing."""
        lost = f"the execution that watched it is {status}: nobody would notice harm"
        return cls(agent_id, rollout, "stopped", by, lost)


def unwatched(aliases: Aliases, watchers: Watchers, *, now: datetime) -> Iterator[Signal]:
    """A signal for each open rollout whose watcher doesn't run; what AWS refuses has a name of ours."""
    try:
        yield from _unwatched(aliases, watchers, now=now)
    except (ClientError, BotoCoreError) as error:
        failure = aws.named(error)
        telemetry.log().error("sweep ended early", extra={"error": type(failure).__name__, "detail": str(failure)})
        raise failure from None


def _unwatched(aliases: Aliases, watchers: Watchers, *, now: datetime) -> Iterator[Signal]:
    for agent_id, rollout in aliases.in_rollout():
        recorded = aliases.rollout(agent_id, rollout.number)
        if recorded is None or now - datetime.fromisoformat(recorded["openedAt"]) < _TIME_TO_BEGIN:
            continue
        status = watchers.status(agent_id, rollout.number)
        if status != "RUNNING":
            yield Signal.of_lost(agent_id, rollout.number, status, by="hourly sweep")


def take_back(signal: Signal, rollouts: Rollouts, *, now: datetime) -> dict[str, Any]:
    """End the rollout that a signal is about; the log says who gave it and what came of it.

    Every failure has a name of ours: Lambda gives an event that failed twice more, and then to the queue of what was
    not done.
    """
    asked = {"agent_id": signal.agent_id, "rollout": signal.rollout, "by": signal.by, "outcome": signal.outcome}
    try:
        state = _end(signal, rollouts, now=now)
    except PlatformError as error:
        telemetry.log().warning(
            "not taken back", extra={"asked": asked, "error": type(error).__name__, "detail": str(error)}
        )
        raise
    telemetry.log().info("taken back", extra={"asked": asked, "state": state})
    return {"agent_id": signal.agent_id, "rollout": signal.rollout, "state": state}


def _end(signal: Signal, rollouts: Rollouts, *, now: datetime) -> str:
    try:
        return rollouts.end(
            signal.agent_id, signal.rollout, outcome=signal.outcome, by=signal.by, reason=signal.reason, now=now
        )
    except (Conflict, Refused) as changed:
        # Somebody else moved it between the reading and the transaction: what is left to do is read anew.
        raise TransientError(str(changed)) from None
    except (ClientError, BotoCoreError) as error:
        raise aws.named(error) from None
