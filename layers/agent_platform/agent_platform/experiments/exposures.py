"""Who was given which arm of a rollout, when and by which share: recorded once, before the outcome is known.

A customer is one unit of the experiment, however many runs there are: the first exposure stays. An item's partition is
the rollout's, so that a look reads all customers by one query.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, Literal

from agent_platform import aws, settings
from agent_platform.items import Item, from_item, to_item
from agent_platform.moments import iso

type RolloutArm = Literal["baseline", "candidate"]


@dataclass(frozen=True)
class Outcome:
    """One metric's value for one customer, and when its maturity window is over: before, it doesn't count."""

    value: float
    matured_at: str


@dataclass(frozen=True)
class Exposed:
    """One customer of a rollout: the arm, the share (of 10,000) that decided it, and what came of it so far."""

    arm: RolloutArm
    share: int
    at: str
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)


@dataclass(frozen=True)
class _Settings:
    experiments_table: str


def exposure_key(agent_id: str, rollout: int, tenant: str, customer: str) -> Item:
    """Where a customer's exposure is."""
    return to_item({"experiment": f"{agent_id}#{rollout}", "customer": f"{tenant}#{customer}"})


class Exposures:
    """The table of experiments, as who assigns and who looks see it."""

    def __init__(self, *, table: str, dynamodb: Any) -> None:
        self._table, self._dynamodb = table, dynamodb

    def record(self, agent: Mapping[str, Any], *, tenant: str, customer: str, now: datetime, expires_at: int) -> bool:
        """Record the arm that a customer was resolved to; False if an exposure stands already, which stays.

        `agent` is the resolved agent as it travels through the run; outside a rollout there is nothing to record.
        """
        if "rollout" not in agent:
            return False
        exposed = {name: agent[name] for name in ("version", "arm", "bucket", "share")}
        more = {"at": iso(now), "outcomes": {}, "expiresAt": expires_at}
        item = exposure_key(agent["agent_id"], agent["rollout"], tenant, customer) | to_item(exposed | more)
        return aws.condition_held(
            self._dynamodb.put_item,
            TableName=self._table,
            Item=item,
            ConditionExpression="attribute_not_exists(experiment)",
        )

    def of(self, agent_id: str, rollout: int) -> Iterator[Exposed]:
        """Every customer of a rollout."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="experiment = :experiment",
            ProjectionExpression="arm, #share, #at, outcomes",
            ExpressionAttributeNames={"#share": "share", "#at": "at"},
            ExpressionAttributeValues=to_item({":experiment": f"{agent_id}#{rollout}"}),
        )
        for page in pages:
            yield from map(_exposed, map(from_item, page["Items"]))


def _exposed(row: dict[str, Any]) -> Exposed:
    outcomes = {metric: Outcome(each["value"], each["maturedAt"]) for metric, each in row["outcomes"].items()}
    return Exposed(row["arm"], row["share"], row["at"], outcomes)


@cache
def exposures() -> Exposures:
    """The stack's exposures, as the function's environment names them."""
    return Exposures(table=settings.read(_Settings).experiments_table, dynamodb=aws.client("dynamodb"))
