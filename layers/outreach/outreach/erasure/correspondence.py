"""All messages that were written to one customer: found among their tenant's, and deleted."""

from collections.abc import Iterator
from typing import Any

from agent_platform.items import from_item, to_item


class Correspondence:
    """The table of messages, as who looks for one customer's sees it."""

    def __init__(self, *, table: str, dynamodb: Any) -> None:
        self._table, self._dynamodb = table, dynamodb

    def of(self, tenant: str, customer: str) -> Iterator[dict[str, Any]]:
        """A customer's messages and skips, a moment late; all of the tenant's are read, since only time orders them."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            IndexName="ByTime",
            KeyConditionExpression="tenant = :tenant",
            FilterExpression="customer = :customer",
            ExpressionAttributeValues=to_item({":tenant": tenant, ":customer": customer}),
        )
        yield from (from_item(item) for page in pages for item in page["Items"])

    def forget(self, tenant: str, message_id: str) -> None:
        """Delete one message."""
        self._dynamodb.delete_item(TableName=self._table, Key=to_item({"message": f"{tenant}#{message_id}"}))
