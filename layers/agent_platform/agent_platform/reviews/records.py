"""Reading what the desk keeps: items, what was said of each, and what came of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from agent_platform import aws, settings
from agent_platform.items import Item, to_item
from agent_platform.moments import iso
from agent_platform.reviews.items import ReviewItem
from agent_platform.reviews.rows import Given, State, decision_key, given_of, item_of, partition, series

_PAGE = 25
# After every moment: "~" follows the digits.
_EVER = "~"


@dataclass(frozen=True)
class _Settings:
    review_table: str


class ReviewRecords:
    """The table of reviews, for those who read it."""

    def __init__(self, *, table: str, dynamodb: Any) -> None:
        self.table, self._dynamodb = table, dynamodb

    def find(self, tenant: str, message_id: str) -> ReviewItem | None:
        """An item as it is now, or None."""
        key = to_item({"review": partition(tenant, message_id), "entry": "item"})
        row = self._row(key)
        return item_of(row) if row else None

    def decision(self, tenant: str, message_id: str, reviewer: str) -> Given | None:
        """What one person said of an item, or None."""
        row = self._row(decision_key(tenant, message_id, reviewer))
        return given_of(row) if row else None

    def said(self, tenant: str, message_id: str) -> list[Given]:
        """All that was said of an item, in its order."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self.table,
            ConsistentRead=True,
            KeyConditionExpression="review = :review AND begins_with(entry, :decision)",
            ExpressionAttributeValues=to_item({":review": partition(tenant, message_id), ":decision": "decision#"}),
        )
        return sorted((given_of(row) for page in pages for row in page["Items"]), key=lambda given: given.at)

    def waiting(self, tenant: str, workflow: str, reviewer: str, *, now: datetime) -> Iterator[ReviewItem]:
        """The items that have a place and that this person hasn't decided on, the longest waiting first."""
        yield from map(item_of, self._rows(tenant, workflow, "open", ("", iso(now)), unseen_by=reviewer))

    def news(self, tenant: str, workflow: str) -> Iterator[ReviewItem]:
        """The items of which it isn't known that the workflow told what came of them, the oldest first."""
        yield from map(item_of, self._rows(tenant, workflow, "news", ("", _EVER)))

    def concluded(self, tenant: str, workflow: str, *, since: str) -> Iterator[ReviewItem]:
        """The items that were concluded, and told, from a moment on."""
        yield from map(item_of, self._rows(tenant, workflow, "concluded", (since, _EVER)))

    def decisions(self, tenant: str, workflow: str, *, since: str) -> Iterator[Given]:
        """All that was said from a moment on, in its order."""
        yield from map(given_of, self._rows(tenant, workflow, "decisions", (since, _EVER)))

    def _rows(
        self, tenant: str, workflow: str, state: State, between: tuple[str, str], *, unseen_by: str = ""
    ) -> Iterator[Item]:
        since, until = between
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self.table,
            IndexName="BySeries",
            KeyConditionExpression="series = :series AND #at BETWEEN :since AND :until",
            FilterExpression="NOT contains(seenBy, :reviewer)",
            ExpressionAttributeNames={"#at": "at"},
            ExpressionAttributeValues=to_item({
                ":series": series(tenant, workflow, state),
                ":since": since or "0",
                ":until": until,
                ":reviewer": unseen_by,
            }),
            PaginationConfig={"PageSize": _PAGE},
        )  # fmt: skip
        for page in pages:
            yield from page["Items"]

    def _row(self, key: Item) -> Item | None:
        row: Item | None = self._dynamodb.get_item(TableName=self.table, Key=key, ConsistentRead=True).get("Item")
        return row


@cache
def review_records() -> ReviewRecords:
    """The stack's reviews, as the function's environment names them."""
    return ReviewRecords(table=settings.read(_Settings).review_table, dynamodb=aws.client("dynamodb"))
