"""What takes a rollout back without a look: one of its alarms rings, or the execution that watches it is lost."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from agent_platform.experiments.alarms import Alarms
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
