"""What stands beside a slot: "€{{offer.amount}}" says more than its slot does."""

import re

from agent_platform.patterns import lazy_pattern

from outreach.claims.claim import Claim, Settled
from outreach.claims.currencies import widened
from outreach.claims.dates import date_of, weekday_of
from outreach.claims.sheet import Sheet
from outreach.contracts import Fact

_VALUES = frozenset(("amount", "percent", "number", "date", "link", "phone", "email"))
_SCHEME = lazy_pattern(r"(?:https?:)?//$", re.IGNORECASE)
_WEEKDAY = lazy_pattern(r"(?P<name>[^\W\d_]{2,15}(?:-feira)?)\.?,? (?:the |den )?$")
_GLUED_AFTER = {"link": lazy_pattern(r"[/?#&=@:.%+-]*\w|[/#&=@%]"), "other": lazy_pattern(r"\w|[.,]\d")}
_GLUED_BEFORE = {"link": lazy_pattern(r"[\w/=@.]$"), "other": lazy_pattern(r"\w$|\d[.,]$")}
_WINDOW = 24


def beside_slots(page: str, settled: list[Settled], sheet: Sheet) -> list[Settled]:
    """The settled claims in order, each with the marks beside it; what is glued to a value is no fact."""
    looked: list[Settled] = []
    floor = 0
    for each in sorted(settled, key=lambda one: one.claim.start):
        fact = sheet.by_slot.get(each.slot or "")
        taken = each
        if fact and each.result in ("slot", "equals") and each.claim.kind in _VALUES:
            taken = _glued(page, _with_marks(page, each, fact, sheet, floor), floor)
        looked.append(taken)
        floor = taken.claim.end
    return looked


def _with_marks(page: str, settled: Settled, fact: Fact, sheet: Sheet, floor: int) -> Settled:
    claim = settled.claim
    before = page[max(floor, claim.start - _WINDOW) : claim.start]
    if claim.kind == "link" and (scheme := _SCHEME.search(before)):
        return Settled(Claim("link", claim.start - len(scheme[0]), claim.end), "equals", settled.slot, replaced=True)
    if claim.kind == "date":
        return _with_weekday(settled, fact, sheet, before)
    start, end, units = widened(page, claim.start, claim.end, floor)
    if not units:
        return settled
    money = fact["value"] if fact["kind"] == "money" else None
    own = all(
        unit.factor == 1
        and (
            fact["kind"] == "percent"
            if unit.currencies is None
            else money is not None and money["currency"] in unit.currencies
        )
        for unit in units
    )
    return Settled(Claim(claim.kind, start, end), "equals" if own else "contradicted", settled.slot, replaced=own)


def _with_weekday(settled: Settled, fact: Fact, sheet: Sheet, before: str) -> Settled:
    match, known, claim = _WEEKDAY.search(before), date_of(fact["value"]), settled.claim
    weekday = sheet.convention.weekdays.get(match["name"].lower()) if match else None
    if match is None or weekday is None or known is None:
        return settled
    right = weekday == weekday_of(known)
    widened_claim = Claim("date", claim.start - len(match[0]), claim.end)
    return Settled(widened_claim, "equals" if right else "contradicted", settled.slot, replaced=right)


def _glued(page: str, settled: Settled, floor: int) -> Settled:
    claim = settled.claim
    side = "link" if claim.kind == "link" else "other"
    after = _GLUED_AFTER[side].match(page, claim.end, claim.end + _WINDOW)
    before = _GLUED_BEFORE[side].search(page[max(floor, claim.start - 2) : claim.start])
    if not after and not before:
        return settled
    start = claim.start - (len(before[0]) if before else 0)
    return Settled(Claim(claim.kind, start, after.end() if after else claim.end), "unsupported", settled.slot)
