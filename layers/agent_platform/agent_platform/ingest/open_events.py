"""The work list of reconcile: the receipts whose latest run has no recorded end yet."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from agent_platform import aws, settings
from agent_platform.moments import iso, iso_milliseconds
from agent_platform.worklists import Listing, WorkList

LISTING = Listing(index="Open", shard="openShard", due="dueAt", word="open")
# An event that is older than this waits longer than the queue and all its retries in good times take.
PATIENCE = timedelta(minutes=15)


def opened(record: str, *, now: datetime) -> dict[str, str]:
    """The attributes that put a receipt on the list, to be looked at when it had its time.

    Since when it is open is kept for good and finely: a run on it is timed from there.
    """
    return LISTING.attributes(record, due=iso(now + PATIENCE)) | {"openedAt": iso_milliseconds(now)}


@dataclass(frozen=True)
class _Settings:
    events_table: str


@cache
def open_events() -> WorkList:
    """The stack's open events, as the function's environment names them."""
    return WorkList(LISTING, table=settings.read(_Settings).events_table, dynamodb=aws.client("dynamodb"))
