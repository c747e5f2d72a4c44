"""Who reviews, and for whom: the tenant that a signed request's role is bound to, and the person who took the role."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from agent_platform import aws, settings
from agent_platform.items import from_item, to_item
from agent_platform.patterns import lazy_pattern
from agent_platform.tenants import TenantContext

_CALLER = lazy_pattern(r"arn:[\w-]+:(?:sts|iam)::(?P<account>\d{12}):(?P<kind>assumed-role|user)/(?P<rest>.+)")


@dataclass(frozen=True)
class Reviewer:
    """A person at a tenant's desk."""

    context: TenantContext
    name: str


@dataclass(frozen=True)
class _Settings:
    review_table: str


class Reviewers:
    """Which roles, and which users, review for which tenant.

    Like a source, a role is found by its name, which is unique in a stack, and yields its tenant; a request can't name
    another. The person is the session of the role, which its trust policy has to bind to who signed in.
    """

    def __init__(self, *, table: str, dynamodb: Any) -> None:
        self._table, self._dynamodb = table, dynamodb

    def bind(self, principal: str, tenant: str) -> None:
        """Let who is `<account>/<role>`, or `<account>/<user>`, review for a tenant, and for no other from now on."""
        row = {"review": _key(principal), "entry": "tenant", "tenant": tenant}
        self._dynamodb.put_item(TableName=self._table, Item=to_item(row))

    def signed(self, context: Mapping[str, Any]) -> Reviewer | None:
        """Who signed a request of API Gateway, by its context; None if they review for nobody."""
        caller = _CALLER.fullmatch(str(context.get("identity", {}).get("userArn")))
        if caller is None:
            return None
        role, _, session = caller["rest"].partition("/") if caller["kind"] == "assumed-role" else (caller["rest"],) * 3
        key = to_item({"review": _key(f"{caller['account']}/{role}"), "entry": "tenant"})
        item = self._dynamodb.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
        return Reviewer(TenantContext(from_item(item)["tenant"]), session) if item else None


def _key(principal: str) -> str:
    return f"reviewers#{principal}"


@cache
def reviewers() -> Reviewers:
    """The stack's reviewers, as the function's environment names them."""
    return Reviewers(table=settings.read(_Settings).review_table, dynamodb=aws.client("dynamodb"))
