"""What a customer is like, told in bands and in a few words that are about nobody: no amount, no name, no day."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from agent_platform.features.values import ReadValue
from agent_platform.guardrails.redaction import redact
from agent_platform.retrieval.neighbours import Profile

from outreach.brand_shape import CURRENCIES
from outreach.features.catalogue import OTHERS
from outreach.services import service_key

# Where one band ends and the next begins, and what each is called: one name more than there are borders.
_VISITS = (2, 3, 6, 11), ("1", "2", "3 to 5", "6 to 10", "more than 10")
_SATISFACTION = (2.5, 3.5, 4.5), ("low", "mixed", "good", "high")
_TREND = (-0.5, 0.5), ("falling", "steady", "rising")
_CADENCE = (11, 21, 46, 151), ("weekly", "every two weeks", "monthly", "a few times a year", "yearly or rarer")
_SPENDING = (100, 500, 2000, 10_000), ("under 100", "100 to 500", "500 to 2,000", "2,000 to 10,000", "over 10,000")
_LOT = (500, 1500, 5000), ("under 500 m2", "500 to 1,500 m2", "1,500 to 5,000 m2", "over 5,000 m2")
_ANSWERS = (0.001, 0.34), ("none", "some", "many")
_IN_SQUARE_METRES = {"m2": 1.0, "sqft": 0.0929, "acre": 4047.0, "ha": 10_000.0}
_MOSTLY = 0.5
# What a CRM states of a home in more words than these describes one home.
_LONGEST_STATED, _MOST_FEATURES, _MOST_SERVICES = 30, 8, 50

type _Bands = tuple[Sequence[float], Sequence[str]]


def profile_of(values: Mapping[str, ReadValue]) -> Profile | None:
    """The profile that a customer's features make; None if nothing is known of them. The same features, the same."""
    known = {name: each["value"] for name, each in values.items() if each["value"] is not None}
    # What is told as others is no service that two customers could share.
    shares = {service: share for service, share in known.get("service_shares", {}).items() if service != OTHERS}
    has = tuple(sorted(map(service_key, shares))[:_MOST_SERVICES])
    traits = (*_visits(known), *_mostly(shares), *_spending(known), *_home(known), *_answers(known))
    return Profile(traits, has) if traits or has else None


def _visits(known: Mapping[str, Any]) -> Iterator[str]:
    for name, feature, bands in (
        ("visits", "service_count", _VISITS),
        ("comes", "cadence_days", _CADENCE),
        ("satisfaction", "satisfaction_average", _SATISFACTION),
        ("satisfaction is", "satisfaction_trend", _TREND),
    ):
        if feature in known:
            yield f"{name}: {_band(known[feature], bands)}"


def _mostly(shares: Mapping[str, float]) -> Iterator[str]:
    yield from (f"mostly: {service_key(service)}" for service, share in sorted(shares.items()) if share >= _MOSTLY)


def _spending(known: Mapping[str, Any]) -> Iterator[str]:
    for currency, minor in sorted(known.get("lifetime_value", {}).items()):
        # Only of these is it certain that a hundred minor units are one.
        if currency in CURRENCIES:
            yield f"spent: {_band(minor / 100, _SPENDING)} {currency}"


def _home(known: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"home: {stated}" for stated in _short([known.get("property_type")]))
    size, unit = known.get("lot_size"), known.get("lot_size_unit")
    if size is not None and unit in _IN_SQUARE_METRES:
        yield f"lot: {_band(size * _IN_SQUARE_METRES[unit], _LOT)}"
    yield from (f"home has: {stated}" for stated in sorted(_short(known.get("property_features", [])))[:_MOST_FEATURES])


def _answers(known: Mapping[str, Any]) -> Iterator[str]:
    if "response_rate" in known:
        yield f"answers to messages: {_band(known['response_rate'], _ANSWERS)}"


def _short(stated: Sequence[Any]) -> list[str]:
    """What is stated in a few words that are about nobody."""
    words = [service_key(text) for text in stated if isinstance(text, str)]
    return [text for text in words if 0 < len(text) <= _LONGEST_STATED and redact(text) == text]


def _band(value: float, bands: _Bands) -> str:
    borders, names = bands
    return names[bisect_right(borders, value)]
