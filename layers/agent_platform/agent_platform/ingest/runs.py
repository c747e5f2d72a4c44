"""The executions behind the runs of events: started under the run's own name, and asked how they are."""

import json
from dataclasses import asdict
from functools import cache
from typing import Any

from botocore.exceptions import ClientError

from agent_platform import aws
from agent_platform.failures import failure_of
from agent_platform.references import EventReference

# Of an execution that hasn't ended, or will go on.
GOING_ON = frozenset({"RUNNING", "PENDING_REDRIVE"})


def execution_arn(machine: str, reference: EventReference) -> str:
    """What the execution of a run is called in a state machine, started or not."""
    return f"{machine.replace(':stateMachine:', ':execution:')}:{reference.execution_name}"


def machine_of(execution: str) -> str:
    """The ARN of the state machine that an execution is one of."""
    return execution.rpartition(":")[0].replace(":execution:", ":stateMachine:")


class Runs:
    """The executions of every workflow's state machine."""

    def __init__(self, *, stepfunctions: Any) -> None:
        self._states = stepfunctions

    def start(self, machine: str, reference: EventReference) -> bool:
        """Start a run; one that was started before is left as it is, and the answer is False."""
        try:
            self._states.start_execution(
                stateMachineArn=machine, name=reference.execution_name, input=json.dumps(asdict(reference))
            )
        except ClientError as error:
            if aws.code_of(error) != "ExecutionAlreadyExists":
                raise
            return False
        return True

    def is_open(self, execution: str) -> bool:
        """Whether an execution began and hasn't ended."""
        described = self.find(execution)
        return described is not None and described["status"] in GOING_ON

    def find(self, execution: str) -> dict[str, Any] | None:
        """An execution as Step Functions describes it; None if it never began."""
        try:
            described: dict[str, Any] = self._states.describe_execution(executionArn=execution)
        except ClientError as error:
            if aws.code_of(error) != "ExecutionDoesNotExist":
                raise
            return None
        return described

    def failure(self, described: dict[str, Any]) -> dict[str, Any]:
        """Where and why a described execution failed, read from its history backwards."""
        history = self._states.get_execution_history(
            executionArn=described["executionArn"], reverseOrder=True, maxResults=100, includeExecutionData=False
        )
        return failure_of(described, history["events"])


@cache
def runs() -> Runs:
    """The executions that this function may see."""
    return Runs(stepfunctions=aws.client("stepfunctions"))
