"""When a customer was last written to, whether they may be at all, and whom a message that is gone was written to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from agent_platform import aws, settings
from agent_platform.items import Item, from_item, to_item
from agent_platform.moments import epoch, iso


@dataclass(frozen=True)
class Contact:
    """What outreach remembers of a customer: the time of the last approved message, and the reason of a suppression.

    Of one who was forgotten it is the suppression alone.
    """

    last_written_at: str | None = None
    suppressed: str | None = None
    forgotten: bool = False


# Why a customer who was forgotten is never written to: what is kept of them is the reference that says so.
FORGOTTEN = "forgotten"
# How long after a message's own retention its addressee may still unsubscribe by it.
_STUB_OUTLIVES = timedelta(days=730)


@dataclass(frozen=True)
class _Settings:
    contacts_table: str


class Contacts:
    """The table of contacts, by customer reference."""

    def __init__(self, *, table: str, dynamodb: Any) -> None:
        self._table, self._dynamodb = table, dynamodb

    def find(self, tenant: str, customer: str, *, receipt: str | None = None) -> Contact:
        """What is remembered; an unknown customer is one who was never written to.

        A message from the event with this receipt doesn't count: another run of it replaces that message.
        """
        key = to_item({"contact": f"{tenant}#{customer}"})
        item = self._dynamodb.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
        row = from_item(item) if item else {}
        own = receipt is not None and row.get("receipt") == receipt
        return Contact(None if own else row.get("lastWrittenAt"), row.get("suppressed"), "forgottenAt" in row)

    def written(self, message: Mapping[str, Any], *, interval_days: int) -> Item:
        """The transaction item that notes an approved message, and fails if the customer may no longer be written to.

        Two runs for one customer may decide at the same time; only here does one of them come first. The note outlives
        the interval, even where personal data is kept for a shorter time.
        """
        at = datetime.fromisoformat(message["asOf"])
        return {"Update": {
            "TableName": self._table,
            "Key": to_item({"contact": f"{message['tenant']}#{message['customer']}"}),
            "UpdateExpression": "SET lastWrittenAt = :at, receipt = :receipt, expiresAt = :expiry",
            "ConditionExpression": "attribute_not_exists(suppressed) AND (attribute_not_exists(lastWrittenAt)"
            " OR lastWrittenAt <= :since OR receipt = :receipt)",
            "ExpressionAttributeValues": to_item({
                ":at": message["asOf"],
                ":receipt": message["receipt"],
                ":expiry": max(message["expiresAt"], epoch(at, days=interval_days + 1)),
                ":since": iso(at - timedelta(days=interval_days)),
            }),
        }}  # fmt: skip

    def addressed(self, message: Mapping[str, Any]) -> Item:
        """The transaction item that notes whom a message was written to, without anything that it says.

        Who unsubscribes by an old message, or complains of it, is suppressed also when it isn't kept any more.
        """
        noted = {"customer": message["customer"], "asOf": message["asOf"]}
        expires_at = datetime.fromtimestamp(message["expiresAt"], UTC) + _STUB_OUTLIVES
        return {"Update": {
            "TableName": self._table,
            "Key": _stub(message["tenant"], message["messageId"]),
            "UpdateExpression": "SET customer = :customer, asOf = :asOf, expiresAt = :expiresAt",
            "ExpressionAttributeValues": to_item(
                {f":{name}": value for name, value in noted.items()} | {":expiresAt": int(expires_at.timestamp())}
            ),
        }}  # fmt: skip

    def addressee(self, tenant: str, message_id: str, *, now: datetime) -> dict[str, Any] | None:
        """The reference of the customer whom a message was written to, and when; None if that isn't known any more."""
        item = self._dynamodb.get_item(TableName=self._table, Key=_stub(tenant, message_id)).get("Item")
        row = from_item(item) if item else {"expiresAt": 0}
        return row if row["expiresAt"] > now.timestamp() else None

    def suppress(self, tenant: str, customer: str, *, reason: str, at: str) -> None:
        """Never write to this customer again; the note doesn't expire, and the earliest reason is the one that is kept.

        Of two reasons at the same moment the first in the alphabet stands, so that their order doesn't matter.
        """
        aws.condition_held(
            self._dynamodb.update_item,
            TableName=self._table,
            Key=to_item({"contact": f"{tenant}#{customer}"}),
            UpdateExpression="SET suppressed = :reason, suppressedAt = :at REMOVE expiresAt",
            ConditionExpression="attribute_not_exists(suppressed) OR suppressedAt > :at"
            " OR (suppressedAt = :at AND suppressed > :reason)",
            ExpressionAttributeValues=to_item({":reason": reason, ":at": at}),
        )

    def forget(self, tenant: str, customer: str, *, at: str, awaits: Sequence[str] = ()) -> None:
        """Keep of a customer that they are never to be written to, and nothing else; the first reason stays.

        What else is known of them is about to go: until `all_forgotten` nobody may let them back. `awaits` names the
        records of runs that may yet write something down, for who runs it again: what leads to them goes too.
        """
        self._dynamodb.update_item(
            TableName=self._table,
            Key=to_item({"contact": f"{tenant}#{customer}"}),
            UpdateExpression="SET forgottenAt = if_not_exists(forgottenAt, :at),"
            " suppressed = if_not_exists(suppressed, :forgotten), suppressedAt = if_not_exists(suppressedAt, :at),"
            " awaits = :awaits"
            " REMOVE lastWrittenAt, receipt, expiresAt, allForgotten",
            ExpressionAttributeValues=to_item({":at": at, ":forgotten": FORGOTTEN, ":awaits": list(awaits)}),
        )

    def all_forgotten(self, tenant: str, customer: str) -> None:
        """Note of a customer who is forgotten that no store holds anything of before any more."""
        aws.condition_held(
            self._dynamodb.update_item,
            TableName=self._table,
            Key=to_item({"contact": f"{tenant}#{customer}"}),
            UpdateExpression="SET allForgotten = :true REMOVE awaits",
            # Who was let back meanwhile is known again.
            ConditionExpression="attribute_exists(forgottenAt)",
            ExpressionAttributeValues=to_item({":true": True}),
        )

    def known_of(self, tenant: str, customer: str) -> dict[str, Any]:
        """All that is remembered of a customer, as it is stored; empty if nothing is."""
        key = to_item({"contact": f"{tenant}#{customer}"})
        item = self._dynamodb.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
        return from_item(item) if item else {}

    def addressed_to(self, tenant: str, customer: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """The ids of the messages that a customer was written, with the notes of it; the table is read whole."""
        stubs = f"{tenant}#message#"
        pages = self._dynamodb.get_paginator("scan").paginate(
            TableName=self._table,
            ConsistentRead=True,
            FilterExpression="begins_with(contact, :stubs) AND customer = :customer",
            ExpressionAttributeValues=to_item({":stubs": stubs, ":customer": customer}),
        )
        rows = (from_item(item) for page in pages for item in page["Items"])
        yield from ((row["contact"].removeprefix(stubs), row) for row in rows)

    def forget_addressee(self, tenant: str, message_id: str) -> None:
        """Delete the note of whom a message was written to."""
        self._dynamodb.delete_item(TableName=self._table, Key=_stub(tenant, message_id))


def _stub(tenant: str, message_id: str) -> Item:
    return to_item({"contact": f"{tenant}#message#{message_id}"})


@cache
def contacts() -> Contacts:
    """The stack's contacts, as the function's environment names them."""
    return Contacts(table=settings.read(_Settings).contacts_table, dynamodb=aws.client("dynamodb"))
