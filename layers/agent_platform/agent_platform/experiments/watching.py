"""Who watches a rollout: an execution of the rollouts' state machine, under a name that can't be used twice."""

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from botocore.exceptions import ClientError

from agent_platform import aws, settings
from agent_platform.errors import Refused
from agent_platform.experiments.contracts import Started
from agent_platform.experiments.plans import Plan

# Step Functions' own limit.
_LONGEST_NAME = 80
_DIGITS = 16


@dataclass(frozen=True)
class _Settings:
    rollout_machine_arn: str


class Watchers:
    """The executions that look at open rollouts."""

    def __init__(self, *, machine: str, stepfunctions: Any) -> None:
        self._machine, self._states = machine, stepfunctions

    def watch(self, agent_id: str, rollout: int, plan: Plan) -> None:
        """Start looking at a rollout, unless somebody does already; Refused if somebody did, and has ended."""
        started: Started = {"agent_id": agent_id, "rollout": rollout, "look_every": plan.look_every}
        name = _name(agent_id, rollout)
        try:
            self._states.start_execution(stateMachineArn=self._machine, name=name, input=json.dumps(started))
        except ClientError as error:
            if aws.code_of(error) != "ExecutionAlreadyExists":
                raise
            # AWS says so of an execution that has ended, and a local AWS of a running one as well.
            status = self.status(agent_id, rollout)
            if status != "RUNNING":
                lost = f"the execution that watched rollout {rollout} is {status}, so it is over: begin another rollout"
                raise Refused([lost]) from None

    def status(self, agent_id: str, rollout: int) -> str:
        """What Step Functions calls the state of a rollout's watcher, such as RUNNING; MISSING if none was started."""
        execution = f"{self._machine.replace(':stateMachine:', ':execution:')}:{_name(agent_id, rollout)}"
        try:
            return str(self._states.describe_execution(executionArn=execution)["status"])
        except ClientError as error:
            if aws.code_of(error) != "ExecutionDoesNotExist":
                raise
            return "MISSING"


def _name(agent_id: str, rollout: int) -> str:
    """A rollout's execution; the name of a long one ends with its digest, so that it is still the rollout's own."""
    # Step Functions takes no # in a name; neither owners nor agents have a dot in theirs.
    whole = f"{agent_id.replace('#', '.')}.{rollout}"
    if len(whole) <= _LONGEST_NAME:
        return whole
    digest = hashlib.sha256(whole.encode()).hexdigest()[:_DIGITS]
    return f"{whole[: _LONGEST_NAME - _DIGITS - 1]}.{digest}"


@cache
def watchers() -> Watchers:
    """The stack's watchers, as the function's environment names their machine."""
    return Watchers(machine=settings.read(_Settings).rollout_machine_arn, stepfunctions=aws.client("stepfunctions"))
