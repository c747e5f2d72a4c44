"""How the view of a customer comes about: stored values from the fold, ageing ones when they are read."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial

from agent_platform.features.entries import Entry
from agent_platform.features.rows import FeatureRow
from agent_platform.features.store import FeatureStore
from agent_platform.features.views import Definition, Value

from outreach.brands import Brand
from outreach.contracts import FeatureValue
from outreach.features import catalogue, home, responses, satisfaction, spending, visits
from outreach.features.folding import State, state_of
from outreach.features.views import CUSTOMER_VIEW


def compute(entries: Sequence[Entry]) -> dict[str, Value]:
    """What is stored of a customer: a function of the set of entries."""
    return stored_values(state_of(entries))


def stored_values(state: State) -> dict[str, Value]:
    """What is stored of a customer, each value with the time of what it is from.

    What ages with the services it is made of has their time, however late an event repeats them.
    """
    past, evidence = state.services, _evidence(state)
    of_services = {
        "service_count": visits.service_count(past),
        "satisfaction_average": satisfaction.satisfaction_average(past),
        "satisfaction_trend": satisfaction.satisfaction_trend(past),
        "last_service_day": visits.last_service_day(past),
        "cadence_days": visits.cadence_days(past),
        "lifetime_value": spending.lifetime_value(past),
        "service_shares": catalogue.service_shares(past),
    }
    of_messages = {
        "responses": responses.responses(state.responses),
        "response_rate": responses.response_rate(state.responses),
    }
    return {
        **{name: _value(each, evidence.get(name, state.services_at)) for name, each in of_services.items()},
        **{
            name: _value(home.stated(state.home, field), state.home_at.get(field))
            for name, field in home.FIELDS.items()
        },
        **{name: _value(each, state.responses_at) for name, each in of_messages.items()},
    }


def _evidence(state: State) -> dict[str, str]:
    """When that was what a value is made of, by feature; never after the event that told it last."""
    newest = {
        "satisfaction_average": satisfaction.last_rated(state.services, state.rated_at),
        "satisfaction_trend": satisfaction.last_dated_rating(state.services),
        "cadence_days": visits.last_visit(state.services),
    }
    return {name: min(at, state.services_at) for name, at in newest.items() if at and state.services_at}


def derive(
    values: Mapping[str, Value],
    as_of: datetime,
    *,
    services: Sequence[str] = (),
    seasons: Mapping[str, Sequence[int]] | None = None,
) -> dict[str, Value]:
    """What is only true at a moment, or under the catalogue and the seasons of the brand as they are then."""
    since = visits.days_since_last_service(_read(values["last_service_day"]), as_of=as_of)
    shares = _read(values["service_shares"])
    derived = {
        "days_since_last_service": since,
        "overdue_factor": visits.overdue_factor(_read(values["cadence_days"]), since),
        "services_never_bought": catalogue.services_never_bought(shares, catalogue=services),
        "months_to_season": catalogue.months_to_season(seasons or {}, as_of=as_of),
    }
    return {name: _value(each, None) for name, each in derived.items()}


def _value(known: FeatureValue, event_time: str | None) -> Value:
    return Value(known["value"], known["reason"], event_time)


def _read(value: Value) -> FeatureValue:
    return {"value": value.value, "reason": value.reason}


CUSTOMER = Definition(CUSTOMER_VIEW, compute, derive)
# All versions that are kept: the one that is read, and beside it one that is being filled.
MATERIALIZED = (CUSTOMER,)


def customer_of(brand: Brand) -> Definition:
    """The definition that is read, with the brand's catalogue and seasons."""
    return Definition(CUSTOMER_VIEW, compute, partial(derive, services=brand.services, seasons=brand.seasons))


def materialize(
    tenant: str, customer: str, entries: Iterable[Entry], *, store: FeatureStore, now: datetime, expires_at: int
) -> dict[str, FeatureRow]:
    """Keep what events say of a customer, by reference, and fold it into every version of the view; the rows by key.

    Repeating it is safe. TransientError if others were faster time and again.
    """
    return store.materialize(tenant, customer, entries, MATERIALIZED, now=now, expires_at=expires_at)
