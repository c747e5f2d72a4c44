"""What of a stack can't be made again from the repository: tables, buckets, secrets and parameters."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from operations.stack import Stack


@dataclass(frozen=True)
class Holdings:
    """Where a stack keeps what it knows; tables and buckets by logical id, which outlives a stack's own names."""

    stack: Stack

    @property
    def path(self) -> str:
        """Where the environment's secrets and parameters stand."""
        return f"/referral-system/{self.stack.account}/"

    def tables(self) -> dict[str, str]:
        """Every table's name."""
        return self._resources("AWS::DynamoDB::Table")

    def buckets(self) -> dict[str, str]:
        """Every bucket's name."""
        return self._resources("AWS::S3::Bucket")

    def secrets(self) -> Iterator[str]:
        """The name of each secret: the keys of references and of sources."""
        pages = self.stack.client("secretsmanager").get_paginator("list_secrets").paginate()
        for page in pages:
            yield from (each["Name"] for each in page["SecretList"] if each["Name"].startswith(self.path))

    def parameters(self) -> Iterator[dict[str, Any]]:
        """Each parameter as it is; what the template makes is among them."""
        pages = (
            self.stack.client("ssm").get_paginator("get_parameters_by_path").paginate(Path=self.path, Recursive=True)
        )
        for page in pages:
            yield from page["Parameters"]

    def template_parameters(self) -> set[str]:
        """The names of the parameters that the template makes."""
        return set(self._resources("AWS::SSM::Parameter").values())

    def function(self, logical_id: str) -> str:
        """A function's name."""
        return self._resources("AWS::Lambda::Function")[logical_id]

    def _resources(self, kind: str) -> dict[str, str]:
        return {
            each["LogicalResourceId"]: each["PhysicalResourceId"] for each in self._all if each["ResourceType"] == kind
        }

    @cached_property
    def _all(self) -> list[dict[str, Any]]:
        pages = self.stack.client("cloudformation").get_paginator("list_stack_resources")
        found = pages.paginate(StackName=self.stack.profile["stack_name"])
        return [each for page in found for each in page["StackResourceSummaries"]]
