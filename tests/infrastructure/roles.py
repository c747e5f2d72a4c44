"""The roles that come out of SAM's transform as data: what each may do, wherever in the page that is said."""

from collections.abc import Callable, Iterator
from typing import Any

from tests.infrastructure.template import listed, resources, text, transformed

# An action, and a resource as one would write it with !Sub.
Grant = tuple[str, str]


def roles() -> dict[str, dict[str, Any]]:
    """Every role's properties by its logical id."""
    return {name: each["Properties"] for name, each in resources("AWS::IAM::Role", of=transformed()).items()}


def allowed(role: str, *, shown: Callable[[Any], str] = text) -> list[Grant]:
    """What a role's own policies and those that are attached to it allow, as often as they say it."""
    own = [policy["PolicyDocument"] for policy in roles()[role].get("Policies", [])]
    grants = [grant for document in own + _attached(role) for grant in _of(document["Statement"])]
    return [(action, shown(resource)) for action, resource in grants]


def trusted(role: str) -> set[str]:
    """The services that may take a role."""
    statements = roles()[role]["AssumeRolePolicyDocument"]["Statement"]
    return {service for each in statements for service in listed(each["Principal"]["Service"])}


def ready_made(role: str) -> set[str]:
    """The names of AWS's own policies that it has."""
    arns = roles()[role].get("ManagedPolicyArns", [])
    return {arn.rpartition("/")[2] for arn in arns if isinstance(arn, str)}


def trusting(service: str) -> list[str]:
    """The roles that a service may take."""
    return [role for role in roles() if trusted(role) == {f"{service}.amazonaws.com"}]


def _attached(role: str) -> list[dict[str, Any]]:
    named = resources("AWS::IAM::ManagedPolicy", of=transformed())
    by_role = [named[arn["Ref"]] for arn in roles()[role].get("ManagedPolicyArns", []) if isinstance(arn, dict)]
    by_policy = [
        each for each in resources("AWS::IAM::Policy", of=transformed()).values()
        if {"Ref": role} in each["Properties"]["Roles"]
    ]  # fmt: skip
    return [each["Properties"]["PolicyDocument"] for each in by_role + by_policy]


def _of(statement: Any) -> Iterator[tuple[str, Any]]:
    match statement:
        case [*several]:
            for each in several:
                yield from _of(each)
        case {"Fn::If": [_, *either]}:
            yield from _of(either)
        case _:
            for action in listed(statement["Action"]):
                yield from ((action, resource) for resource in listed(statement["Resource"]))
