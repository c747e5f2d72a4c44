"""Segments of a history: many entries in one compressed item, none of which is lost or changed."""

import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from agent_platform.features.entries import Entry, Kept

# An item holds 400 KB: a segment is full well before.
MOST_BYTES = 250_000


@dataclass(frozen=True)
class Segment:
    """Entries packed together, and the digest that stands for exactly these."""

    entries: tuple[Kept, ...]
    packed: bytes

    @classmethod
    def of(cls, entries: Sequence[Kept]) -> Self:
        """These entries as one segment, however large."""
        content = [_fields(kept) for kept in entries]
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        return cls(tuple(entries), zlib.compress(text.encode()))

    @classmethod
    def read(cls, item: Mapping[str, Any]) -> Self:
        """The segment that an item is."""
        content = json.loads(zlib.decompress(item["packed"]))
        return cls(tuple(Kept(Entry(*entry), expires_at) for *entry, expires_at in content), item["packed"])

    @property
    def digest(self) -> str:
        """Hex SHA-256 of what is packed."""
        return hashlib.sha256(self.packed).hexdigest()

    @property
    def fits(self) -> bool:
        """Whether the segment may be an item."""
        return len(self.packed) <= MOST_BYTES

    def attributes(self) -> dict[str, Any]:
        """What an item holds of the segment: it goes with the last of its entries."""
        expires_at = max(kept.expires_at for kept in self.entries)
        return {"packed": self.packed, "digest": self.digest, "expiresAt": expires_at}


def _fields(kept: Kept) -> list[Any]:
    entry = kept.entry
    return [entry.event, entry.event_time, entry.known_from, entry.content, kept.expires_at]


def cut(entries: Sequence[Kept]) -> Iterator[Segment]:
    """These entries in as few halvings as make segments that fit; an entry too large for any is in none."""
    segment = Segment.of(entries)
    if segment.fits:
        yield segment
    elif len(entries) > 1:
        middle = len(entries) // 2
        yield from cut(entries[:middle])
        yield from cut(entries[middle:])
