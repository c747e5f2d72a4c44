"""A row of a view: what is read of one entity at a moment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from agent_platform.features.entries import Entry
from agent_platform.features.values import ReadValue, read_at
from agent_platform.features.views import Definition, Value


@dataclass(frozen=True)
class FeatureRow:
    """Every feature of a view ({"value", "reason"} by name), and the time of the latest event that it knows.

    `revision` grows with every change of the stored row, which holds until `expires_at`; None and 0 where the row was
    folded and not read. `event_times` are those of the events that the values are from, also of one that is stale.
    """

    values: dict[str, ReadValue]
    event_time: str
    revision: int | None = None
    expires_at: int = 0
    event_times: Mapping[str, str | None] = field(default_factory=dict, compare=False)


def row_at(
    definition: Definition,
    stored: Mapping[str, Value],
    as_of: datetime,
    *,
    event_time: str,
    revision: int | None = None,
    expires_at: int = 0,
) -> FeatureRow:
    """The row of these values as it reads at a moment."""
    read = read_at(definition, stored, as_of)
    values: dict[str, ReadValue] = {name: {"value": each.value, "reason": each.reason} for name, each in read.items()}
    times = {name: each.event_time for name, each in read.items()}
    return FeatureRow(values, event_time, revision, expires_at, times)


def folded(definition: Definition, entries: Iterable[Entry], *, as_of: datetime) -> FeatureRow | None:
    """The row that these entries make, as it reads at a moment; None if there are none."""
    known = list(entries)
    if not known:
        return None
    latest = max(entry.event_time for entry in known)
    return row_at(definition, definition.computed(known), as_of, event_time=latest)
