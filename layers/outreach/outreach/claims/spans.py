"""Spans and relative dates ("three years", "two weeks ago", "last spring"), resolved from the customer's day.

A span is held against the days of service: rounded down or to the nearest whole unit it must be theirs. A span that
says nothing of the customer ("it takes two minutes") is a manner of speaking.
"""

import re
from collections.abc import Iterator
from datetime import date

from agent_platform.patterns import lazy_pattern

from outreach.claims.claim import Claim, Settled
from outreach.claims.dates import date_of
from outreach.claims.numerals import NUMBER_WORDS, number_said
from outreach.claims.periods import NAMED_PERIOD, period
from outreach.claims.sheet import Sheet

_DAYS = {"day": 1.0, "week": 7.0, "month": 30.4375, "season": 365.25, "year": 365.25, "decade": 3652.5}
_A_QUARTER = 91.3
# How many units a word stands for, least and below.
_VAGUE = {
    "couple": (1.5, 3.0), "few": (2.0, 6.0), "several": (3.0, 10.0), "many": (4.0, 100.0), "some": (1.0, 10.0),
    "half": (0.4, 0.65), "dozen": (11.0, 14.0),
}  # fmt: skip
_NUMBER = rf"(?P<number>(?:an? )?(?:couple(?: of)?|few|dozen)|several|many|some|half an?|\d{{1,4}}|{NUMBER_WORDS}|an?)"
_SPAN = lazy_pattern(
    r"\b(?P<about>(?:almost|nearly|about|around|roughly|over|more than|less than|under|just under|just over"
    r"|at least|exactly|only|just|not even|not yet|not quite) )?"
    rf"{_NUMBER}(?P<more> more| full| whole| long| good| happy| great| wonderful| short| beautiful| lovely| fine"
    r"| solid)?[ -](?P<unit>day|week|month|season|year|decade)s?\b(?!-)"
)
_AGO = lazy_pattern(r" (?:ago|back|earlier)\b")
_OF_SERVICE = lazy_pattern(
    r"'?(?: (?:with|together|since|as (?:a|our)|of (?:trust|care|service|business|loyalty|mowing|cleaning|work"
    r"|visits|being|having|looking|working|partnership|friendship)"
    r"|now|already|in a row|and counting|later|have (?:passed|gone)|has (?:passed|gone|flown)|gone by|you(?:'ve"
    r"| have)|we(?:'ve| have)))"
)
_LASTED = lazy_pattern(
    r"\b(?:for|over|after|these|those|been|past|the last|your last|in the|across|throughout|celebrat\w{1,5}"
    r"|within the last|during the|mark\w{0,4}|since) (?:the |the past |the last |past |last )?$"
)
_OFTEN = lazy_pattern(r"\b(?:every|each|once|twice|per|times|any) (?:a |an )?$")
_OF_THE_LAST = lazy_pattern(
    r"since (?:(?:we|our \w+) last|your last|the last|our last|we (?:saw|mowed|cleaned|came|visited))"
)
_SERVED = lazy_pattern(
    r"\b(?:came|come by|visited|finished|mowed|cleaned|were with you|was with you|stopped by|treated|serviced"
    r"|did|completed|were at|was at|worked|looked after|took care|cleared|saw)\b"
    r"[^.!?\n]{0,60}$|\b(?:last|recent|latest) (?:\w+ )?(?:visit|service|clean|mow|appointment"
    r"|treatment)\b[^.!?\n]{0,30}$"
)
_WINDOW = 80
# "After a long week" is a manner of speaking, and "a good year" may be one of many.
_PRAISED = frozenset((" good", " happy", " great", " wonderful", " beautiful", " lovely", " fine"))
_ONE, _SHORT = frozenset(("a", "an", "one")), frozenset(("day", "week"))


def settle_spans(page: str, sheet: Sheet) -> Iterator[Settled]:
    """Every span and relative date that is said of the customer's services; without a day there are none."""
    if sheet.as_of:
        yield from _spans(page, sheet, sheet.as_of)
        yield from _periods(page, sheet, sheet.as_of)


def _spans(page: str, sheet: Sheet, as_of: date) -> Iterator[Settled]:
    for match in _SPAN.finditer(page):
        before = page[max(0, match.start() - _WINDOW) : match.start()]
        ago = _AGO.match(page, match.end())
        is_one = match["number"] in _ONE
        if is_one and match["more"] in _PRAISED and not ago:
            continue
        lasted = not (is_one and match["unit"] in _SHORT) and _LASTED.search(before)
        if (ago or lasted or _OF_SERVICE.match(page, match.end())) and not _OFTEN.search(before):
            end = ago.end() if ago else match.end()
            of_the_last = _OF_THE_LAST.search(page[match.end() : match.end() + _WINDOW].split(".", maxsplit=1)[0])
            known = _service_days(sheet, of_the_last=bool(of_the_last), of_any=bool(ago))
            yield from _settled(match, Claim("span", match.start(), end), known, as_of)


def _periods(page: str, sheet: Sheet, as_of: date) -> Iterator[Settled]:
    for match in NAMED_PERIOD.finditer(page):
        before = page[max(0, match.start() - _WINDOW) : match.start()]
        if match["past"] or _SERVED.search(before):
            yield _of_period(match, sheet, as_of)


def _settled(match: re.Match[str], claim: Claim, known: list[tuple[str, date]], as_of: date) -> Iterator[Settled]:
    within, unit = _units_meant(match), match["unit"]
    if within is None:
        return
    for slot, day in known:
        if _fits(within, _units_between(day, as_of, unit, within)):
            how = "derived: " if unit == "day" else "rounded: "
            yield Settled(claim, "equals", slot, comparison=f"{how}as_of - {slot} in {unit}s")
            return
    yield Settled(claim, "contradicted", known[0][0]) if known else Settled(claim, "unsupported")


def _units_meant(match: re.Match[str]) -> tuple[float, float] | None:
    """The least number of units that is meant, and the number that is too many."""
    said, about = match["number"], (match["about"] or "").strip()
    vague = next((limits for word, limits in _VAGUE.items() if word in said), None)
    if vague:
        return vague
    exact = number_said(said)
    if exact is None:
        return None
    number = float(exact)
    if about in ("almost", "nearly", "less than", "under", "just under", "not yet", "not quite"):
        return number - 0.5, number
    if about == "not even":
        return 0, number
    if about in ("over", "more than", "at least", "just over"):
        return number, number + 1
    # To the nearest whole unit, or down as one counts months and years.
    return number - 0.5, number + (0.5 if match["unit"] in ("day", "week") else 1)


def _units_between(day: date, as_of: date, unit: str, within: tuple[float, float]) -> float:
    days = (as_of - day).days
    units = days / _DAYS[unit]
    # A season is a year's or a quarter of it.
    return days / _A_QUARTER if unit == "season" and not _fits(within, units) else units


def _fits(within: tuple[float, float], units: float) -> bool:
    return within[0] <= units < within[1]


def _service_days(sheet: Sheet, *, of_the_last: bool = False, of_any: bool = False) -> list[tuple[str, date]]:
    """The days of service that a span may count from: since the first, since the last, or since any of them."""
    order = ("service.last_date",) if of_the_last else ("service.since", "service.last_date")
    known = []
    for slot in order:
        fact = sheet.by_slot.get(slot)
        day = date_of(fact["value"]) if fact else None
        if day and day.year and day.month and day.day:
            known.append((slot, date(day.year, day.month, day.day)))
    return known if of_any or of_the_last else known[:1]


def _of_period(match: re.Match[str], sheet: Sheet, as_of: date) -> Settled:
    claim, known = Claim("span", *match.span()), _service_days(sheet, of_any=True)
    first, last = period(match, as_of)
    for slot, day in known:
        if first <= day <= last:
            return Settled(claim, "equals", slot, comparison=f"derived: {first} <= {slot} <= {last}")
    return Settled(claim, "contradicted", known[0][0]) if known else Settled(claim, "unsupported")
