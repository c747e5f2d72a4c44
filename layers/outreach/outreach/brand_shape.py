"""What a brand file must hold, part by part: the same as `brands/brand.schema.json` asks.

Written by hand because a JSON Schema library costs a cold start more than this whole layer does.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

from outreach.contracts import Purpose
from outreach.mail_law.rules import Basis
from outreach.slots import DOCUMENT_SLOTS, IDENTITY_SLOTS

# What messages can be rendered in: the layer carries the locale data of these languages and no other.
SUPPORTED_LOCALES = ("de-DE", "en-GB", "en-US", "es-US", "fr-CA")

# All have two decimals in ISO 4217 and in CLDR alike, so that a minor unit is a hundredth everywhere.
CURRENCIES = ("AUD", "CAD", "CHF", "EUR", "GBP", "NZD", "USD")

type Problem = tuple[str, str]


def mismatches(content: Any) -> list[Problem]:
    """Where the content of a brand file isn't in shape, as pairs of JSON pointer and problem."""
    return list(_mismatches(content, _SHAPE, ""))


@dataclass(frozen=True)
class _Leaf:
    expected: str
    fits: Callable[[Any], bool]


@dataclass(frozen=True)
class _Many:
    element: Any
    least: int = 0


@dataclass(frozen=True)
class _Perhaps:
    """What may be absent, or null."""

    part: Any


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value.strip() != ""


def _is_line(value: Any) -> bool:
    return _is_text(value) and not re.search(r"[\x00-\x1f\x7f]", value)


def _is_whole(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _is_percent(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= 100


def _is_money(value: Any) -> bool:
    if not isinstance(value, dict) or value.keys() != {"minor", "currency"}:
        return False
    return _is_whole(value["minor"], 1, 100_000_000) and value["currency"] in CURRENCIES


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_range_of_words(value: Any) -> bool:
    if not isinstance(value, list) or len(value) != 2 or not all(_is_whole(each, 1, 1000) for each in value):
        return False
    return bool(value[0] <= value[1])


def _is_calendar(value: Any) -> bool:
    """Whether each name has months, each once."""
    return isinstance(value, dict) and all(
        _is_line(name)
        and isinstance(months, list)
        and 1 <= len(months) <= 12
        and all(_is_whole(month, 1, 12) for month in months)
        and len(set(months)) == len(months)
        for name, months in value.items()
    )


def _matching(pattern: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value, re.ASCII) is not None


def _whole(least: int, most: int) -> _Leaf:
    return _Leaf(f"a whole number from {least} to {most}", lambda value: _is_whole(value, least, most))


def _one_of(values: Sequence[str]) -> _Leaf:
    return _Leaf("one of " + ", ".join(values), lambda value: value in values)


def _or_null(leaf: _Leaf) -> _Leaf:
    return _Leaf(f"{leaf.expected}, or null", lambda value: value is None or leaf.fits(value))


_TEXT = _Leaf("a text that isn't blank", _is_text)
_LINE = _Leaf("one line of text", _is_line)
_LINK = _Leaf("an https link", _matching(r'https://[a-z0-9.-]+(/[^\s<>"]*)?'))
_PREFIX = _Leaf("the beginning of an https link, with / at its end", _matching(r'https://[a-z0-9.-]+/([^\s<>"]*/)?'))
_MONEY = _Leaf('{"minor": from 1, "currency": one of ' + ", ".join(CURRENCIES) + "}", _is_money)
_LOCALE = _one_of(SUPPORTED_LOCALES)
_BASIS = _one_of(get_args(Basis))
_SLOT = _one_of((*IDENTITY_SLOTS, *DOCUMENT_SLOTS))
_TRUTH = _Leaf("true or false", lambda value: isinstance(value, bool))
_DAY = _Leaf("a date as YYYY-MM-DD", _is_day)

_OFFER_SHAPE = {
    "id": _Leaf("words of a-z and 0-9 joined by -", _matching("[a-z0-9]+(-[a-z0-9]+)*")),
    "purpose": _one_of(get_args(Purpose)),
    "name": _LINE,
    "amount": _or_null(_MONEY),
    "friend_amount": _or_null(_MONEY),
    "percent": _or_null(_Leaf("a number above 0 and up to 100", _is_percent)),
    "link": _LINK,
    "valid_from": _or_null(_DAY),
    "valid_until": _or_null(_DAY),
    "service": _or_null(_LINE),
    "conditions": _or_null(_TEXT),
}

_SHAPE = {
    "company": {
        "name": _LINE,
        "phone": _Leaf("a phone number", _matching(r"\+?[0-9(][0-9 ().-]{5,18}[0-9]")),
        "website": _LINK,
        "postal_address": _LINE,
    },
    "sender": {
        "name": _LINE,
        "title": _LINE,
        "email": _Leaf("an e-mail address", _matching(r"[A-Za-z0-9._+-]+@[a-z0-9-]+(\.[a-z0-9-]+)+")),
    },
    "voice": {"tone": _TEXT, "examples": _Many(_TEXT)},
    "never_say": _Many(_LINE),
    "services": _Many(_LINE, least=1),
    "offers": _Many(_OFFER_SHAPE),
    "links": _Many(_PREFIX, least=1),
    "interval_days": _whole(0, 365),
    "default_locale": _LOCALE,
    "locales": _Many(_LOCALE, least=1),
    "limits": {
        "subject_characters": _whole(20, 200),
        "body_words": _Leaf("[least, most] words, from 1 to 1000", _is_range_of_words),
    },
    "footer": {
        "text": _TEXT,
        "unsubscribe_link": _LINK,
        "one_click": _or_null(_TRUTH),
        "variants": _Perhaps(_Many({"basis": _or_null(_BASIS), "locale": _or_null(_LOCALE), "text": _TEXT})),
    },
    "consent": _Perhaps({"unless_stated": _BASIS}),
    "required": _Perhaps({purpose: _Perhaps(_Many(_SLOT)) for purpose in get_args(Purpose)}),
    "seasons": _or_null(_Leaf("months from 1 to 12, each once, by service", _is_calendar)),
}


def _mismatches(value: Any, shape: Any, pointer: str) -> Iterator[Problem]:
    match shape:
        case _Leaf():
            if not shape.fits(value):
                yield pointer, f"expected {shape.expected}"
        case _Perhaps():
            if value is not None:
                yield from _mismatches(value, shape.part, pointer)
        case _Many():
            if not isinstance(value, list) or len(value) < shape.least:
                yield pointer, f"expected a list of at least {shape.least}"
            else:
                for number, each in enumerate(value):
                    yield from _mismatches(each, shape.element, f"{pointer}/{number}")
        case _ if not isinstance(value, dict):
            yield pointer, "expected an object"
        case _:
            for name, part in shape.items():
                yield from _mismatches(value.get(name), part, f"{pointer}/{name}")
            yield from ((f"{pointer}/{name}", "unknown") for name in value if name not in shape)
