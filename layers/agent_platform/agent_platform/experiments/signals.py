"""What takes a rollout back without a look: one of its alarms rings, or the execution that watches it is lost."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from botocore.exceptions import BotoCoreError, ClientError

from agent_platform import aws, telemetry
from agent_platform.errors import Conflict, PlatformError, Refused, TransientError
from agent_platform.experiments.alarms import Alarms
from agent_platform.experiments.rollouts import Rollouts
from agent_platform.registry.open_rollouts import Outcome


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
        lost = f"the execution that watched it is {detail['status']}: nobody would notice harm"
        return cls(watched["agent_id"], watched["rollout"], "stopped", "execution status", lost)


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
