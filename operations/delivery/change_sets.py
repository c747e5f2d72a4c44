"""CloudFormation's change sets: what a template would change, and changing it, watched to its end."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from operations.delivery.changes import Change
from operations.terminal import Problem

_NOTHING = ("didn't contain changes", "No updates are to be performed")
_FRESH = {None, "REVIEW_IN_PROGRESS"}
# A creation that failed can only be deleted; what is in it was made by it.
_UNUSABLE = {"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED"}
_DONE = {"CREATE_COMPLETE", "UPDATE_COMPLETE"}
_PAUSE_SECONDS = 2.0


@dataclass(frozen=True)
class Proposal:
    """A change set that waits to be executed; without changes there is none."""

    name: str
    stack_id: str
    parameters: Mapping[str, str]
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Deployable:
    """A stack that change sets are made for: by which client, and with what of its profile."""

    cloudformation: Any
    name: str
    tags: Mapping[str, str]
    capabilities: tuple[str, ...]
    execution_role: str = ""
    pause: float = _PAUSE_SECONDS

    @property
    def described(self) -> dict[str, Any]:
        """The stack as it is; empty if there is none."""
        try:
            found: dict[str, Any] = self.cloudformation.describe_stacks(StackName=self.name)["Stacks"][0]
        except ClientError as error:
            if "does not exist" not in str(error):
                raise
            return {}
        return found

    def propose(self, name: str, template: Mapping[str, str], parameters: Mapping[str, str]) -> Proposal:
        """Make a change set of this name and see what it would do; Problem if none can be made now.

        The template is TemplateURL or TemplateBody.
        """
        status = self.described.get("StackStatus")
        _refuse(self.name, status)
        made = self.cloudformation.create_change_set(
            StackName=self.name,
            ChangeSetName=name,
            ChangeSetType="CREATE" if status in _FRESH else "UPDATE",
            **template,
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
            Tags=[{"Key": key, "Value": value} for key, value in self.tags.items()],
            Capabilities=list(self.capabilities),
            **({"RoleARN": self.execution_role} if self.execution_role else {}),
        )
        while (seen := self._seen(name))["Status"].endswith(("PENDING", "IN_PROGRESS")):
            time.sleep(self.pause)
        if seen["Status"] == "FAILED":
            self.cloudformation.delete_change_set(StackName=self.name, ChangeSetName=name)
            if not any(said in seen["StatusReason"] for said in _NOTHING):
                raise Problem(f"CloudFormation can't make {self.name} of this template: {seen['StatusReason']}")
        pairs = {each["ParameterKey"]: each["ParameterValue"] for each in seen.get("Parameters", [])}
        return Proposal(name, made["StackId"], pairs, tuple(map(Change.read, seen["Changes"])))

    def withdraw(self, proposal: Proposal) -> None:
        """Forget a change set; the next one fills the shell of a new stack that it may leave."""
        self.cloudformation.delete_change_set(StackName=self.name, ChangeSetName=proposal.name)

    def execute(self, proposal: Proposal, tell: Callable[[str], None]) -> None:
        """Make the changes and wait for their end; Problem with every reason if CloudFormation took them back."""
        newest = next(self._events(proposal.stack_id), {"EventId": ""})["EventId"]
        self.cloudformation.execute_change_set(StackName=self.name, ChangeSetName=proposal.name)
        while True:
            status = self.cloudformation.describe_stacks(StackName=proposal.stack_id)["Stacks"][0]["StackStatus"]
            events = list(self._since(newest, proposal.stack_id))
            complete = {each["LogicalResourceId"] for each in events if each["ResourceStatus"].endswith("_COMPLETE")}
            # The stack has events of its own.
            finished = complete & {change.resource for change in proposal.changes}
            tell(f"{status}, {len(finished)} of {len(proposal.changes)} resources")
            if not status.endswith("_IN_PROGRESS"):
                break
            time.sleep(self.pause)
        if status not in _DONE:
            raise Problem("\n".join([f"{self.name} ended as {status}:", *_failures(events), _next(self.name, status)]))

    def _seen(self, change_set: str) -> dict[str, Any]:
        """A change set as it is; by its stack, since that is what a role's permissions speak of."""
        pages = self.cloudformation.get_paginator("describe_change_set")
        seen: dict[str, Any] = pages.paginate(StackName=self.name, ChangeSetName=change_set).build_full_result()
        return seen

    def _events(self, stack_id: str) -> Iterator[dict[str, Any]]:
        """All events, the newest first."""
        for page in self.cloudformation.get_paginator("describe_stack_events").paginate(StackName=stack_id):
            yield from page["StackEvents"]

    def _since(self, newest: str, stack_id: str) -> Iterator[dict[str, Any]]:
        for event in self._events(stack_id):
            if event["EventId"] == newest:
                return
            yield event


def _refuse(stack: str, status: str | None) -> None:
    """Problem if no change set can be made of a stack in this status."""
    if status in _UNUSABLE or status == "UPDATE_ROLLBACK_FAILED":
        raise Problem(f"{stack} is {status}, so nothing can be deployed. {_next(stack, status)}")
    if status not in _FRESH and str(status).endswith("_IN_PROGRESS"):
        raise Problem(f"CloudFormation is still at {stack}: {status}. Nothing was changed; wait for its end.")


def _next(stack: str, status: str | None) -> str:
    if status in _UNUSABLE:
        return f"Next, once its cause is mended: aws cloudformation delete-stack --stack-name {stack}"
    if status == "UPDATE_ROLLBACK_FAILED":
        return f"Next: aws cloudformation continue-update-rollback --stack-name {stack}"
    return "CloudFormation took it back: what ran before runs. Mend the cause, then deploy again."


def _failures(events: list[dict[str, Any]]) -> list[str]:
    """Why resources failed, in the order in which they did; what was only cancelled with them is left out."""
    failed = [each for each in reversed(events) if each["ResourceStatus"].endswith("_FAILED")]
    return [
        f"  {each['LogicalResourceId']} ({each['ResourceType']}): {each.get('ResourceStatusReason', 'no reason given')}"
        for each in failed
        if "cancelled" not in each.get("ResourceStatusReason", "")
    ]
