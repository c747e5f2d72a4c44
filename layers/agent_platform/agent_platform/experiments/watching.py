"""Who watches a rollout: an execution of the rollouts' state machine, under a name that can't be used twice."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from botocore.exceptions import ClientError

from agent_platform import aws, settings
from agent_platform.experiments.contracts import Started
from agent_platform.experiments.plans import Plan


@dataclass(frozen=True)
class _Settings:
    rollout_machine_arn: str


class Watchers:
    """The executions that look at open rollouts."""

    def __init__(self, *, machine: str, stepfunctions: Any) -> None:
        self._machine, self._states = machine, stepfunctions

    def watch(self, agent_id: str, rollout: int, plan: Plan) -> None:
        """Start looking at a rollout, unless somebody does already."""
        started: Started = {"agent_id": agent_id, "rollout": rollout, "look_every": plan.look_every}
        # Step Functions takes no # in a name; neither owners nor agents have a dot in theirs.
        name = f"{agent_id.replace('#', '.')}.{rollout}"
        try:
            self._states.start_execution(stateMachineArn=self._machine, name=name, input=json.dumps(started))
        except ClientError as error:
            if aws.code_of(error) != "ExecutionAlreadyExists":
                raise


@cache
def watchers() -> Watchers:
    """The stack's watchers, as the function's environment names their machine."""
    return Watchers(machine=settings.read(_Settings).rollout_machine_arn, stepfunctions=aws.client("stepfunctions"))
