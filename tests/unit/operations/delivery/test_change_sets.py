"""A change set's way, on a CloudFormation that behaves: made, refused, executed, taken back."""

from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError

from operations.delivery.change_sets import Deployable
from operations.terminal import Problem

URL = {"TemplateURL": "https://s3.example/bucket/releases/a/template.yaml"}


class CloudFormation:
    """One stack, whose next change set is as told and whose execution goes through these statuses."""

    def __init__(
        self, status=None, *, seen=("CREATE_COMPLETE",), reason="", ends=("UPDATE_IN_PROGRESS", "UPDATE_COMPLETE")
    ):
        self.status, self.reason, self.seen, self.ends = status, reason, list(seen), list(ends)
        self.asked, self.deleted, self.executed = {}, [], []
        self.events = [event("before", "Stack", "CREATE_COMPLETE")]

    def describe_stacks(self, StackName):  # noqa: N803
        if self.executed and len(self.ends) > 1:
            self.status = self.ends.pop(0)
        elif self.executed:
            self.status = self.ends[0]
        if self.status is None:
            raise ClientError({"Error": {"Code": "ValidationError", "Message": "Stack with id x does not exist"}}, "x")
        return {"Stacks": [{"StackStatus": self.status, "Parameters": []}]}

    def create_change_set(self, **asked):
        self.asked = asked
        return {"Id": "the-change-set", "StackId": "the-stack"}

    def get_paginator(self, operation):
        pages = {"describe_change_set": self._change_set, "describe_stack_events": lambda: {"StackEvents": self.events}}

        def paginate(**_):
            page = pages[operation]()
            return SimpleNamespace(build_full_result=lambda: page, __iter__=None) if "Status" in page else iter([page])

        return SimpleNamespace(paginate=paginate)

    def _change_set(self):
        status = self.seen.pop(0) if len(self.seen) > 1 else self.seen[0]
        change = {"ResourceChange": {"Action": "Add", "LogicalResourceId": "A", "ResourceType": "AWS::SNS::Topic"}}
        changes = [] if status == "FAILED" else [change]
        parameters = [{"ParameterKey": "LogLevel", "ParameterValue": "INFO"}]
        return {"Status": status, "StatusReason": self.reason, "Changes": changes, "Parameters": parameters}

    def execute_change_set(self, StackName, ChangeSetName):  # noqa: N803
        self.executed.append((StackName, ChangeSetName))

    def delete_change_set(self, StackName, ChangeSetName):  # noqa: N803
        self.deleted.append((StackName, ChangeSetName))


def event(name, resource, status, reason=None):
    said = {"ResourceStatusReason": reason} if reason else {}
    return {"EventId": name, "LogicalResourceId": resource, "ResourceType": "T", "ResourceStatus": status} | said


def deployable(cloudformation, **said):
    given = {"name": "stack", "tags": {"a": "b"}, "capabilities": ("CAPABILITY_IAM",), "pause": 0} | said
    return Deployable(cloudformation, **given)


@pytest.mark.parametrize(
    ("status", "kind"), [(None, "CREATE"), ("REVIEW_IN_PROGRESS", "CREATE"), ("UPDATE_ROLLBACK_COMPLETE", "UPDATE")]
)
def test_a_new_stack_is_created_and_an_existing_one_updated(status, kind):
    aws = CloudFormation(status, seen=["CREATE_PENDING", "CREATE_IN_PROGRESS", "CREATE_COMPLETE"])
    proposal = deployable(aws, execution_role="arn:role").propose("name", URL, {"LogLevel": "INFO"})

    assert aws.asked["ChangeSetType"] == kind
    assert (aws.asked["TemplateURL"], aws.asked["RoleARN"]) == (URL["TemplateURL"], "arn:role")
    assert aws.asked["Parameters"] == [{"ParameterKey": "LogLevel", "ParameterValue": "INFO"}]
    assert aws.asked["Tags"] == [{"Key": "a", "Value": "b"}]
    assert [change.resource for change in proposal.changes] == ["A"]
    assert proposal.parameters == {"LogLevel": "INFO"}


def test_without_an_execution_role_none_is_asked_for():
    aws = CloudFormation()
    deployable(aws).propose("name", URL, {})

    assert "RoleARN" not in aws.asked


def test_without_changes_there_is_no_change_set_left():
    aws = CloudFormation(
        "CREATE_COMPLETE", seen=["FAILED"], reason="The submitted information didn't contain changes. …"
    )

    assert deployable(aws).propose("name", URL, {}).changes == ()
    assert aws.deleted == [("stack", "name")]


def test_a_template_that_can_t_be_is_a_problem_with_its_reason():
    aws = CloudFormation("CREATE_COMPLETE", seen=["FAILED"], reason="Unresolved resource dependencies [X]")

    with pytest.raises(Problem, match=r"can't make stack of this template: Unresolved resource dependencies \[X\]"):
        deployable(aws).propose("name", URL, {})
    assert aws.deleted == [("stack", "name")]


@pytest.mark.parametrize(
    ("status", "next_"),
    [
        ("ROLLBACK_COMPLETE", "aws cloudformation delete-stack --stack-name stack"),
        ("UPDATE_ROLLBACK_FAILED", "aws cloudformation continue-update-rollback --stack-name stack"),
        ("UPDATE_IN_PROGRESS", "wait for its end"),
        ("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "wait for its end"),
    ],
)
def test_a_stack_that_nothing_can_be_deployed_to_is_refused_with_what_to_do(status, next_):
    aws = CloudFormation(status)

    with pytest.raises(Problem, match=next_):
        deployable(aws).propose("name", URL, {})
    assert not aws.asked


def test_it_is_watched_to_its_end():
    aws = CloudFormation(
        "CREATE_COMPLETE", ends=["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_COMPLETE"]
    )
    stack, told = deployable(aws), []
    new = [event("resource", "A", "CREATE_COMPLETE"), event("stack", "stack", "CREATE_COMPLETE")]
    aws.execute_change_set = lambda **asked: (
        CloudFormation.execute_change_set(aws, **asked), aws.events.insert(0, new[0]), aws.events.insert(0, new[1])
    )  # fmt: skip
    proposal = stack.propose("name", URL, {})
    stack.execute(proposal, told.append)

    assert aws.executed == [("stack", "name")]
    assert told == [f"{status}, 1 of 1 resources" for status in
                    ("UPDATE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_COMPLETE")]  # fmt: skip


def test_what_cloudformation_took_back_is_told_with_every_reason_of_this_time():
    aws = CloudFormation("CREATE_COMPLETE", ends=["UPDATE_ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE"])
    aws.events[0] |= {"ResourceStatus": "UPDATE_FAILED", "ResourceStatusReason": "long ago"}
    stack = deployable(aws)
    proposal = stack.propose("name", URL, {})

    def happens(_):
        cancelled = event("3", "B", "UPDATE_FAILED", "Resource update cancelled")
        failed = [event("2", "A", "UPDATE_FAILED", "no room"), event("1", "C", "CREATE_FAILED", "exists")]
        aws.events = [cancelled, *failed, *aws.events[-1:]]

    with pytest.raises(Problem) as problem:
        stack.execute(proposal, happens)
    assert str(problem.value).splitlines() == [
        "stack ended as UPDATE_ROLLBACK_COMPLETE:",
        "  C (T): exists",
        "  A (T): no room",
        "CloudFormation took it back: what ran before runs. Mend the cause, then deploy again.",
    ]


def test_a_creation_that_failed_is_told_with_how_to_begin_again():
    aws = CloudFormation(None, ends=["ROLLBACK_COMPLETE"])
    stack = deployable(aws)

    with pytest.raises(Problem, match="Next, once its cause is mended: aws cloudformation delete-stack"):
        stack.execute(stack.propose("name", URL, {}), lambda _: None)
