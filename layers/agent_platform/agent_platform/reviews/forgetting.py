"""Items and decisions of messages whose customer is forgotten, or asks for what is kept of them."""

from collections.abc import Iterator
from typing import Any

from agent_platform.items import from_item, to_item
from agent_platform.reviews.rows import partition


class ReviewForgetting:
    """The table of reviews, as who forgets a message sees it."""

    def __init__(self, *, table: str, dynamodb: Any) -> None:
        self._table, self._dynamodb = table, dynamodb

    def of(self, tenant: str, message_id: str) -> Iterator[dict[str, Any]]:
        """A message's item and what was said of it, as it is kept."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            ConsistentRead=True,
            KeyConditionExpression="review = :review",
            ExpressionAttributeValues=to_item({":review": partition(tenant, message_id)}),
        )
        yield from (from_item(item) for page in pages for item in page["Items"])

    def forget(self, tenant: str, message_id: str) -> int:
        """Delete them; how many rows that were. Who has the item in hand is told that it isn't there any more."""
        rows = list(self.of(tenant, message_id))
        for row in rows:
            key = to_item({"review": row["review"], "entry": row["entry"]})
            self._dynamodb.delete_item(TableName=self._table, Key=key)
        return len(rows)
