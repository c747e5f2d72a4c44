"""What the functions' roles allow on the deployed stack, grant by grant, and a role without one of them."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from typing import Any

from operations.stack import Stack
from tests.workflow.deployed import begin_anew

Document = dict[str, Any]

# What a policy of the template names by its logical id.
_RESOURCES = (
    "AWS::DynamoDB::Table", "AWS::Events::EventBus", "AWS::Lambda::Function", "AWS::S3::Bucket",
    "AWS::SecretsManager::Secret", "AWS::SQS::Queue", "AWS::StepFunctions::StateMachine",
)  # fmt: skip
_REST = re.compile(r"(?:-\w{6})?((?:[:/].*)?)")


@dataclass(frozen=True)
class Grant:
    """One action on one resource that one statement of a function's role allows.

    `shown` is the resource as every deployment of the template has it: by logical ids, and without the account.
    """

    function: str
    role: str
    policy: str
    statement: int
    action: str
    resource: str
    shown: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is in every deployment: no role allows anything twice."""
        return (self.function, self.action, self.shown)

    def covers(self, decision: dict[str, Any]) -> bool:
        """Whether IAM's decision was about what this allows."""
        asked = (decision["role"], decision["action"])
        return asked == (self.role, self.action) and fnmatchcase(decision["resource"], self.resource)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def grants(stack: Stack) -> list[Grant]:
    """Every grant of the policies that the template writes into its functions' roles, or attaches to them."""
    known = names(stack, *_RESOURCES)
    return [
        Grant(function, role, *where, action, resource, shown(stack, resource, known))
        for function, role in roles(stack).items()
        for where, action, resource in _of_role(stack, role)
    ]


def roles(stack: Stack) -> dict[str, str]:
    """The names of the functions' roles, by the functions' logical ids."""
    functions = stack.client("lambda")
    found = {
        name: functions.get_function_configuration(FunctionName=physical)["Role"]
        for physical, name in names(stack, "AWS::Lambda::Function").items()
    }
    return {name: arn.rpartition("/")[2] for name, arn in sorted(found.items())}


def names(stack: Stack, *types: str) -> dict[str, str]:
    """Logical ids by the names that what was deployed has."""
    listing = stack.client("cloudformation").get_paginator("list_stack_resources")
    pages = listing.paginate(StackName=stack.profile["stack_name"])
    return {
        each["PhysicalResourceId"]: each["LogicalResourceId"]
        for page in pages for each in page["StackResourceSummaries"]
        if not types or each["ResourceType"] in types
    }  # fmt: skip


@contextmanager
def removed(stack: Stack, grant: Grant) -> Iterator[None]:
    """The function's role without this grant; the function begins anew, since what it read before it may still know."""
    iam, at = stack.client("iam"), {"RoleName": grant.role, "PolicyName": grant.policy}
    whole = _as_document(iam.get_role_policy(**at)["PolicyDocument"])
    left = without(whole, grant)
    if left["Statement"]:
        iam.put_role_policy(**at, PolicyDocument=json.dumps(left))
    else:
        # IAM takes no policy that allows nothing.
        iam.delete_role_policy(**at)
    begin_anew(stack, grant.function)
    try:
        yield
    finally:
        iam.put_role_policy(**at, PolicyDocument=json.dumps(whole))
        begin_anew(stack, grant.function)


def without(policy: Document, grant: Grant) -> Document:
    """The policy with one action on one resource less, and nothing else changed."""
    statements = list(policy["Statement"])
    statement = statements.pop(grant.statement)
    actions, resources = (_listed(statement[key]) for key in ("Action", "Resource"))
    left = [
        ([each for each in actions if each != grant.action], resources),
        ([grant.action], [each for each in resources if each != grant.resource]),
    ]
    statements += [{**statement, "Action": some, "Resource": on} for some, on in left if some and on]
    return {**policy, "Statement": statements}


def shown(stack: Stack, resource: str, known: dict[str, str]) -> str:
    """A deployed resource by its logical id, or by what the stack's, environment's and account's names leave of it."""
    for physical, logical in known.items():
        # Queues are known by their URLs; a secret's ARN has six characters more than its name.
        name = physical.rpartition("/")[2] if physical.startswith("http") else physical
        before, found, after = resource.partition(name)
        if found and (not before or before[-1] in ":/") and (rest := _REST.fullmatch(after)):
            return logical + rest[1]
    own = resource.split(":", 5)[-1] if resource.startswith("arn:") else resource
    named = own.replace(stack.profile["stack_name"], "${AWS::StackName}")
    return named.replace(f"/referral-system/{stack.account}/", "/referral-system/${Environment}/")


def _of_role(stack: Stack, role: str) -> Iterator[tuple[tuple[str, int], str, str]]:
    """Policy and statement, action, and resource of each."""
    iam = stack.client("iam")
    for policy in sorted(iam.list_role_policies(RoleName=role)["PolicyNames"]):
        document = _as_document(iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"])
        for number, statement in enumerate(document["Statement"]):
            for action in _listed(statement["Action"]):
                for resource in _listed(statement["Resource"]):
                    yield (policy, number), action, resource


def _as_document(policy: Any) -> Document:
    return dict(json.loads(policy) if isinstance(policy, str) else policy)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
