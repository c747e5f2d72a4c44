"""A customer who leaves the rollouts that they were in: what came of them still counts, and nobody can say of whom."""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from agent_platform.items import Item, from_item, to_item

# What a look reads, and until when; not the bucket, which is worked out from the customer.
_COUNTED = ("version", "arm", "share", "expiresAt")
_DAY = len("2026-11-22")


@dataclass(frozen=True)
class Participation:
    """One customer in one rollout, as it is stored."""

    row: Mapping[str, Any]

    @property
    def key(self) -> Item:
        """Where it is."""
        return to_item({name: self.row[name] for name in ("experiment", "customer")})

    def of_nobody(self) -> dict[str, Any]:
        """The same for a look, to the day, under a name that was drawn."""
        tenant = self.row["customer"].partition("#")[0]
        outcomes = {
            metric: each | {"maturedAt": _day_of(each["maturedAt"])} for metric, each in self.row["outcomes"].items()
        }
        kept = {name: self.row[name] for name in _COUNTED}
        drawn = {"experiment": self.row["experiment"], "customer": f"{tenant}#nobody-{secrets.token_hex(16)}"}
        return drawn | kept | {"at": _day_of(self.row["at"]), "outcomes": outcomes}


class Participations:
    """The table of experiments, as who forgets a customer sees it; no index leads there, so it is read whole."""

    def __init__(self, *, table: str, dynamodb: Any) -> None:
        self._table, self._dynamodb = table, dynamodb

    def of(self, tenant: str, customer: str) -> Iterator[Participation]:
        """Each rollout that a customer is in."""
        pages = self._dynamodb.get_paginator("scan").paginate(
            TableName=self._table,
            ConsistentRead=True,
            FilterExpression="customer = :customer",
            ExpressionAttributeValues=to_item({":customer": f"{tenant}#{customer}"}),
        )
        yield from (Participation(from_item(item)) for page in pages for item in page["Items"])

    def leave(self, participation: Participation) -> None:
        """Put what came of a customer in the place of who it was; without an outcome nothing is left.

        One transaction: however often it is tried, a customer is counted once.
        """
        deleted = {"Delete": {
            "TableName": self._table, "Key": participation.key, "ConditionExpression": "attribute_exists(experiment)"
        }}  # fmt: skip
        put = {"Put": {"TableName": self._table, "Item": to_item(participation.of_nobody())}}
        counts = bool(participation.row["outcomes"])
        self._dynamodb.transact_write_items(TransactItems=[deleted, *([put] if counts else [])])


def _day_of(moment: str) -> str:
    """The beginning of its day: to the second, it could be laid beside the receipt of an event."""
    return f"{moment[:_DAY]}T00:00:00Z"
