"""A CloudFormation that keeps templates and differences between them; what it makes are entries of a dict."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import yaml
from botocore.exceptions import ClientError


@dataclass
class CloudFormation:
    """Stacks by name, each with what it was made of; templates are read by an S3 client from where their URL says."""

    s3: Any
    stacks: dict[str, dict[str, Any]] = field(default_factory=dict)
    change_sets: dict[str, dict[str, Any]] = field(default_factory=dict)

    def describe_stacks(self, StackName):  # noqa: N803
        if StackName not in self.stacks:
            raise ClientError(
                {"Error": {"Code": "ValidationError", "Message": f"Stack {StackName} does not exist"}}, "x"
            )
        return {"Stacks": [self.stacks[StackName]]}

    def create_change_set(self, StackName, ChangeSetName, ChangeSetType, **asked):  # noqa: N803
        assert (ChangeSetType == "UPDATE") == (StackName in self.stacks)
        bucket, key = asked["TemplateURL"].removeprefix(self.s3.meta.endpoint_url + "/").split("/", 1)
        template = yaml.safe_load(self.s3.get_object(Bucket=bucket, Key=key)["Body"].read())
        old, new = self.stacks.get(StackName, {}).get("Resources", {}), template["Resources"]
        changes = [("Add", each, new) for each in new if each not in old]
        changes += [("Remove", each, old) for each in old if each not in new]
        self.change_sets[ChangeSetName] = {
            "Resources": new, "Parameters": asked["Parameters"], "Tags": asked["Tags"],
            "StackId": StackName,
            "Status": "CREATE_COMPLETE" if changes else "FAILED",
            "StatusReason": "" if changes else "The submitted information didn't contain changes.",
            "Changes": [
                {"ResourceChange": {"Action": action, "LogicalResourceId": each, "ResourceType": of[each]["Type"]}}
                for action, each, of in changes
            ],
        }  # fmt: skip
        return {"Id": ChangeSetName, "StackId": StackName}

    def get_paginator(self, operation):
        if operation == "describe_stack_events":
            return SimpleNamespace(paginate=lambda **_: [{"StackEvents": []}])
        return SimpleNamespace(
            paginate=lambda **asked: SimpleNamespace(build_full_result=lambda: self.change_sets[asked["ChangeSetName"]])
        )

    def execute_change_set(self, StackName, ChangeSetName):  # noqa: N803
        executed = self.change_sets.pop(ChangeSetName)
        self.stacks[StackName] = executed | {"StackStatus": "UPDATE_COMPLETE"}

    def delete_change_set(self, StackName, ChangeSetName):  # noqa: N803
        assert self.change_sets.pop(ChangeSetName)["StackId"] == StackName
