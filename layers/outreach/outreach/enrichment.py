"""Which features a run works with: the store's row, or what the history and the run's own event make together."""

from collections.abc import Callable
from datetime import datetime
from typing import Literal

from agent_platform import telemetry
from agent_platform.features.entries import Entry
from agent_platform.features.rows import FeatureRow, folded
from agent_platform.features.store import FeatureStore
from agent_platform.moments import iso
from agent_platform.references import EventReference
from aws_lambda_powertools.metrics import MetricUnit

from outreach.brands import Brand
from outreach.contracts import Features, Validated
from outreach.features.customer import customer_of
from outreach.features.entries import says_something
from outreach.features.views import CUSTOMER_VIEW, SUPPORTING
from outreach.neighbourhood import NEIGHBOURHOOD, ranked, shares_in
from outreach.prepared import Prepared

type Source = Literal["event", "store", "none"]

# Of the events that start a run, those that a row takes in: such a row must know the run's own event.
TAKEN_IN = frozenset({"service.completed"})


def enrich(
    state: Validated, prepared: Prepared, brand: Brand, *, store: FeatureStore, own_entry: Callable[[], Entry],
    now: datetime,
) -> Features:  # fmt: skip
    """The features as of the run's time; what isn't known is None with a reason. Nothing is written.

    `own_entry` is what the run's event says; it is asked for only if the row may not hold it. Retention is over or not
    by the clock, also where the run is older.
    """
    reference, customer = EventReference.of(state), state["request"]["customer"]
    definition, as_of = customer_of(brand), datetime.fromisoformat(state["request"]["as_of"])
    row = store.stored(reference.tenant, customer, definition, now=now, as_of=as_of)
    source: Source = "store"
    # A run that is tried again is as if it had gone on at once: it reads nothing that became known since.
    if row is None or row.known_from > iso(as_of) or not _holds(row, reference, prepared["event_time"], own_entry):
        known = store.history.entries(reference.tenant, customer, now=now, as_of=as_of)
        if all(entry.event != reference.digest for entry in known):
            known.append(own_entry())
        row = folded(definition, known, as_of=as_of)
        source = "event" if any(map(says_something, known)) else "none"
    assert row is not None  # noqa: S101 - an event's own entry makes a row, if nothing else does
    features = _features(row, state["request"]["as_of"], source)
    never_bought = features["values"]["services_never_bought"]
    if never_bought["value"]:
        # As it is now: it has no history, and is mostly computed after the run began.
        nearby = store.stored(reference.tenant, customer, NEIGHBOURHOOD, now=now, as_of=as_of)
        never_bought["value"] = ranked(never_bought["value"], shares_in(nearby))
    return features


def measure(features: Features) -> None:
    """Emit whether the store's row did, which costs one read, or the history had to be read and folded."""
    telemetry.emit({"FeatureRowHit": (MetricUnit.Percent, 100 if features["source"] == "store" else 0)})


def _holds(row: FeatureRow, reference: EventReference, event_time: str, own_entry: Callable[[], Entry]) -> bool:
    """Whether a row holds what the run's event says, as far as the event says anything."""
    if reference.event_type in TAKEN_IN:
        return row.knows(reference.digest)
    # What the event is silent about is as the store has it.
    return row.event_time >= event_time or not says_something(own_entry())


def _features(row: FeatureRow, as_of: str, source: Source) -> Features:
    return {
        "view": CUSTOMER_VIEW.name,
        "version": CUSTOMER_VIEW.version,
        "as_of": as_of,
        "source": source,
        "values": {
            name: {"value": each["value"], "reason": each["reason"]}
            for name, each in row.values.items()
            if name not in SUPPORTING
        },
    }
