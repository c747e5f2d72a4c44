"""A customer's features as a prompt says them: shares, months and amounts in words, lists and figures as they are."""

from collections.abc import Callable, Mapping
from typing import Any

from outreach.contracts import Fact, FeatureValue
from outreach.features.views import CUSTOMER_VIEW
from outreach.rendering import render

type Word = Callable[[str, Any, str], str]

_UNITS = {feature.name: feature.unit for feature in CUSTOMER_VIEW.features}


def worded(values: Mapping[str, FeatureValue], *, locale: str) -> dict[str, Any]:
    """Every feature by name; None where it isn't known."""
    return {name: _worded(name, each["value"], locale) for name, each in values.items()}


def _worded(name: str, value: Any, locale: str) -> Any:
    word = _IN_WORDS.get(_UNITS.get(name, ""))
    if word is None or not isinstance(value, dict):
        return value
    return ", ".join(word(key, figure, locale) for key, figure in value.items())


def _share(service: str, share: float, _: str) -> str:
    return f"{service} {share:.0%}"


def _season(service: str, months: int, _: str) -> str:
    if not months:
        return f"{service} now"
    return f"{service} in {months} month" + ("" if months == 1 else "s")


def _amount(currency: str, minor: int, locale: str) -> str:
    paid: Fact = {"slot": "amount.paid", "kind": "money", "value": {"minor": minor, "currency": currency}}
    return render("{{amount.paid}}", [paid], locale=locale)


def _times(response: str, times: int, _: str) -> str:
    return f"{times} {response}"


_IN_WORDS: dict[str, Word] = {
    "share by service": _share,
    "months by service": _season,
    "minor units by currency": _amount,
    "messages by response": _times,
}
