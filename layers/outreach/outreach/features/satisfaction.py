"""How satisfied a customer was."""

from collections.abc import Mapping, Sequence
from statistics import fmean

from outreach.contracts import FeatureValue
from outreach.features.known import known, missing
from outreach.prepared import PastService


def satisfaction_average(past: Sequence[PastService]) -> FeatureValue:
    """The mean satisfaction, 1-5."""
    ratings = [line["satisfaction"] for line in past if line["satisfaction"] is not None]
    return known(round(fmean(ratings), 2)) if ratings else missing(past, "no_rated_service")


def satisfaction_trend(past: Sequence[PastService]) -> FeatureValue:
    """The last rating less the mean of those before, in points of 1-5.

    Not a slope over time: two ratings within a week would make it steep.
    """
    ratings = [line["satisfaction"] for line in past if line["satisfaction"] is not None and line["date"]]
    if len(ratings) < 2:
        return missing(past, "one_rated_service" if ratings else "no_rated_service")
    return known(round(ratings[-1] - fmean(ratings[:-1]), 2))


def last_rated(past: Sequence[PastService], rated_at: Mapping[str, str]) -> str | None:
    """When the newest rated service was: of one without a date, when its rating was told (`rated_at`, by its id)."""
    rated = [line for line in past if line["satisfaction"] is not None]
    return max((line["date"] or rated_at[line["id"]] for line in rated), default=None)


def last_dated_rating(past: Sequence[PastService]) -> str | None:
    """When the newest service was that has a rating and a date."""
    return max((line["date"] for line in past if line["date"] and line["satisfaction"] is not None), default=None)
