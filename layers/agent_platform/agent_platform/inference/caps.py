"""What is used of a line's cap in a period, and how that moves: only ever as a part of a transaction."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from agent_platform import aws, settings
from agent_platform.inference.budgets import LINES, Line
from agent_platform.items import Item, from_item, to_item


@dataclass(frozen=True)
class _Settings:
    cost_ledger_table: str


@dataclass(frozen=True)
class Spent:
    """What a line has used in a period: settled for calls that were made, held for those that may be under way."""

    line: Line
    period: str
    cap: int
    settled: int
    held: int

    @property
    def used(self) -> int:
        """What the cap is held against."""
        return self.settled + self.held


class Caps:
    """The caps in the ledger's table, for those who watch them."""

    def __init__(self, *, table: str, dynamodb: Any) -> None:
        self._table, self._dynamodb = table, dynamodb

    def of(self, tenant: str, period: str) -> Iterator[Spent]:
        """What each line that was used at all has used in a period, as of now."""
        for line in LINES:
            if row := self._row(tenant, line, period):
                yield Spent(line, period, row["cap"], row["settled"], row["held"])

    def settled(self, tenant: str, line: Line, period: str) -> int:
        """What a line has spent in a period on calls that are over."""
        row = self._row(tenant, line, period)
        return int(row["settled"]) if row else 0

    def _row(self, tenant: str, line: Line, period: str) -> dict[str, Any] | None:
        key = cap_key(tenant, line, period)
        item = self._dynamodb.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
        return from_item(item) if item else None


def cap_key(tenant: str, line: Line, period: str) -> Item:
    """The key of a line's use in a period."""
    return to_item({"series": f"{tenant}#caps", "subject": f"{line}#{period}"})


def reserved(table: str, key: Item, amount: int, *, cap: int, expires_at: int) -> Item:
    """The transaction item that holds an amount, if the cap has room for it; the amount may be the cap at most."""
    return {"Update": {
        "TableName": table,
        "Key": key,
        "UpdateExpression": "SET cap = :cap, expiresAt = :expires ADD used :amount, held :amount, settled :nothing",
        "ConditionExpression": "attribute_not_exists(used) OR used <= :room",
        "ExpressionAttributeValues": to_item({
            ":cap": cap, ":expires": expires_at, ":amount": amount, ":nothing": 0, ":room": cap - amount
        }),
    }}  # fmt: skip


def moved(table: str, key: Item, amount: int, *, cost: int) -> Item:
    """The transaction item that frees what was held and settles what it cost."""
    return {"Update": {
        "TableName": table,
        "Key": key,
        "UpdateExpression": "ADD used :more, held :freed, settled :cost",
        "ExpressionAttributeValues": to_item({":more": cost - amount, ":freed": -amount, ":cost": cost}),
    }}  # fmt: skip


@cache
def caps() -> Caps:
    """The stack's caps, as the function's environment names their table."""
    return Caps(table=settings.read(_Settings).cost_ledger_table, dynamodb=aws.client("dynamodb"))
