"""A row of a view: what is read of one entity at a moment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from agent_platform.features.entries import Entry
from agent_platform.features.values import ReadValue, read_at, unpacked
from agent_platform.features.views import Definition, Value

# Of so many events a row says that it knows them, each by so many digits of its digest. One that it doesn't name may
# be known to it all the same.
_MOST_NAMED, _DIGITS = 50, 12


@dataclass(frozen=True)
class FeatureRow:
    """Every feature of a view ({"value", "reason"} by name), and the time of the latest event that it knows.

    `revision` grows with every change of the stored row, which holds until `expires_at`; None and 0 where the row was
    folded and not read. `event_times` are those of the events that the values are from, also of one that is stale.
    `known_from` is when the last of its events became known, and `named` the events that it says it knows; both are of
    stored rows of a folded view alone.
    """

    values: dict[str, ReadValue]
    event_time: str
    revision: int | None = None
    expires_at: int = 0
    event_times: Mapping[str, str | None] = field(default_factory=dict, compare=False)
    known_from: str = ""
    named: frozenset[str] = frozenset()

    def knows(self, event: str) -> bool:
        """Whether the row is known to hold what an event says, by the event's digest."""
        return event[:_DIGITS] in self.named


def names_of(entries: Iterable[Entry]) -> str:
    """The events that a row of these entries names: those that became known last, so also one that came late."""
    latest = sorted(entries, key=lambda entry: (entry.known_from, entry.event))[-_MOST_NAMED:]
    return " ".join(entry.event[:_DIGITS] for entry in latest)


def row_of(definition: Definition, item: Mapping[str, Any], as_of: datetime) -> FeatureRow:
    """The row that an item holds, as it reads at a moment."""
    values, event_times = _read(definition, unpacked(definition.view, item["packed"]), as_of)
    return FeatureRow(
        values,
        event_time=item["eventTime"],
        revision=item["revision"],
        expires_at=item["expiresAt"],
        event_times=event_times,
        known_from=item.get("knownFrom", ""),
        named=frozenset(item.get("names", "").split()),
    )


def folded(definition: Definition, entries: Iterable[Entry], *, as_of: datetime) -> FeatureRow | None:
    """The row that these entries make, as it reads at a moment; None if there are none."""
    known = list(entries)
    if not known:
        return None
    values, event_times = _read(definition, definition.computed(known), as_of)
    return FeatureRow(values, max(entry.event_time for entry in known), event_times=event_times)


def _read(
    definition: Definition, stored: Mapping[str, Value], as_of: datetime
) -> tuple[dict[str, ReadValue], dict[str, str | None]]:
    """What these values read as, and the times of the events that they are from."""
    read = read_at(definition, stored, as_of)
    values: dict[str, ReadValue] = {name: {"value": each.value, "reason": each.reason} for name, each in read.items()}
    return values, {name: each.event_time for name, each in read.items()}
