"""What events say about an entity, each said once and in the order in which it happened."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Entry:
    """What one event says about one entity.

    `event` is the digest of the event's record, the same for every run of it; `event_time` is when it happened, and
    `known_from` when it was known here: both as ISO 8601 in UTC, to the second. `content` is JSON.
    """

    event: str
    event_time: str
    known_from: str
    content: Mapping[str, Any]

    @property
    def order(self) -> tuple[str, str]:
        """Where the entry stands among an entity's: by time, and by digest where two events have one time."""
        return (self.event_time, self.event)


@dataclass(frozen=True)
class Kept:
    """An entry as the history holds it, until its retention is over."""

    entry: Entry
    expires_at: int


def each_once(entries: Iterable[Entry]) -> list[Entry]:
    """Every event's entry once, in order."""
    by_order = {entry.order: entry for entry in entries}
    return [by_order[order] for order in sorted(by_order)]


def each_kept_once(entries: Iterable[Kept]) -> list[Kept]:
    """Every event's entry once, in order, and for no longer than the first of its copies."""
    by_order: dict[tuple[str, str], Kept] = {}
    for kept in entries:
        known = by_order.setdefault(kept.entry.order, kept)
        by_order[kept.entry.order] = replace(known, expires_at=min(known.expires_at, kept.expires_at))
    return [by_order[order] for order in sorted(by_order)]
