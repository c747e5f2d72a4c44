"""What a customer's history and home say about them: pure functions of what preparation made of an event.

What isn't known is None with the reason, never 0. The order of the history doesn't matter.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import pairwise
from statistics import fmean, median
from typing import Any

from agent_platform.guardrails.redaction import redact
from agent_platform.moments import iso

from outreach.contracts import FeatureValue, HistoryLine


def compute_features(
    history: Sequence[HistoryLine],
    *,
    property: Mapping[str, Any],  # noqa: A002 - the CRM's word for the home
    services: Sequence[str],
    as_of: datetime,
    names: Iterable[str] = (),
) -> dict[str, FeatureValue]:
    """The customer's features as of a moment; `services` is the brand's catalogue, in its order.

    `names` are those that a text about the home may hold, and that no feature does.
    """
    past = past_services(history, as_of=as_of)
    return {
        "satisfaction_average": satisfaction_average(past),
        "satisfaction_trend": satisfaction_trend(past),
        "service_count": _known(len(past)) if past else _unknown("no_history"),
        "days_since_last_service": days_since_last_service(past, as_of=as_of),
        "cadence_days": cadence_days(past),
        "overdue_factor": overdue_factor(past, as_of=as_of),
        "lifetime_value": lifetime_value(past),
        "services_never_bought": services_never_bought(past, services=services),
        "property_type": _stated(property, "type", names),
        "lot_size": _stated(property, "lot_size", names),
        "lot_size_unit": _stated(property, "lot_size_unit", names),
        "property_features": _stated(property, "features", names),
    }


def past_services(history: Sequence[HistoryLine], *, as_of: datetime) -> list[HistoryLine]:
    """The services up to a moment, oldest first, those without a date before all others; a booking isn't history."""
    now = iso(as_of)
    past = [line for line in history if line["date"] is None or line["date"] <= now]
    return sorted(past, key=lambda line: (line["date"] or "", line["id"]))


def satisfaction_average(past: Sequence[HistoryLine]) -> FeatureValue:
    """The mean satisfaction, 1-5."""
    ratings = [line["satisfaction"] for line in past if line["satisfaction"] is not None]
    return _known(round(fmean(ratings), 2)) if ratings else _missing(past, "no_rated_service")


def satisfaction_trend(past: Sequence[HistoryLine]) -> FeatureValue:
    """The last rating less the mean of those before, in points of 1-5.

    Not a slope over time: two ratings within a week would make it steep.
    """
    ratings = [line["satisfaction"] for line in past if line["satisfaction"] is not None and line["date"]]
    if len(ratings) < 2:
        return _missing(past, "one_rated_service" if ratings else "no_rated_service")
    return _known(round(ratings[-1] - fmean(ratings[:-1]), 2))


def days_since_last_service(past: Sequence[HistoryLine], *, as_of: datetime) -> FeatureValue:
    """Days on the calendar since the last service, in UTC."""
    days = _service_days(past)
    return _known((as_of.astimezone(UTC).date() - days[-1]).days) if days else _missing(past, "no_dated_service")


def cadence_days(past: Sequence[HistoryLine]) -> FeatureValue:
    """The median of the days between one service and the next; services of one day are one visit."""
    days = _service_days(past)
    if len(days) < 2:
        return _missing(past, "one_service_day_only" if days else "no_dated_service")
    return _known(median((later - earlier).days for earlier, later in pairwise(days)))


def overdue_factor(past: Sequence[HistoryLine], *, as_of: datetime) -> FeatureValue:
    """How many of the customer's usual intervals have passed since the last service; above 1 they are late."""
    usual, since = cadence_days(past), days_since_last_service(past, as_of=as_of)
    return usual if usual["value"] is None else _known(round(since["value"] / usual["value"], 2))


def lifetime_value(past: Sequence[HistoryLine]) -> FeatureValue:
    """What was paid so far: minor units by currency, for amounts of different currencies don't add."""
    paid: Counter[str] = Counter()
    for line in past:
        if line["price"]:
            paid[line["price"]["currency"]] += line["price"]["minor"]
    return _known(dict(sorted(paid.items()))) if paid else _missing(past, "no_priced_service")


def services_never_bought(past: Sequence[HistoryLine], *, services: Sequence[str]) -> FeatureValue:
    """The services of the catalogue that the customer never had, in the catalogue's order."""
    bought = {service_key(line["type"]) for line in past if line["type"]}
    if not bought:
        return _missing(past, "no_service_with_type")
    return _known([service for service in services if service_key(service) not in bought])


def service_key(name: str) -> str:
    """A service's name as it is compared: without regard to case and spaces."""
    return " ".join(name.casefold().split())


def _service_days(past: Sequence[HistoryLine]) -> list[date]:
    return sorted({date.fromisoformat(line["date"][:10]) for line in past if line["date"]})


def _stated(home: Mapping[str, Any], name: str, names: Iterable[str]) -> FeatureValue:
    value = home.get(name)
    if value in (None, "", []):
        return _unknown("not_stated")
    # Features travel in the document, which holds no person's data, and the CRM's fields take any text.
    if isinstance(value, str):
        return _known(value) if redact(value, names=names) == value else _unknown("personal_data")
    if isinstance(value, list):
        impersonal = [text for text in value if redact(text, names=names) == text]
        return _known(impersonal) if impersonal else _unknown("personal_data")
    return _known(value)


def _known(value: Any) -> FeatureValue:
    return {"value": value, "reason": None}


def _unknown(reason: str) -> FeatureValue:
    return {"value": None, "reason": reason}


def _missing(past: Sequence[HistoryLine], reason: str) -> FeatureValue:
    return _unknown(reason if past else "no_history")
