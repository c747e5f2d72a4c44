"""What each call of a writer or judge was, for whom, and what it cost: the rows that every sum of costs is made of."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from agent_platform.inference.budgets import Line
from agent_platform.inference.prices import Usage
from agent_platform.items import Item, from_item, to_item

_OF_CALL = ("execution", "state", "attempt", "number", "workflow", "line", "agent", "version", "model")


@dataclass(frozen=True)
class Call:
    """One model call before it is made: for whom, in which state of which run, with which version of which agent.

    `execution` is the run's name, or in an evaluation the recording's; `attempt` is the draft's, and `number` counts
    the calls of one invocation (an answer out of shape is asked for once more).
    """

    tenant: str
    workflow: str
    line: Line
    execution: str
    state: str
    attempt: int
    number: int
    agent: str
    version: int
    model: str

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """The call that an item is about."""
        return cls(tenant=row["series"].partition("#")[0], **{name: row[name] for name in _OF_CALL})

    def row(self) -> dict[str, Any]:
        """The attributes that it has in the table; the tenant is in the key."""
        return {name: value for name, value in asdict(self).items() if name in _OF_CALL}


@dataclass(frozen=True)
class Booked:
    """A call that the ledger has: the day and the moment it was reserved at, and what it cost in millionths of a USD.

    `usage` is None if nobody knows what it took, because the function was cut short or gave up waiting: then it is
    booked at its worst case.
    """

    call: Call
    day: str
    at: str
    cost_micros: int
    price_version: str
    usage: Usage | None
    service_tier: str | None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """The call that an item is."""
        usage = Usage(**row["usage"]) if row["usage"] else None
        return cls(
            call=Call.of(row),
            day=row["series"].rpartition("#")[2],
            at=row["at"],
            cost_micros=row["costMicros"],
            price_version=row["priceVersion"],
            usage=usage,
            service_tier=row["serviceTier"],
        )

    def item(self, hold: str, *, expires_at: int) -> Item:
        """The item that keeps it; its key begins with the execution, so that one run's calls are one query."""
        return to_item(self.call.row() | {
            "series": calls_series(self.call.tenant, self.day),
            "subject": f"{self.call.execution}#{hold}",
            "at": self.at,
            "costMicros": self.cost_micros,
            "priceVersion": self.price_version,
            "usage": asdict(self.usage) if self.usage else None,
            "serviceTier": self.service_tier,
            "expiresAt": expires_at,
        })  # fmt: skip


class Calls:
    """The calls in the ledger's table, for those who sum them up."""

    def __init__(self, *, table: str, dynamodb: Any) -> None:
        self._table, self._dynamodb = table, dynamodb

    def on(self, tenant: str, day: str, *, execution: str | None = None) -> Iterator[Booked]:
        """A tenant's calls that were reserved on a day, or one run's among them; in no order of time."""
        condition, values = "series = :series", {":series": calls_series(tenant, day)}
        if execution is not None:
            condition += " AND begins_with(subject, :execution)"
            values[":execution"] = f"{execution}#"
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression=condition,
            ExpressionAttributeValues=to_item(values),
        )
        for page in pages:
            yield from (Booked.of(from_item(item)) for item in page["Items"])


def calls_series(tenant: str, day: str) -> str:
    """The partition of a tenant's calls on a day."""
    return f"{tenant}#calls#{day}"
