"""What a reader sees: slots filled with their facts, in the words and figures of the reader's locale."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from html import escape
from itertools import groupby
from typing import Any

from agent_platform.errors import ConfigurationError
from agent_platform.patterns import lazy_pattern
from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_precision

from outreach.brand_shape import SUPPORTED_LOCALES
from outreach.contracts import Fact, FactKind, Money

_PLACEHOLDER = lazy_pattern(r"\{\{([^{}]*)\}\}")
_SLOT_NAME = lazy_pattern(r"[a-z_]{1,30}\.[a-z_]{1,30}")
_LINK = lazy_pattern(r"https://[^\s<>\"]+")
_AFTER_A_LINK = ".,;:!?)]}'»”’"


def render(text: str, facts: Iterable[Fact], *, locale: str) -> str:
    """The text with every `{{slot}}` filled; values are filled in once, so one that looks like a slot stays as it is.

    Raises ConfigurationError for a slot without a fact, and for a locale that messages can't be rendered in.
    """
    by_slot = {fact["slot"]: fact for fact in facts}
    target = _locale(locale)

    def filled(placeholder: re.Match[str]) -> str:
        slot = placeholder[1].strip()
        if slot not in by_slot:
            raise ConfigurationError(f"no fact for {_named(slot)}")
        return _readable(by_slot[slot], target)

    return _PLACEHOLDER.sub(filled, text)


def as_html(text: str, *, links: Iterable[str] = ()) -> str:
    """Text as escaped HTML: a paragraph for each block of lines, and an anchor for each of the given https links."""
    clickable = frozenset(links)
    blocks = groupby(text.splitlines(), key=lambda line: line.strip() != "")
    paragraphs = ["<br>\n".join(_html_line(line, clickable) for line in lines) for written, lines in blocks if written]
    return "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


@cache
def _locale(name: str) -> Locale:
    # Babel knows hundreds of locales on a laptop and only these in the layer: the answer must not depend on where.
    if name not in SUPPORTED_LOCALES:
        raise ConfigurationError(f"messages can be rendered in {', '.join(SUPPORTED_LOCALES)} only")
    return Locale.parse(name, sep="-")


def _named(slot: str) -> str:
    # The text was written by a model and this message is read in logs, so only what looks like a slot is repeated.
    return f"the slot {slot}" if _SLOT_NAME.fullmatch(slot) else "a placeholder that is no slot's name"


def in_words(fact: Fact, *, locale: str) -> str:
    """One fact's value as the reader will see it."""
    return _readable(fact, _locale(locale))


def _readable(fact: Fact, locale: Locale) -> str:
    return _IN_WORDS.get(fact["kind"], _verbatim)(fact["value"], locale)


def _verbatim(value: Any, _: Locale) -> str:
    return str(value)


def _money(value: Money, locale: Locale) -> str:
    return _amount(value["minor"], value["currency"], locale)


# A brand's offers are in every message, and Babel takes its time.
@lru_cache(maxsize=256)
def _amount(minor: int, currency: str, locale: Locale) -> str:
    """Whole amounts without decimals, as people write them: 25 USD is $25, not $25.00."""
    amount = Decimal(minor).scaleb(-get_currency_precision(currency))
    if amount % 1:
        return format_currency(amount, currency, locale=locale)
    whole = locale.currency_formats["standard"].pattern.replace(".00", "")
    return format_currency(amount, currency, format=whole, locale=locale, currency_digits=False)


def _date(value: str, locale: Locale) -> str:
    return format_date(date.fromisoformat(value), format="long", locale=locale)


def _number(value: float, locale: Locale) -> str:
    return format_decimal(value, locale=locale)


def _percent(value: float, locale: Locale) -> str:
    return format_percent(Decimal(str(value)) / 100, locale=locale, decimal_quantization=False)


_IN_WORDS: dict[FactKind, Callable[[Any, Locale], str]] = {
    "money": _money,
    "date": _date,
    "number": _number,
    "percent": _percent,
}


def _html_line(line: str, clickable: frozenset[str]) -> str:
    parts, end = [], 0
    for match in _LINK.finditer(line):
        link = match[0].rstrip(_AFTER_A_LINK)
        if link in clickable:
            address = escape(link)
            parts += [escape(line[end : match.start()]), f'<a href="{address}">{address}</a>']
            end = match.start() + len(link)
    return "".join(parts) + escape(line[end:])
