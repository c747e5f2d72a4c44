"""The table of cases, in which each step of a case is one conditional write.

Whoever publishes, withdraws or removes files says so here before, so that whoever comes after a crash knows what to
finish: such cases are open, and stand in an index that is read with the last write. A row that has a file, or may have
one, is on the list of a sweep and has no time to live: it goes after its file.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from agent_platform import aws, settings
from agent_platform.items import Item, from_item, to_item
from agent_platform.moments import iso
from agent_platform.worklists import Listing, WorkList
from botocore.exceptions import ClientError

from outreach.casebook.rows import CASE, MEMBER, NOBODY, Place, Status, counted, forgotten, member
from outreach.casebook.writing import Segment

_LISTING = Listing(index="Filed", shard="filedShard", due="lookAt", word="filed")
# How long a case that has a file isn't looked at.
_LOOK_AFTER = timedelta(days=1)
_LISTED = f"{_LISTING.shard} = :shard, {_LISTING.due} = :look"
_UNLISTED = f"{_LISTING.shard}, {_LISTING.due}, keptUntil"
_REFUSED = "ConditionalCheckFailed"
# What else changes with a status.
_WITH: Mapping[Status, str] = {
    "publishing": f", keptUntil = if_not_exists(keptUntil, expiresAt), {_LISTED} REMOVE expiresAt",
    "published": " REMOVE openCase",
    "withdrawing": ", openCase = :case",
    "withheld": f", expiresAt = if_not_exists(expiresAt, keptUntil) REMOVE {_UNLISTED}",
    "removed": f", expiresAt = if_not_exists(expiresAt, keptUntil) REMOVE openCase, {_UNLISTED}",
}


@dataclass(frozen=True)
class _Settings:
    cases_table: str


class Casebook:
    """The table of cases and of who belongs to their segments."""

    def __init__(self, *, table: str, dynamodb: Any) -> None:
        self._table, self._dynamodb = table, dynamodb
        self.filed = WorkList(_LISTING, table=table, dynamodb=dynamodb)

    def join(self, segment: Segment, message: Mapping[str, Any]) -> bool:
        """Note a customer of a segment as long as the last of their messages is kept; False if they are forgotten."""
        written = {
            "Item": member(segment, message["customer"]).key | to_item(counted(segment, message)),
            "ConditionExpression": "attribute_not_exists(expiresAt) OR expiresAt < :new",
            "ExpressionAttributeValues": to_item({":new": message["expiresAt"]}),
        }
        return self._unless_forgotten(message, written) is not None

    def add(self, place: Place, message: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
        """Add the case of a message; False if there is one of it already, or its customer was forgotten since."""
        item = place.key | to_item(values)
        written = {"Item": item, "ConditionExpression": "attribute_not_exists(segmentKey)"}
        return self._unless_forgotten(message, written) is True

    def forget(self, tenant: str, customer: str, *, now: datetime, expires_at: int) -> None:
        """Say that nothing may be made any more of what this customer was written until now."""
        values = to_item({"forgottenAt": iso(now), "expiresAt": expires_at})
        self._dynamodb.put_item(TableName=self._table, Item=forgotten(tenant, customer).key | values)

    def members(self, segment: str, *, at_most: int, now: datetime) -> int:
        """How many customers a segment has, counted to at most so many."""
        found = 0
        for page in self._pages(segment, MEMBER, PaginationConfig={"PageSize": 2 * at_most}):
            # DynamoDB deletes expired items within days, not at once.
            found += sum(int(item["expiresAt"]["N"]) > now.timestamp() for item in page["Items"])
            if found >= at_most:
                return at_most
        return found

    def open_cases(self, segment: str) -> Iterator[tuple[Place, dict[str, Any]]]:
        """The cases of a segment that are withheld or on their way, without those that rest published or removed."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            IndexName="Open",
            ConsistentRead=True,
            KeyConditionExpression="segmentKey = :segment",
            ExpressionAttributeValues=to_item({":segment": segment}),
        )
        yield from (_placed(item) for page in pages for item in page["Items"])

    def published_cases(self, segment: str) -> Iterator[tuple[Place, dict[str, Any]]]:
        """The published cases of a segment."""
        for page in self._pages(segment, CASE):
            yield from (each for each in map(_placed, page["Items"]) if each[1]["status"] == "published")

    def move(self, place: Place, before: Status, after: Status, *, now: datetime) -> bool:
        """Change a case's status and what goes with it; False if it has another one than is thought."""
        change = f"SET #status = :after{_WITH.get(after, '')}"
        values = {":before": before, ":after": after, **self._values_in(change, place, now)}
        return aws.condition_held(
            self._dynamodb.update_item,
            TableName=self._table,
            Key=place.key,
            UpdateExpression=change,
            ConditionExpression="#status = :before",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues=to_item(values),
        )

    def row(self, place: Place) -> dict[str, Any]:
        """A case as of now; nothing if there is none."""
        item = self._dynamodb.get_item(TableName=self._table, Key=place.key, ConsistentRead=True).get("Item")
        return from_item(item) if item else {}

    def take_back(self, place: Place, why: str, *, now: datetime, expires_at: int | None = None) -> Status | None:
        """Say that a case is being removed, also one that isn't there yet, and forget what it said; its status before.

        What stays names nobody, and keeps a late piece of news from making the case again; it expires as the case does.
        """
        kept = "if_not_exists(keptUntil, expiresAt)" if expires_at is None else ":expiry"
        change = (
            f"SET #status = :removing, why = :why, tenant = :tenant, customer = :nobody, openCase = :case, {_LISTED}, "
            f"keptUntil = {kept} REMOVE messageId, #text, metadata, expiresAt"
        )
        values: dict[str, Any] = {":removing": "removing", ":why": why, ":tenant": place.tenant, ":nobody": NOBODY}
        values |= self._values_in(change, place, now) | ({} if expires_at is None else {":expiry": expires_at})
        answer = self._dynamodb.update_item(
            TableName=self._table,
            Key=place.key,
            UpdateExpression=change,
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

    def _unless_forgotten(self, message: Mapping[str, Any], written: Mapping[str, Any]) -> bool | None:
        """Whether an item was written by its own condition; None if its customer was forgotten since the message."""
        still_known = {
            "TableName": self._table,
            "Key": forgotten(message["tenant"], message["customer"]).key,
            "ConditionExpression": "attribute_not_exists(forgottenAt) OR forgottenAt < :written",
            "ExpressionAttributeValues": to_item({":written": message["asOf"]}),
        }
        try:
            self._dynamodb.transact_write_items(
                TransactItems=[{"ConditionCheck": still_known}, {"Put": {"TableName": self._table, **written}}]
            )
        except ClientError as error:
            codes = aws.cancellation_codes(error)
            if _REFUSED not in codes or aws.is_transient(error):
                raise
            return None if codes[0] == _REFUSED else False
        return True

    def _values_in(self, change: str, place: Place, now: datetime) -> dict[str, str]:
        known = {":case": place.case, ":shard": _LISTING.shard_of(place.case), ":look": iso(now + _LOOK_AFTER)}
        return {name: value for name, value in known.items() if name in change}

    def _pages(self, segment: str, kind: str, **more: Any) -> Iterator[dict[str, Any]]:
        pages: Iterator[dict[str, Any]] = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            # Whoever comes last must see what all before have written.
            ConsistentRead=True,
            KeyConditionExpression="segmentKey = :segment AND begins_with(entry, :kind)",
            ExpressionAttributeValues=to_item({":segment": segment, ":kind": kind}),
            **more,
        )
        return pages


def _placed(item: Item) -> tuple[Place, dict[str, Any]]:
    row = from_item(item)
    return Place(row["segmentKey"], row["entry"]), row


@cache
def casebook() -> Casebook:
    """The stack's casebook, as the function's environment names its table."""
    return Casebook(table=settings.read(_Settings).cases_table, dynamodb=aws.client("dynamodb"))
