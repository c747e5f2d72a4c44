"""Whose runs are compared: of each tenant that sends events and each workflow, the versions in production."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from agent_platform import aws, settings
from agent_platform.drift.contracts import WRITER, Compared, Found
from agent_platform.items import from_item
from agent_platform.moments import iso
from agent_platform.registry.alias import PLATFORM
from agent_platform.registry.aliases import Aliases
from agent_platform.registry.changes import Change
from agent_platform.registry.manifests import Manifests
from agent_platform.tenants import SYNTHETIC


@dataclass(frozen=True)
class _Settings:
    sources_table: str


class Tenants:
    """The tenants that have a source of events."""

    def __init__(self, *, table: str, dynamodb: Any) -> None:
        self._table, self._dynamodb = table, dynamodb

    def all(self) -> list[str]:
        """Every company among them, by name."""
        pages = self._dynamodb.get_paginator("scan").paginate(TableName=self._table, ProjectionExpression="tenant")
        found = {from_item(item)["tenant"] for page in pages for item in page["Items"]}
        return sorted(found - {SYNTHETIC})


@cache
def tenants() -> Tenants:
    """The stack's tenants, as the function's environment names them."""
    return Tenants(table=settings.read(_Settings).sources_table, dynamodb=aws.client("dynamodb"))


def find_agents(names: Sequence[str], *, manifests: Manifests, aliases: Aliases, now: datetime) -> Found:
    """What is to be compared today, of these tenants; a workflow without an agent in production has no runs."""
    agents = list(_in_workflows(names, manifests, aliases, now))
    return {"count": len(agents), "agents": agents}


def _in_workflows(names: Sequence[str], manifests: Manifests, aliases: Aliases, now: datetime) -> Iterator[Compared]:
    for manifest in manifests.all():
        for tenant in names:
            found = {role: _in_production(aliases, tenant, name) for role, name in manifest["agents"].items()}
            serving = {role: each for role, each in found.items() if each is not None}
            if len(serving) == len(found):
                yield {
                    "tenant": tenant,
                    "agent_id": serving[WRITER].agent_id,
                    "workflow": manifest["workflow"],
                    "purposes": manifest["purposes"],
                    "agents": {
                        role: {"agent_id": each.agent_id, "version": each.version} for role, each in serving.items()
                    },
                    "since": max(each.since for each in serving.values()),
                    "as_of": iso(now),
                }


class _Serving(NamedTuple):
    agent_id: str
    version: int
    since: str


def _in_production(aliases: Aliases, tenant: str, name: str) -> _Serving | None:
    """The version that serves a tenant, its own or the platform's, and since when."""
    for owner in (tenant, PLATFORM):
        agent_id = f"{owner}#{name}"
        changes = aliases.history(agent_id)
        if changes and (version := changes[-1].production) is not None:
            return _Serving(agent_id, version, _since(changes))
    return None


def _since(changes: list[Change]) -> str:
    """When the version that serves now was put into production: a rollout that is open changes nothing of that."""
    promoted = (change.at for change in reversed(changes) if change.production != change.before)
    # An alias may be older than its history.
    return next(promoted, changes[0].at)
