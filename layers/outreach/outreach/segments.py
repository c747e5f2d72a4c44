"""How many messages of a segment people were given to see: counted in the transaction that stores each of them."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from agent_platform import aws, settings
from agent_platform.items import Item, from_item, to_item


@dataclass(frozen=True)
class _Settings:
    contacts_table: str


class Segments:
    """The counts in the table of contacts; they are of nobody, and don't expire."""

    def __init__(self, *, table: str, dynamodb: Any) -> None:
        self._table, self._dynamodb = table, dynamodb

    def seen(self, tenant: str, segment: str) -> int:
        """How many messages of this segment were given to people to see because it is new."""
        item = self._dynamodb.get_item(TableName=self._table, Key=_key(tenant, segment), ConsistentRead=True).get(
            "Item"
        )
        return int(from_item(item)["seen"]) if item else 0

    def counted(self, tenant: str, segment: str) -> Item:
        """The transaction item that counts one more; of Stores at once a few more than were wanted may count."""
        return {"Update": {
            "TableName": self._table,
            "Key": _key(tenant, segment),
            "UpdateExpression": "ADD seen :one",
            "ExpressionAttributeValues": to_item({":one": 1}),
        }}  # fmt: skip


def _key(tenant: str, segment: str) -> Item:
    return to_item({"contact": f"{tenant}#segment#{segment}"})


@cache
def segments() -> Segments:
    """The stack's counts, as the function's environment names their table."""
    return Segments(table=settings.read(_Settings).contacts_table, dynamodb=aws.client("dynamodb"))
