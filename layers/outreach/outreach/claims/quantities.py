"""Amounts of money, percentages and plain numbers."""

import re
from collections.abc import Iterator
from decimal import Decimal

from agent_platform.patterns import lazy_pattern

from outreach.claims.claim import MASK, Amount, Claim
from outreach.claims.currencies import Unit, marks_alone, widened
from outreach.claims.numerals import Numeral, numerals
from outreach.claims.sheet import Sheet

# What the facts count; of anything else a small number in words is a manner of speaking ("two minutes").
COUNTED = (
    r" (?:[a-z]{1,15} )?"
    r"(?:visits?|services?|appointments?|cleanings?|cleans?|bookings?|jobs?|treatments?|mowings?|mows?)\b"
)
_COUNTED = lazy_pattern(COUNTED)
_HALF = lazy_pattern(r"\bhalf(?:-off|[ -]price| the price)\b", re.IGNORECASE)
_GLUE = MASK + "_"


def read_quantities(page: str, sheet: Sheet) -> Iterator[Claim]:
    """Every number with the marks that stand beside it."""
    floor = 0
    for numeral in numerals(page, sheet.convention):
        start, end, units = widened(page, numeral.start, numeral.end, floor)
        if not units and numeral.small_word and not _is_count(page, numeral):
            continue
        start, negative = _with_minus(page, start)
        claim = _claim(start, end, units, -numeral.value if negative and numeral.value else numeral.value)
        yield Claim(claim.kind, start, end) if _is_glued(page, start, end) else claim
        floor = end
    for match in _HALF.finditer(page):
        yield Claim("percent", match.start(), match.end(), Decimal(50))


def read_marks_alone(page: str, sheet: Sheet) -> Iterator[Claim]:
    """Signs of money and percent without a number, outside English their words too: number words aren't read there."""
    for start, end in marks_alone(page, in_words=sheet.convention.language != "en"):
        yield Claim("percent" if page[start] == "%" else "amount", start, end)


def _claim(start: int, end: int, units: list[Unit], value: Decimal | None) -> Claim:
    if not units:
        return Claim("number", start, end, value)
    if all(unit.currencies is None for unit in units):
        return Claim("percent", start, end, value)
    meant = [unit.currencies for unit in units if unit.currencies is not None]
    currencies = frozenset.intersection(*meant)
    if value is None or not currencies or len(meant) < len(units):
        return Claim("amount", start, end)
    factor = min(unit.factor for unit in units)
    return Claim("amount", start, end, Amount(value * factor, currencies))


def _is_count(page: str, numeral: Numeral) -> bool:
    # "One" is a determiner more often than a number.
    return numeral.value != 1 and _COUNTED.match(page, numeral.end) is not None


def _with_minus(page: str, start: int) -> tuple[int, bool]:
    if start and page[start - 1] == "-" and (start == 1 or page[start - 2] in " \n("):
        return start - 1, True
    return start, False


def _is_glued(page: str, start: int, end: int) -> bool:
    """Whether something is written right against the number that makes another one of it: 25k, {{slot}}0."""
    before, after = page[start - 1 : start], page[end : end + 1]
    return any(each.isalnum() or each in _GLUE for each in (before, after) if each)
