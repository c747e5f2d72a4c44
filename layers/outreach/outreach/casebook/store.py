"""The table of cases: for each segment its customers, and its cases with what became of them.

A case is withheld, then publishing, then published; or refused, with the reason; or removing, then removed, for good:
what a message once lost it doesn't get back by being told of it again. Whoever publishes or removes files says so here
before, so that whoever comes after a crash knows what to finish.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Literal

from agent_platform import aws, settings
from agent_platform.items import Item, from_item, to_item

from outreach.casebook.writing import Case, Segment

type Status = Literal["withheld", "publishing", "published", "refused", "removing", "removed"]

_MEMBER, _CASE = "member#", "case#"
# What of a case says of whom it was made, or what they were written.
_OF_THE_CUSTOMER = "messageId, #text, metadata"
_NOBODY = "nobody"


@dataclass(frozen=True)
class Place:
    """Where an entry of the table is."""

    segment: str
    entry: str

    @property
    def case(self) -> str:
        """The case's id."""
        return self.entry.removeprefix(_CASE)

    @property
    def tenant(self) -> str:
        """Whose it is."""
        return self.segment.partition("#")[0]

    @property
    def is_case(self) -> bool:
        """Whether it is a case, and not a member."""
        return self.entry.startswith(_CASE)

    @property
    def key(self) -> Item:
        """The item's key."""
        return to_item({"segmentKey": self.segment, "entry": self.entry})


@dataclass(frozen=True)
class _Settings:
    cases_table: str


class Casebook:
    """The table of cases and of who belongs to their segments."""

    def __init__(self, *, table: str, dynamodb: Any) -> None:
        self._table, self._dynamodb = table, dynamodb

    def join(self, segment: Segment, customer: str, *, expires_at: int) -> None:
        """Note that a customer of a segment was written to; again changes nothing but for how long it is known."""
        item = {"segmentKey": segment.key, "entry": _MEMBER + customer, "tenant": segment.tenant, "customer": customer}
        self._dynamodb.put_item(TableName=self._table, Item=to_item(item | {"expiresAt": expires_at}))

    def members(self, segment: str, *, at_most: int, now: datetime) -> int:
        """How many customers a segment has, counted to at most so many."""
        pages = self._dynamodb.get_paginator("query").paginate(
            **self._entries(segment, _MEMBER), PaginationConfig={"PageSize": 2 * at_most}
        )
        found = 0
        for page in pages:
            # DynamoDB deletes expired items within days, not at once.
            found += sum(int(item["expiresAt"]["N"]) > now.timestamp() for item in page["Items"])
            if found >= at_most:
                return at_most
        return found

    def add(self, place: Place, values: Mapping[str, Any]) -> bool:
        """Add a case; False if there is one of that message already, whatever became of it."""
        return aws.condition_held(
            self._dynamodb.put_item,
            TableName=self._table,
            Item=place.key | to_item(values),
            ConditionExpression="attribute_not_exists(segmentKey)",
        )

    def cases(self, segment: str) -> Iterator[tuple[Place, dict[str, Any]]]:
        """All cases of a segment."""
        pages = self._dynamodb.get_paginator("query").paginate(**self._entries(segment, _CASE))
        yield from (_placed(item) for page in pages for item in page["Items"])

    def move(self, place: Place, before: Status, after: Status) -> bool:
        """Change a case's status; False if it has another one than is thought. A published text is in its file only."""
        return aws.condition_held(
            self._dynamodb.update_item,
            TableName=self._table,
            Key=place.key,
            UpdateExpression="SET #status = :after" + (" REMOVE #text" if after == "published" else ""),
            ConditionExpression="#status = :before",
            ExpressionAttributeNames={"#status": "status"} | ({"#text": "text"} if after == "published" else {}),
            ExpressionAttributeValues=to_item({":before": before, ":after": after}),
        )

    def status(self, place: Place) -> Status | None:
        """A case's status as of now."""
        item = self._dynamodb.get_item(TableName=self._table, Key=place.key, ConsistentRead=True).get("Item")
        return from_item(item)["status"] if item else None

    def take_back(self, place: Place, why: str, *, expires_at: int | None = None) -> Status | None:
        """Say that a case is being removed, also one that isn't there yet, and forget what it said; its status before.

        What stays names nobody, and keeps a late piece of news from making the case again; it expires as the case does.
        """
        values: dict[str, Any] = {":removing": "removing", ":why": why, ":tenant": place.tenant, ":nobody": _NOBODY}
        values |= {} if expires_at is None else {":expiry": expires_at}
        answer = self._dynamodb.update_item(
            TableName=self._table,
            Key=place.key,
            UpdateExpression="SET #status = :removing, why = :why, tenant = :tenant, customer = :nobody"
            + ("" if expires_at is None else ", expiresAt = :expiry")
            + f" REMOVE {_OF_THE_CUSTOMER}",
            ExpressionAttributeNames={"#status": "status", "#text": "text"},
            ExpressionAttributeValues=to_item(values),
            ReturnValues="ALL_OLD",
        )
        before: Status | None = from_item(answer.get("Attributes", {})).get("status")
        return before

    def delete_member(self, place: Place) -> None:
        """Delete a customer from a segment."""
        self._dynamodb.delete_item(TableName=self._table, Key=place.key)

    def of(self, tenant: str, customer: str | None = None) -> Iterator[tuple[Place, dict[str, Any]]]:
        """A tenant's members and cases, or those of one customer, without the cases' texts; a moment late."""
        condition, values = "tenant = :tenant", {":tenant": tenant}
        if customer is not None:
            condition, values = f"{condition} AND customer = :customer", values | {":customer": customer}
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            IndexName="ByCustomer",
            KeyConditionExpression=condition,
            ExpressionAttributeValues=to_item(values),
        )
        yield from (_placed(item) for page in pages for item in page["Items"])

    def _entries(self, segment: str, kind: str) -> dict[str, Any]:
        return {
            "TableName": self._table,
            # Whoever comes last must see what all before have written.
            "ConsistentRead": True,
            "KeyConditionExpression": "segmentKey = :segment AND begins_with(entry, :kind)",
            "ExpressionAttributeValues": to_item({":segment": segment, ":kind": kind}),
        }


def place_of(segment: Segment, case: str) -> Place:
    """Where a case is."""
    return Place(segment.key, _CASE + case)


def withheld(case: Case, message: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of a case until it may be read, and as long as its customer may ask for it."""
    return _made_of(message) | {"status": "withheld", "text": case.text, "metadata": case.metadata}


def refused(message: Mapping[str, Any], why: str) -> dict[str, Any]:
    """What is kept of a message that went well and becomes no case."""
    return _made_of(message) | {"status": "refused", "why": why}


def _made_of(message: Mapping[str, Any]) -> dict[str, Any]:
    return {name: message[name] for name in ("tenant", "customer", "messageId", "purpose", "expiresAt")}


def _placed(item: Item) -> tuple[Place, dict[str, Any]]:
    row = from_item(item)
    return Place(row["segmentKey"], row["entry"]), row


@cache
def casebook() -> Casebook:
    """The stack's casebook, as the function's environment names its table."""
    return Casebook(table=settings.read(_Settings).cases_table, dynamodb=aws.client("dynamodb"))
