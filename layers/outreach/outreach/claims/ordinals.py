"""Which visit or year it was: "your fifteenth visit" counts, as "fifteen visits" does."""

import re
from collections.abc import Iterator
from datetime import date

from agent_platform.patterns import lazy_pattern

from outreach.claims.claim import Claim, Settled
from outreach.claims.dates import date_of
from outreach.claims.sheet import Sheet

_SMALL = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
)  # fmt: skip
_TENS = ("twent", "thirt", "fort", "fift", "sixt", "sevent", "eight", "ninet")
_VALUES = (
    {word: value for value, word in enumerate(_SMALL, start=1)}
    | {f"{tens}ieth": 10 * value for value, tens in enumerate(_TENS, start=2)}
    | {
        f"{tens}y{joint}{_SMALL[unit - 1]}": 10 * value + unit
        for value, tens in enumerate(_TENS, start=2)
        for unit in range(1, 10)
        for joint in "- "
    }
    | {"hundredth": 100}
)
_WORDS = "|".join(sorted(_VALUES, key=len, reverse=True))
_ORDINAL = lazy_pattern(
    r"\b(?P<whose>your|our|their|the|this is your|a|happy)(?P<ahead> next| upcoming| coming)? "
    rf"(?P<nth>{_WORDS}|\d{{1,4}}(?:st|nd|rd|th)) (?:[a-z]{{1,14}} ){{0,2}}?"
    r"(?P<what>visits?|services?|cleans?|cleanings?|mows?|mowings?|appointments?|treatments?|bookings?|jobs?"
    r"|years?|anniversary|season)\b(?P<together> (?:with us|together|with you|at your|for you|of))?"
)
_OF_TIME = frozenset(("year", "years", "anniversary", "season"))
_YEAR = 365.25


_TO_COME = lazy_pattern(r"\b(?:will be|would be|'ll be|is going to be|up next is|looking forward to|before) $")
_WINDOW = 24


def settle_ordinals(page: str, sheet: Sheet) -> Iterator[Settled]:
    """Every visit or year that is said to be the how-manieth of the reader's."""
    for match in _ORDINAL.finditer(page):
        number = _VALUES.get(match["nth"]) or int(match["nth"][:-2])
        theirs = match["whose"] in ("your", "our", "this is your", "happy") or match["together"]
        # Everybody has had a first one, and a friend will.
        if theirs and number > 1:
            settle = _of_time if match["what"] in _OF_TIME else _of_visits
            yield settle(match, number, sheet)


def _of_visits(match: re.Match[str], number: int, sheet: Sheet) -> Settled:
    claim, fact = Claim("number", *match.span("nth")), sheet.by_slot.get("service.count")
    if fact is None:
        return Settled(claim, "unsupported")
    before = match.string[max(0, match.start() - _WINDOW) : match.start()]
    to_come = 1 if match["ahead"] or _TO_COME.search(before) else 0
    if number == int(fact["value"]) + to_come:
        how = "service.count + 1" if to_come else "service.count"
        return Settled(claim, "equals", "service.count", comparison=f"derived: the number of the visit is {how}")
    return Settled(claim, "contradicted", "service.count")


def _of_time(match: re.Match[str], number: int, sheet: Sheet) -> Settled:
    """An anniversary counts the whole years; a year that runs is the one after them."""
    claim, fact = Claim("span", *match.span("nth")), sheet.by_slot.get("service.since")
    day = date_of(fact["value"]) if fact else None
    if sheet.as_of is None or day is None or not (day.year and day.month and day.day):
        return Settled(claim, "unsupported")
    years = (sheet.as_of - date(day.year, day.month, day.day)).days / _YEAR
    least, most = (number - 0.5, number + 1) if match["what"] == "anniversary" else (number - 1, number + 1)
    if least <= years < most:
        return Settled(claim, "equals", "service.since", comparison="rounded: as_of - service.since in years")
    return Settled(claim, "contradicted", "service.since")
