"""How satisfied a customer was."""

from collections.abc import Sequence
from statistics import fmean

from outreach.contracts import FeatureValue, PastService
from outreach.features.known import known, missing


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
