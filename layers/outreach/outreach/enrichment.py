"""Which features a run works with: the store's row, or what the history and the run's own event make together."""

from collections.abc import Callable
from datetime import datetime
from typing import Literal

from agent_platform.features.entries import Entry
from agent_platform.features.rows import FeatureRow, folded
from agent_platform.features.store import FeatureStore

from outreach.brands import Brand
from outreach.contracts import Features, Prepared, Validated
from outreach.features.customer import customer_of
from outreach.features.entries import says_something
from outreach.features.views import CUSTOMER_VIEW, SUPPORTING
from outreach.neighbourhood import NEIGHBOURHOOD, ranked

type Source = Literal["event", "store", "none"]


def enrich(
    state: Validated, prepared: Prepared, brand: Brand, *, store: FeatureStore, own_entry: Callable[[], Entry]
) -> Features:
    """The features as of the run's time; what isn't known is None with a reason. Nothing is written.

    `own_entry` is what the run's event says; it is asked for only if the row is older than the event.
    """
    request, tenant = state["request"], state["tenant"]
    definition, as_of = customer_of(brand), datetime.fromisoformat(request["as_of"])
    row = store.read(tenant, request["customer"], definition, now=as_of)
    source: Source = "store"
    if row is None or row.event_time < prepared["event_time"]:
        own = own_entry()
        # What the event is silent about is as the store has it.
        if row is None or says_something(own):
            known = [*store.history.entries(tenant, request["customer"], now=as_of), own]
            row = folded(definition, known, as_of=as_of)
            source = "event" if any(map(says_something, known)) else "none"
    assert row is not None  # noqa: S101 - an event's own entry makes a row, if nothing else does
    features = _features(row, request["as_of"], source)
    never_bought = features["values"]["services_never_bought"]
    if never_bought["value"]:
        nearby = store.read(tenant, request["customer"], NEIGHBOURHOOD, now=as_of)
        shares = nearby.values["bought_nearby"]["value"] if nearby else None
        never_bought["value"] = ranked(never_bought["value"], shares)
    return features


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
