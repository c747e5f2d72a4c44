"""A sparse index as the work list of a sweep: what has the index's attributes is on it, and when its turn comes.

Its partition key is one of sixteen fixed words and not a tenant: a sweep mustn't depend on a list of tenants, since a
source may be gone while its work is open, and one word alone would be the partition that slows every write down. No
tenant reads it, and it holds keys only; the item itself stands under its tenant's key.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Any

from agent_platform import aws
from agent_platform.items import from_item, to_item
from agent_platform.moments import iso

_PAGE = 25


@dataclass(frozen=True)
class Listing:
    """Where a list is: the index, the attributes that are its key, and the word before the shards' sixteen digits."""

    index: str
    shard: str
    due: str
    word: str

    @property
    def shards(self) -> list[str]:
        """The sixteen partitions of the index."""
        return [self.shard_of(f"{digit:x}") for digit in range(16)]

    def shard_of(self, key: str) -> str:
        """The partition of an item whose key ends with a hex digit."""
        return f"{self.word}#{int(key[-1], 16):x}"

    def attributes(self, key: str, *, due: str) -> dict[str, str]:
        """What puts an item on the list, to be looked at from then on."""
        return {self.shard: self.shard_of(key), self.due: due}


@dataclass(frozen=True)
class Due:
    """Something whose turn it is: its item's key, and since when it is due."""

    key: dict[str, str]
    due_at: str


class WorkList:
    """The items that are on a list."""

    def __init__(self, listing: Listing, *, table: str, dynamodb: Any) -> None:
        self._listing, self._table, self._dynamodb = listing, table, dynamodb

    def due(self, now: datetime) -> Iterator[Due]:
        """What is due, the longest waiting first in each shard; shards take turns, so that none starves another."""
        for turn in zip_longest(*(self._pages(shard, now) for shard in self._listing.shards), fillvalue=[]):
            for page in turn:
                yield from page

    def claim(self, due: Due, *, until: datetime) -> bool:
        """Take it off the list until then; False if it was closed, or another sweep took it, meanwhile."""
        return aws.condition_held(
            self._dynamodb.update_item,
            TableName=self._table,
            Key=to_item(due.key),
            UpdateExpression="SET #due = :until",
            ConditionExpression="#due = :due",
            ExpressionAttributeNames={"#due": self._listing.due},
            ExpressionAttributeValues=to_item({":until": iso(until), ":due": due.due_at}),
        )

    def _pages(self, shard: str, now: datetime) -> Iterator[list[Due]]:
        listing = self._listing
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            IndexName=listing.index,
            KeyConditionExpression="#shard = :shard AND #due <= :now",
            ExpressionAttributeNames={"#shard": listing.shard, "#due": listing.due},
            ExpressionAttributeValues=to_item({":shard": shard, ":now": iso(now)}),
            PaginationConfig={"PageSize": _PAGE},
        )
        for page in pages:
            yield [_due(from_item(item), listing) for item in page["Items"]]


def _due(item: dict[str, str], listing: Listing) -> Due:
    key = {name: value for name, value in item.items() if name not in {listing.shard, listing.due}}
    return Due(key, item[listing.due])
