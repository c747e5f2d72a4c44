"""What is kept of events beside their receipts, for who looks for one person's: no index leads from a person there.

Who may ask for that is rare, and a sender may name people as it likes: so a tenant's contents are read whole, by a scan
of the table, also those that have expired and wait for DynamoDB to delete them.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from agent_platform import aws, settings
from agent_platform.items import from_item, to_item

_FORGOTTEN = "forgotten with the person whom the event was about"


@dataclass(frozen=True)
class Content:
    """One part with personal data: its record, its name, what it says, and when it expires; None is said by no JSON."""

    record: str
    part: str
    said: Any
    expires_at: int


@dataclass(frozen=True)
class _Settings:
    events_table: str


class Contents:
    """The bodies and prepared requests in the table of events."""

    def __init__(self, *, table: str, dynamodb: Any) -> None:
        self._table, self._dynamodb = table, dynamodb

    def of(self, tenant: str) -> Iterator[Content]:
        """Every body and prepared request of a tenant, read as far as they are taken."""
        pages = self._dynamodb.get_paginator("scan").paginate(
            TableName=self._table,
            ConsistentRead=True,
            FilterExpression="begins_with(#r, :tenant) AND (#p = :body OR begins_with(#p, :prepared))",
            ExpressionAttributeNames={"#r": "record", "#p": "part"},
            ExpressionAttributeValues=to_item({":tenant": f"{tenant}#", ":body": "body", ":prepared": "prepared#"}),
        )
        for page in pages:
            yield from map(_content, map(from_item, page["Items"]))

    def forget(self, record: str) -> int:
        """Delete what an event said, and what its failures quoted; how many parts that were. Its receipt stays."""
        parts = list(self._parts(record))
        failures = [part for part in parts if part.startswith("failure#")]
        contents = [part for part in parts if part == "body" or part.startswith("prepared#")]
        # The failures first: it is by its contents that a record is found again.
        for part in failures:
            self._blank(to_item({"record": record, "part": part}))
        for part in contents:
            self._dynamodb.delete_item(TableName=self._table, Key=to_item({"record": record, "part": part}))
        return len(failures) + len(contents)

    def let_go(self, record: str, *, by: datetime) -> None:
        """Let what an event said be gone by then, unless it goes before; until then it can be read as any other's."""
        aws.condition_held(
            self._dynamodb.update_item,
            TableName=self._table,
            Key=to_item({"record": record, "part": "body"}),
            UpdateExpression="SET expiresAt = :by",
            ConditionExpression="expiresAt > :by",
            ExpressionAttributeValues=to_item({":by": int(by.timestamp())}),
        )

    def _parts(self, record: str) -> Iterator[str]:
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            ConsistentRead=True,
            KeyConditionExpression="#r = :record",
            ProjectionExpression="#p",
            ExpressionAttributeNames={"#r": "record", "#p": "part"},
            ExpressionAttributeValues=to_item({":record": record}),
        )
        for page in pages:
            yield from (item["part"]["S"] for item in page["Items"])

    def _blank(self, key: dict[str, Any]) -> None:
        # A cause was redacted without knowing the person's name.
        self._dynamodb.update_item(
            TableName=self._table,
            Key=key,
            UpdateExpression="SET cause = :forgotten",
            ExpressionAttributeValues=to_item({":forgotten": _FORGOTTEN}),
        )


def _content(item: dict[str, Any]) -> Content:
    kept = item["event"] if item["part"] == "body" else item["content"]
    try:
        said = json.loads(kept)
    except ValueError:
        said = None
    return Content(item["record"], item["part"], said, item["expiresAt"])


@cache
def contents() -> Contents:
    """The stack's events, as the function's environment names their table."""
    return Contents(table=settings.read(_Settings).events_table, dynamodb=aws.client("dynamodb"))
