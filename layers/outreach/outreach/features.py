"""What a customer's history says about them, in numbers: pure functions of the prepared history.

What isn't known is None with the reason, never 0. The order of the history doesn't matter.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise
from statistics import fmean, median
from typing import Any

from outreach.contracts import FeatureValue, HistoryLine


def compute_features(
    history: Sequence[HistoryLine], *, property: Mapping[str, Any], services: Sequence[str], as_of: datetime
) -> dict[str, FeatureValue]:
    """The customer's features as of a moment; `services` is the brand's catalogue, whose order is kept."""
    today = as_of.date()
    past = past_services(history, today=today)
    days = sorted({day for line in past if (day := day_of(line))})
    return {
        "satisfaction_average": _or_no_history(past, satisfaction_average),
        "satisfaction_trend": _or_no_history(past, satisfaction_trend),
        "service_count": _or_no_history(past, lambda lines: _known(len(lines))),
        "days_since_last_service": _or_no_history(past, lambda _: days_since_last(days, today)),
        "cadence_days": _or_no_history(past, lambda _: cadence(days)),
        "overdue_factor": _or_no_history(past, lambda _: overdue_factor(days, today)),
        "lifetime_value": _or_no_history(past, lifetime_value),
        "services_never_bought": _or_no_history(past, lambda lines: never_bought(lines, services)),
        "property_type": _stated(property, "type"),
        "lot_size": _stated(property, "lot_size"),
        "lot_size_unit": _stated(property, "lot_size_unit"),
        "property_features": _stated(property, "features"),
    }
