"""The history of an agent, append-only and without gaps: who changed what when, and what served whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agent_platform.items import from_item, to_item
from agent_platform.moments import iso
from agent_platform.registry.changes import Change

_OPTIONAL = {"before": None, "production": None, "candidate": None, "share": None, "rollout": None}


@dataclass(frozen=True)
class Served:
    """What served at a moment: the version in production, and a candidate's share (of 10,000) while a rollout ran."""

    agent_id: str
    production: int
    candidate: int | None
    share: int | None
    rollout: int | None
    since: str


def read(table: str, dynamodb: Any, agent_id: str, *, until: datetime | None = None) -> list[Change]:
    """The changes of an agent in their order, up to a moment if one is given."""
    pages = dynamodb.get_paginator("query").paginate(
        TableName=table,
        KeyConditionExpression="agentId = :id",
        ExpressionAttributeValues=to_item({":id": f"{agent_id}#history"}),
        ConsistentRead=True,
    )
    changes = (_change(from_item(item)) for page in pages for item in page["Items"])
    # A change's time is never before the one of the change before it.
    return [change for change in changes if until is None or change.at <= iso(until)]


def _change(row: dict[str, Any]) -> Change:
    values = _OPTIONAL | row | {"number": row["version"], "version": row["about"]}
    return Change(**{name: value for name, value in values.items() if name not in {"agentId", "about"}})


def served(agent_id: str, changes: Sequence[Change]) -> Served | None:
    """What served after these changes; None before the first promotion."""
    last = changes[-1] if changes else None
    if last is None or last.production is None:
        return None
    rollout = last.rollout if last.candidate is not None else None
    return Served(agent_id, last.production, last.candidate, last.share, rollout, since=last.at)


def production_before(changes: Sequence[Change]) -> int | None:
    """The version to roll back to: what served before the present one was promoted.

    A rollback takes back what was promoted since, so that a second one goes further back and never forth again.
    """
    # An alias may be older than its history.
    releases = [changes[0].before] if changes and changes[0].before is not None else []
    for change in changes:
        if change.production is None or change.production == change.before:
            continue
        if change.action == "roll_back" and change.production in releases:
            releases = releases[: releases.index(change.production) + 1]
        else:
            releases = [*(each for each in releases if each != change.production), change.production]
    return releases[-2] if len(releases) > 1 else None
