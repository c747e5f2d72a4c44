"""accounts/account.yaml as data: what its roles and its boundary allow, as IAM would decide."""

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

import yaml

from tests.infrastructure.template import ROOT, _Loader, listed, text

# As dev would have them; what CloudFormation makes up for a name is a star.
VALUES = {
    "AWS::Partition": "aws",
    "AWS::Region": "us-east-1",
    "AWS::AccountId": "111111111111",
    "AWS::StackName": "referral-email-system-dev",
    "Environment": "dev",
    "Prefix": "referral-email-system-de",
    "ToolingAccountId": "999999999999",
    "DeployRoleName": "referral-deploy-dev",
    "ExecutionRoleName": "referral-cloudformation-dev",
}
_VARIABLE = re.compile(r"\$\{([\w:.]+)\}")


@cache
def page(name: str) -> dict[str, Any]:
    """One of accounts/*.yaml."""
    return dict(yaml.load((ROOT / "accounts" / f"{name}.yaml").read_text(), Loader=_Loader))


def statements(resource: str) -> Iterator[dict[str, Any]]:
    """The statements of a role's policies, or of a managed policy."""
    properties = page("account")["Resources"][resource]["Properties"]
    documents = [each["PolicyDocument"] for each in properties.get("Policies", [])] or [properties["PolicyDocument"]]
    for statement in (each for document in documents for each in document["Statement"]):
        # An If stands for what it is on AWS.
        yield statement["Fn::If"][1] if "Fn::If" in statement else statement


def filled(value: Any) -> str:
    """An ARN as it is in an account; `*` for what isn't known before."""
    return _VARIABLE.sub(lambda found: VALUES.get(found[1], "*"), text(value))


def resources_of(statement: dict[str, Any]) -> list[str]:
    """The ARNs that a statement is about."""
    flat = (each["Fn::If"][1] if isinstance(each, dict) and "Fn::If" in each else each
            for each in listed(statement["Resource"]))  # fmt: skip
    return [filled(each) for each in flat]


def actions_of(statement: dict[str, Any]) -> list[str]:
    """The actions of a statement, in small letters as IAM compares them."""
    return [action.lower() for action in listed(statement["Action"])]


def allows(resource: str, action: str, arn: str | None = None) -> bool:
    """Whether a role or the boundary allows an action at all, or on an ARN that may end in a star."""
    return any(
        statement["Effect"] == "Allow"
        and any(fnmatchcase(action.lower(), each) for each in actions_of(statement))
        and (arn is None or any(_covers(each, arn) for each in resources_of(statement)))
        for statement in statements(resource)
    )


def _covers(allowed: str, arn: str) -> bool:
    return allowed == "*" or fnmatchcase(arn, allowed)
