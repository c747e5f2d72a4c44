"""The work list of reconcile: a sparse index on the receipts whose latest run has no recorded end yet.

Its partition key is one of sixteen fixed words and not a tenant: a sweep mustn't depend on a list of tenants, since a
source may be gone while its events are open, and one word alone would be the partition that slows every accepted event
down. No tenant reads it, and it holds keys only; the receipt itself stands under its tenant's key.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import zip_longest
from typing import Any

from agent_platform import aws, settings
from agent_platform.items import from_item, to_item
from agent_platform.moments import iso

INDEX = "Open"
SHARDS = tuple(f"open#{digit:x}" for digit in range(16))
# An event that is older than this waits longer than the queue and all its retries in good times take.
PATIENCE = timedelta(minutes=15)
_PAGE = 25


def opened(record: str, *, now: datetime) -> dict[str, str]:
    """The attributes that put a receipt on the list, to be looked at when it had its time."""
    return {"openShard": SHARDS[int(record[-1], 16)], "openedAt": iso(now), "dueAt": iso(now + PATIENCE)}


@dataclass(frozen=True)
class Due:
    """An open event whose turn it is: its record's key, and since when it is due."""

    record: str
    due_at: str


@dataclass(frozen=True)
class _Settings:
    events_table: str


class OpenEvents:
    """The index on open events."""

    def __init__(self, *, table: str, dynamodb: Any) -> None:
        self._table, self._dynamodb = table, dynamodb

    def due(self, now: datetime) -> Iterator[Due]:
        """What is due, the longest waiting first in each shard; shards take turns, so that none starves another."""
        for turn in zip_longest(*(self._pages(shard, now) for shard in SHARDS), fillvalue=[]):
            for page in turn:
                yield from page

    def claim(self, due: Due, *, until: datetime) -> bool:
        """Take an event off the list until then; False if it was closed, or another sweep took it, meanwhile."""
        return aws.condition_held(
            self._dynamodb.update_item,
            TableName=self._table,
            Key=to_item({"record": due.record, "part": "receipt"}),
            UpdateExpression="SET dueAt = :until",
            ConditionExpression="dueAt = :due",
            ExpressionAttributeValues=to_item({":until": iso(until), ":due": due.due_at}),
        )

    def _pages(self, shard: str, now: datetime) -> Iterator[list[Due]]:
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            IndexName=INDEX,
            KeyConditionExpression="openShard = :shard AND dueAt <= :now",
            ExpressionAttributeValues=to_item({":shard": shard, ":now": iso(now)}),
            PaginationConfig={"PageSize": _PAGE},
        )
        for page in pages:
            yield [Due(item["record"], item["dueAt"]) for item in map(from_item, page["Items"])]


@cache
def open_events() -> OpenEvents:
    """The stack's open events, as the function's environment names them."""
    return OpenEvents(table=settings.read(_Settings).events_table, dynamodb=aws.client("dynamodb"))
