"""Facts as bands: what kind of customer it was, in words and without any figure, date or name."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from math import inf
from typing import Any

from outreach.contracts import FeatureValue, Request

type Steps = Sequence[tuple[float, str]]

TENURES: Mapping[str, str] = {
    "first year": "less than a year",
    "1 to 3 years": "one to three years",
    "longer": "more than three years",
    "unknown": "an unknown time",
}
_YEAR = 365
_COUNT: Steps = ((3, "few services so far"), (12, "regular services"), (inf, "many services"))
_SINCE: Steps = ((14, "days ago"), (60, "weeks ago"), (365, "months ago"), (inf, "more than a year ago"))
_OVERDUE: Steps = ((1.5, ""), (inf, ", which is later than usual"))
_SATISFACTION: Steps = ((2.5, "low"), (3.5, "middling"), (4.5, "good"), (inf, "high"))
_TREND: Steps = ((-0.25, " and falling"), (0.25, " and steady"), (inf, " and rising"))
# The CRM's field takes any text; what isn't a kind of home here isn't said.
_HOMES: Mapping[str, str] = {
    "house": "a house", "detached house": "a house", "single family": "a house", "single-family": "a house",
    "townhouse": "a townhouse", "duplex": "a duplex", "apartment": "a flat", "flat": "a flat", "condo": "a flat",
}  # fmt: skip


def tenure_of(request: Request) -> str:
    """For how long the customer is one, as a group: the first known service day is a fact of the request."""
    days = {fact["slot"]: fact["value"] for fact in request["facts"]}
    since = days.get("service.since") or days.get("service.last_date")
    if since is None:
        return "unknown"
    age = datetime.fromisoformat(request["as_of"]).date() - date.fromisoformat(since)
    return "first year" if age.days < _YEAR else "1 to 3 years" if age.days < 3 * _YEAR else "longer"


def situation(tenure: str, features: Mapping[str, FeatureValue]) -> str:
    """What is known of the customer: for how long, how often, how content, and in what kind of home.

    Past cases are asked for by it. What a case says of its own customer is less: only what its segment is told by.
    """
    values = {name: feature["value"] for name, feature in features.items()}
    known = [f"A customer for {TENURES.get(tenure, TENURES['unknown'])}"]
    if (count := values.get("service_count")) is not None:
        known[0] += f", with {_band(count, _COUNT)}"
    if (days := values.get("days_since_last_service")) is not None:
        known.append(f"The last service was {_band(days, _SINCE)}{_after(values.get('overdue_factor'), _OVERDUE)}")
    if (average := values.get("satisfaction_average")) is not None:
        trend = _after(values.get("satisfaction_trend"), _TREND)
        known.append(f"Satisfaction was {_band(average, _SATISFACTION)}{trend}")
    if home := _HOMES.get(str(values.get("property_type")).casefold()):
        known.append(f"They live in {home}")
    return ". ".join(known) + "."


def _band(value: Any, steps: Steps) -> str:
    return next(word for limit, word in steps if value <= limit)


def _after(value: Any, steps: Steps) -> str:
    return "" if value is None else _band(value, steps)
