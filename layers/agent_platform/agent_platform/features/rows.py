"""A row of a view: what is read of one entity at a moment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from agent_platform.features.entries import Entry
from agent_platform.features.values import ReadValue, read_at, unpacked
from agent_platform.features.views import Definition, Value

# Of so many events a row says that it knows them, each by so many digits of its digest. One that it doesn't name may
# be known to it all the same.
_MOST_NAMED, _DIGITS = 50, 12


@dataclass(frozen=True)
class FeatureRow:
    """Every feature of a view by name, and the time of the latest event that it knows.

    `revision` grows with every change of the stored row, which holds until `expires_at`; None and 0 where the row was
    folded and not read. `known_from` is when the last of its events became known, and `named` the events that it says
    it knows, as names_of gives them; both are of stored rows of a folded view alone.
    """

    features: Mapping[str, Value]
    event_time: str
    revision: int | None = None
    expires_at: int = 0
    known_from: str = ""
    named: str = ""

    @cached_property
    def values(self) -> dict[str, ReadValue]:
        """What a run is given: {"value", "reason"} by name."""
        return {name: {"value": each.value, "reason": each.reason} for name, each in self.features.items()}

    def knows(self, event: str) -> bool:
        """Whether the row is known to hold what an event says, by the event's digest."""
        return event[:_DIGITS] in self.named.split()


def names_of(entries: Iterable[Entry]) -> str:
    """The events that a row of these entries names: those that became known last, so also one that came late."""
    latest = sorted(entries, key=lambda entry: (entry.known_from, entry.event))[-_MOST_NAMED:]
    return " ".join(entry.event[:_DIGITS] for entry in latest)


def row_of(definition: Definition, item: Mapping[str, Any], as_of: datetime) -> FeatureRow:
    """The row that an item holds, as it reads at a moment."""
    return FeatureRow(
        read_at(definition, unpacked(item["packed"]), as_of),
        event_time=item["eventTime"],
        revision=item["revision"],
        expires_at=item["expiresAt"],
        known_from=item.get("knownFrom", ""),
        named=item.get("names", ""),
    )


def folded(definition: Definition, entries: Iterable[Entry], *, as_of: datetime) -> FeatureRow | None:
    """The row that these entries make, as it reads at a moment; None if there are none."""
    known = list(entries)
    if not known:
        return None
    stored = definition.computed(known)
    return FeatureRow(read_at(definition, stored, as_of), max(entry.event_time for entry in known))
