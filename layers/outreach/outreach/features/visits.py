"""How often and when the company was at a customer's home; days are those of UTC."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import pairwise
from statistics import median

from outreach.contracts import FeatureValue
from outreach.features.known import known, missing, unknown
from outreach.prepared import PastService


def service_count(past: Sequence[PastService]) -> FeatureValue:
    """How many services there were."""
    return known(len(past)) if past else unknown("no_history")


def last_service_day(past: Sequence[PastService]) -> FeatureValue:
    """The day of the last service."""
    days = _service_days(past)
    return known(days[-1].isoformat()) if days else missing(past, "no_dated_service")


def cadence_days(past: Sequence[PastService]) -> FeatureValue:
    """The median of the days between one service and the next; services of one day are one visit."""
    days = _service_days(past)
    if len(days) < 2:
        return missing(past, "one_service_day_only" if days else "no_dated_service")
    return known(median((later - earlier).days for earlier, later in pairwise(days)))


def days_since_last_service(last_day: FeatureValue, *, as_of: datetime) -> FeatureValue:
    """Days on the calendar since the day of the last service."""
    if last_day["value"] is None:
        return last_day
    return known((as_of.astimezone(UTC).date() - date.fromisoformat(last_day["value"])).days)


def overdue_factor(cadence: FeatureValue, days_since: FeatureValue) -> FeatureValue:
    """How many of the customer's usual intervals have passed since the last service; above 1 they are late."""
    unknown_one = next((each for each in (cadence, days_since) if each["value"] is None), None)
    return unknown_one or known(round(days_since["value"] / cadence["value"], 2))


def last_visit(past: Sequence[PastService]) -> str | None:
    """When the last service was of which that is known."""
    return max((line["date"] for line in past if line["date"]), default=None)


def _service_days(past: Sequence[PastService]) -> list[date]:
    return sorted({date.fromisoformat(line["date"][:10]) for line in past if line["date"]})
