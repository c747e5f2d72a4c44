"""Slots that say what isn't so: denied, promised to somebody else, or in another fact's place."""

import re
from collections.abc import Iterator

from agent_platform.patterns import lazy_pattern

from outreach.claims.claim import Settled
from outreach.claims.denials import denied, not_open, not_served
from outreach.claims.multiples import is_another_figure, is_other_way_round
from outreach.claims.receivers import AMOUNTS, for_others, owed
from outreach.claims.sheet import Sheet

_WINDOW = 90
_SENTENCE_ENDS = lazy_pattern(r"[.!?;\n]")
_SLOT = lazy_pattern(r"\{\{[^{}]*\}\}")
# Stands for a slot in the words around another one.
_A_SLOT = "\N{SECTION SIGN}"
# The same for what was done for the customer: a date beside it is of the past.
_OF_SERVICE = "\N{PILCROW SIGN}"
_KINDS = frozenset(("amount", "percent", "number", "date", "name", "span"))
_OF_THE_PAST = frozenset(("service.since", "service.last_date", "service.count"))
_UNTIL = lazy_pattern(
    r"\b(?:until|till|through|by|ends?(?: on)?|expires?(?: on)?|closes?(?: on)?|valid (?:to|until)|before"
    r"|deadline(?: is| of)?) $",
    re.IGNORECASE,
)
_STARTS = lazy_pattern(r"\b(?:starts?|begins?|opens?|from|after|not (?:\w+ )?until)(?: on| only)? $", re.IGNORECASE)
_PAST = lazy_pattern(
    r"\b(?:since|came|finished|visited|mowed|cleaned|cleared|completed|did|joined|was|were|last|recent"
    rf"|thank you for)\b[^.!?\n]{{0,70}}\b(?:on|since|in|of|from) $|\bsince $"
    rf"|{_OF_SERVICE}[^.!?,;:\n]{{0,20}} (?:on|of|from|in) $",
    re.IGNORECASE,
)
_AHEAD = lazy_pattern(
    r"\b(?:next|upcoming|scheduled|see you|looking forward)\b[^.!?,\n]{0,40}\b(?:on|for|is) $", re.IGNORECASE
)
_LATEST = lazy_pattern(r"\b(?:last|latest|recent|most recent)\b[^.!?\n]{0,50}\bon $", re.IGNORECASE)
_WITH_US = lazy_pattern(
    r"(?:with us|customer|together|you(?:'ve| have)|looked after|trusted)\b[^.!?\n]{0,40}\bsince $",
    re.IGNORECASE,
)
_BOUGHT = lazy_pattern(
    r"\b(?:last|recent|latest|previous|past) $|\b(?:thanks?|thank you|ago|over|still|came|finished|completed|loved"
    r"|went)\b[^.!?;:\n]{0,40}\byour $",
    re.IGNORECASE,
)
_ON_A_PAST_DAY = lazy_pattern(rf" (?:on|of|from) {_OF_SERVICE}")
_IS_PRICED = lazy_pattern(rf" (?:is|for|costs|at|comes to|is yours for) {_A_SLOT}", re.IGNORECASE)
_AT_WORK = lazy_pattern(
    r"(?:'s (?:crew|team)| and (?:the|his|her|their) (?:crew|team)| (?:finished|came|mowed|cleaned|cleared"
    r"|serviced|treated))\b",
    re.IGNORECASE,
)
_WHERE = lazy_pattern(
    r"\b(?:homes?|lawns?|houses?|street|neighbou?rs|gardens?|people|customers|families|place) in $",
    re.IGNORECASE,
)
_UNIT = lazy_pattern(
    r" (?:years?|months?|weeks?|days?|hours?|stars?|percent|dollars|friends?|neighbou?rs?|points?)\b",
    re.IGNORECASE,
)
_NOT_SO_MANY = lazy_pattern(
    r"\b(?:more than|upwards of|less than|fewer than|under|nearly|almost|not quite) $", re.IGNORECASE
)


def with_meanings(page: str, settled: list[Settled], sheet: Sheet) -> list[Settled]:
    """The settled claims; a slot that says what isn't so is contradicted by the fact that belongs there."""
    return [
        _looked_at(page, each, sheet) if each.claim.kind in _KINDS and each.result in ("slot", "equals") else each
        for each in settled
    ]


def _looked_at(page: str, settled: Settled, sheet: Sheet) -> Settled:
    claim = settled.claim
    before = _SENTENCE_ENDS.split(_without_slots(page[max(0, claim.start - _WINDOW) : claim.start]))[-1]
    after = _without_slots(page[claim.end : claim.end + _WINDOW])
    meant = next(_meant_instead(settled, before, after, sheet), None)
    return Settled(claim, "contradicted", meant) if meant else settled


def _without_slots(page: str) -> str:
    return _SLOT.sub(lambda slot: _OF_SERVICE if slot[0].startswith("{{service.") else _A_SLOT, page)


def _meant_instead(settled: Settled, before: str, after: str, sheet: Sheet) -> Iterator[str]:
    """The slots of the facts that a slot contradicts by where it stands."""
    slot = settled.slot or ""
    if slot in _OF_THE_PAST and not_served(before):
        yield slot
    if settled.claim.kind == "span":
        return
    is_benefit = slot in AMOUNTS or slot == "offer.percent"
    if is_benefit and (denied(before, after) or for_others(before, after)):
        yield slot
    if is_benefit and is_another_figure(settled, before, after, sheet):
        yield slot
    if slot in AMOUNTS:
        if (meant := owed(before, after, sheet)) and meant != slot:
            yield meant
        if is_other_way_round(before, after, sheet):
            yield slot
    yield from _other_date(slot, before, sheet)
    yield from _other_thing(slot, before, after, sheet)


def _other_date(slot: str, before: str, sheet: Sheet) -> Iterator[str]:
    known = sheet.by_slot
    if slot == "offer.valid_until" and (_STARTS.search(before) or (not _UNTIL.search(before) and _PAST.search(before))):
        yield "service.last_date" if "service.last_date" in known and not _STARTS.search(before) else slot
    if slot == "offer.valid_until" and not_open(before):
        yield slot
    if slot in ("service.since", "service.last_date"):
        if _UNTIL.search(before):
            yield "offer.valid_until"
        if _AHEAD.search(before):
            yield slot
    if slot == "service.since" and _LATEST.search(before):
        yield "service.last_date"
    if slot == "service.last_date" and "service.since" in known and _WITH_US.search(before):
        yield "service.since"


def _other_thing(slot: str, before: str, after: str, sheet: Sheet) -> Iterator[str]:
    services = [
        str(sheet.by_slot[name]["value"]).casefold()
        for name in ("offer.service", "service.last_type")
        if name in sheet.by_slot
    ]
    if len(set(services)) == 2:
        if slot == "offer.service" and (_BOUGHT.search(before) or _ON_A_PAST_DAY.match(after)):
            yield "service.last_type"
        if slot == "service.last_type" and _IS_PRICED.match(after):
            yield "offer.service"
    if slot == "customer.first_name" and _AT_WORK.match(after):
        yield "service.crew"
    if slot == "company.name" and _WHERE.search(before):
        yield "customer.city"
    if slot == "service.count" and (_UNIT.match(after) or _NOT_SO_MANY.search(before)):
        yield slot
