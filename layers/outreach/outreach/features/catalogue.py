"""Which services a customer buys, which never, and when the season of each begins."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from outreach.contracts import FeatureValue
from outreach.features.known import known, missing, unknown
from outreach.prepared import PastService
from outreach.services import service_key

_MONTHS = 12
# A value travels whole through every state of a run, and a CRM may name each service as it likes.
MOST_SHARES = 50
OTHERS = "others"


def service_shares(past: Sequence[PastService]) -> FeatureValue:
    """The share of each service among those of which the type is known, the most frequent first.

    Of more services than MOST_SHARES the rest is one, OTHERS.
    """
    named = [line["type"] for line in past if line["type"]]
    if not named:
        return missing(past, "no_service_with_type")
    # One service may be written in several ways; the first spelling in the alphabet stands for all.
    spelling: dict[str, str] = {}
    for name in sorted(named):
        spelling.setdefault(service_key(name), name)
    times = Counter(spelling[service_key(name)] for name in named)
    if len(times) > MOST_SHARES:
        times = _with_others(times)
    return known({name: round(count / len(named), 3) for name, count in _ranked(times)})


def _ranked(times: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(times.items(), key=lambda each: (-each[1], each[0]))


def _with_others(times: Mapping[str, int]) -> Counter[str]:
    largest = Counter(dict(_ranked({name: count for name, count in times.items() if name != OTHERS})[:MOST_SHARES]))
    return largest + Counter({OTHERS: sum(times.values()) - largest.total()})


def services_never_bought(shares: FeatureValue, *, catalogue: Sequence[str]) -> FeatureValue:
    """The services of the catalogue that the customer never had, in the catalogue's order.

    Among services that are told as others, any of the catalogue may be.
    """
    if shares["value"] is None:
        return shares
    if not catalogue:
        return unknown("no_catalogue")
    if len(shares["value"]) > MOST_SHARES:
        return unknown("too_many_services")
    bought = set(map(service_key, shares["value"]))
    return known([service for service in catalogue if service_key(service) not in bought])


def months_to_season(seasons: Mapping[str, Sequence[int]], *, as_of: datetime) -> FeatureValue:
    """Whole months until each service that has a season is in season again; 0 within it."""
    if not seasons:
        return unknown("no_season_stated")
    now = as_of.astimezone(UTC).month
    return known({service: min([(month - now) % _MONTHS for month in months]) for service, months in seasons.items()})
