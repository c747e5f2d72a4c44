"""When a customer was last written to, and whether they may be at all."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from agent_platform import aws, settings
from agent_platform.items import Item, from_item, to_item


@dataclass(frozen=True)
class Contact:
    """What outreach remembers of a customer: the time of the last approved message, and the reason of a suppression."""

    last_written_at: str | None = None
    suppressed: str | None = None


@dataclass(frozen=True)
class _Settings:
    contacts_table: str


class Contacts:
    """The table of contacts, by customer reference."""

    def __init__(self, *, table: str, dynamodb: Any) -> None:
        self._table, self._dynamodb = table, dynamodb

    def find(self, tenant: str, customer: str) -> Contact:
        """What is remembered; an unknown customer is one who was never written to."""
        key = to_item({"contact": f"{tenant}#{customer}"})
        item = self._dynamodb.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
        row = from_item(item) if item else {}
        return Contact(row.get("lastWrittenAt"), row.get("suppressed"))

    def written(self, tenant: str, customer: str, *, at: str, expires_at: int) -> Item:
        """The transaction item that notes an approved message; a suppression stays as it is."""
        return {"Update": {
            "TableName": self._table,
            "Key": to_item({"contact": f"{tenant}#{customer}"}),
            "UpdateExpression": "SET lastWrittenAt = :at, expiresAt = :expiry",
            "ExpressionAttributeValues": to_item({":at": at, ":expiry": expires_at}),
        }}  # fmt: skip


@cache
def contacts() -> Contacts:
    """The stack's contacts, as the function's environment names them."""
    return Contacts(table=settings.read(_Settings).contacts_table, dynamodb=aws.client("dynamodb"))
