"""A row of a view: what is read of one entity at a moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from agent_platform.features.entries import Entry
from agent_platform.features.values import ReadValue, read_at
from agent_platform.features.views import Definition


@dataclass(frozen=True)
class FeatureRow:
    """Every feature of a view ({"value", "reason"} by name), and the time of the latest event that it knows.

    `revision` grows with every change of the stored row, which holds until `expires_at`; None and 0 where the row was
    folded and not read.
    """

    values: dict[str, ReadValue]
    event_time: str
    revision: int | None = None
    expires_at: int = 0


def folded(definition: Definition, entries: Iterable[Entry], *, as_of: datetime) -> FeatureRow | None:
    """The row that these entries make, as it reads at a moment; None if there are none."""
    known = list(entries)
    if not known:
        return None
    values = read_at(definition, definition.computed(known), as_of)
    return FeatureRow(values, max(entry.event_time for entry in known))
