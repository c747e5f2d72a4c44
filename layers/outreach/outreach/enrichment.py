"""Which features a run works with: its own event's, written to the store, or the store's where the event has none."""

from datetime import datetime

from agent_platform.features import FeatureStore

from outreach.brands import Brand
from outreach.contracts import Features, FeatureValue, Prepared, Validated
from outreach.facts import names_in
from outreach.features import AGEING, compute_features

VIEW, VERSION = "customer", 1


def enrich(state: Validated, prepared: Prepared, brand: Brand, *, store: FeatureStore, expires_at: int) -> Features:
    """The features as of the run's time; what isn't known is None with a reason."""
    request, tenant = state["request"], state["tenant"]
    view, as_of = f"{VIEW}@{VERSION}", datetime.fromisoformat(request["as_of"])
    computed = compute_features(
        prepared["history"],
        property=prepared["property"],
        services=brand.services,
        as_of=as_of,
        names=names_in(prepared["identity"]),
    )
    features: Features = {
        "view": VIEW, "version": VERSION, "as_of": request["as_of"], "source": "event", "values": computed,
    }  # fmt: skip
    if prepared["history"]:
        event_time = prepared["event_time"]
        store.write(tenant, request["customer"], view, computed, event_time=event_time, expires_at=expires_at)
        return features
    row = store.read(tenant, request["customer"], view, now_epoch=as_of.timestamp())
    if row is None:
        return {**features, "source": "none"}
    # What counts the days until now was true when it was stored.
    aged: dict[str, FeatureValue] = {name: {"value": None, "reason": "stale"} for name in AGEING if name in row.values}
    return {**features, "as_of": row.event_time, "source": "store", "values": row.values | aged}
