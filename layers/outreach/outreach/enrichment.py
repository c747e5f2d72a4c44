"""Which features a run works with: its own event's, written to the store, or the store's where the event has none."""

from datetime import datetime, timedelta

from agent_platform.features.store import FeatureStore
from agent_platform.features.views import Definition, Feature, FeatureType, FeatureView, Value

from outreach.brands import Brand
from outreach.contracts import Features, Prepared, Validated
from outreach.facts import names_in
from outreach.features import compute_features


def _feature(name: str, kind: FeatureType, unit: str = "", *, time_to_live: timedelta | None = None) -> Feature:
    return Feature(name, kind, unit, time_to_live, "outreach", "not_stated", "", "sequence")


# What counts the days until now was true when it was stored.
_AT_ONCE = timedelta(0)
CUSTOMER = Definition(FeatureView("customer", 1, "customer", "outreach", (
    _feature("satisfaction_average", "number"),
    _feature("satisfaction_trend", "number"),
    _feature("service_count", "whole number"),
    _feature("days_since_last_service", "whole number", "days", time_to_live=_AT_ONCE),
    _feature("cadence_days", "number", "days"),
    _feature("overdue_factor", "number", time_to_live=_AT_ONCE),
    _feature("lifetime_value", "numbers by name", "minor units by currency"),
    _feature("services_never_bought", "texts"),
    _feature("property_type", "text"),
    _feature("lot_size", "number"),
    _feature("lot_size_unit", "text"),
    _feature("property_features", "texts"),
)))  # fmt: skip


def enrich(state: Validated, prepared: Prepared, brand: Brand, *, store: FeatureStore, expires_at: int) -> Features:
    """The features as of the run's time; what isn't known is None with a reason."""
    request, tenant, view = state["request"], state["tenant"], CUSTOMER.view
    as_of = datetime.fromisoformat(request["as_of"])
    computed = compute_features(
        prepared["history"],
        property=prepared["property"],
        services=brand.services,
        as_of=as_of,
        names=names_in(prepared["identity"]),
    )
    features: Features = {
        "view": view.name, "version": view.version, "as_of": request["as_of"], "source": "event", "values": computed,
    }  # fmt: skip
    if prepared["history"]:
        event_time = prepared["event_time"]
        values = {name: Value(each["value"], each["reason"], event_time) for name, each in computed.items()}
        store.write(tenant, request["customer"], view, values, event_time=event_time, expires_at=expires_at)
        return features
    row = store.read(tenant, request["customer"], CUSTOMER, now=as_of)
    if row is None:
        return {**features, "source": "none"}
    return {**features, "as_of": row.event_time, "source": "store", "values": row.values}
