"""An entity's history: entries that are only added, compacted into segments, and gone when their retention is over.

    history#entry#<event time>#<event>              one entry, loose
    history#segment#<month of expiry>#<number>      many entries, compressed

A segment is written before its loose entries are deleted, and its name comes after theirs: whoever reads in the order
of the names misses nothing, and may see an entry twice. Entries of one segment expire within one month, so that none
stays much longer than its retention because of another.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from agent_platform.features.entries import Entry, Kept, each_kept_once
from agent_platform.features.partition import NEW, Partition
from agent_platform.features.segments import Segment, cut
from agent_platform.moments import iso

MOST_LOOSE = 30
_ALL, _LOOSE, _SEGMENTS = "history#", "history#entry#", "history#segment#"


@dataclass(frozen=True)
class Held:
    """What a history holds at a moment: its entries, each once and in order, and how many items are loose."""

    entries: list[Kept]
    loose: int


@dataclass(frozen=True)
class _Items:
    loose: list[Kept]
    segments: dict[str, Segment]

    def all(self) -> list[Kept]:
        compacted = (kept for segment in self.segments.values() for kept in segment.entries)
        return each_kept_once([*self.loose, *compacted])


class History:
    """The histories of all entities, in the table of their rows."""

    def __init__(self, table: str, dynamodb: Any) -> None:
        self._table, self._dynamodb = table, dynamodb

    def add(self, tenant: str, entity: str, entry: Entry, *, expires_at: int) -> bool:
        """Add what an event says; False if it stands there loose already.

        One that was compacted meanwhile is added again, and told once. Whoever repeats an event gives the same entry
        and the same expiry, or the first ones stay.
        """
        content = json.dumps(entry.content, ensure_ascii=False, separators=(",", ":"))
        attributes = {"content": content, "knownFrom": entry.known_from, "expiresAt": expires_at}
        return self._partition(tenant, entity).put(_loose_name(entry), attributes, NEW)

    def entries(self, tenant: str, entity: str, *, now: datetime, as_of: datetime | None = None) -> list[Entry]:
        """The entries whose retention isn't over, each once and in order; with `as_of` those that were known then."""
        entries = (kept.entry for kept in self.held(tenant, entity, now=now).entries)
        return [entry for entry in entries if as_of is None or entry.known_from <= iso(as_of)]

    def all(self, tenant: str, entity: str) -> list[Kept]:
        """Every entry that is still there, also those whose retention is over."""
        return _read(self._partition(tenant, entity)).all()

    def held(self, tenant: str, entity: str, *, now: datetime) -> Held:
        """All that is held and may be used, read strongly."""
        items = _read(self._partition(tenant, entity))
        return Held(_live(items.all(), now), len(items.loose))

    def compact(self, tenant: str, entity: str, *, now: datetime) -> int:
        """Move the loose entries into segments; how many were moved. Two who compact at once lose nothing."""
        partition = self._partition(tenant, entity)
        items = _read(partition)
        loose = sorted(_live(items.loose, now), key=_month)
        return sum(
            _compact(partition, month, list(entries), items.segments, now) for month, entries in groupby(loose, _month)
        )

    def _partition(self, tenant: str, entity: str) -> Partition:
        return Partition(self._table, self._dynamodb, tenant, entity)


def is_history(item: Mapping[str, Any]) -> bool:
    """Whether an item of an entity is a part of its history, and not a row."""
    return str(item["view"]).startswith(_ALL)


def _read(partition: Partition) -> _Items:
    items = _Items([], {})
    for item in partition.below(_ALL):
        if item["view"].startswith(_LOOSE):
            items.loose.append(_loose(item))
        else:
            items.segments[item["view"]] = Segment.read(item)
    return items


def _loose_name(entry: Entry) -> str:
    return f"{_LOOSE}{entry.event_time}#{entry.event}"


def _loose(item: Mapping[str, Any]) -> Kept:
    event_time, event = item["view"].removeprefix(_LOOSE).split("#")
    return Kept(Entry(event, event_time, item["knownFrom"], json.loads(item["content"])), item["expiresAt"])


def _live(entries: Sequence[Kept], now: datetime) -> list[Kept]:
    return [kept for kept in entries if kept.expires_at > now.timestamp()]


def _month(kept: Kept) -> str:
    return datetime.fromtimestamp(kept.expires_at, UTC).strftime("%Y-%m")


def _compact(
    partition: Partition, month: str, loose: Sequence[Kept], segments: Mapping[str, Segment], now: datetime
) -> int:
    """Move entries that expire in one month into its last segment, or into new ones where that is full."""
    names = [name for name in segments if name.startswith(f"{_SEGMENTS}{month}#")]
    if names:
        before = segments[names[-1]]
        more = Segment.of(each_kept_once([*_live(before.entries, now), *loose]))
        if more.fits:
            # By its digest: a segment that another wrote meanwhile holds what this one doesn't know.
            replaced = partition.put(names[-1], more.attributes(), "digest = :was", was=before.digest)
            return _delete(partition, loose) if replaced else 0
    moved = 0
    for number, segment in enumerate(cut(each_kept_once(loose)), start=len(names) + 1):
        if not partition.put(f"{_SEGMENTS}{month}#{number:04}", segment.attributes(), NEW):
            return moved
        moved += _delete(partition, segment.entries)
    return moved


def _delete(partition: Partition, entries: Sequence[Kept]) -> int:
    partition.delete(_loose_name(kept.entry) for kept in entries)
    return len(entries)
