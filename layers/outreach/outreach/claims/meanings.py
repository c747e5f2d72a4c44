"""Slots that say what isn't so: denied, promised to somebody else, or in another fact's place."""

import re
from collections.abc import Iterator

from agent_platform.patterns import lazy_pattern

from outreach.claims.claim import Settled
from outreach.claims.sheet import Sheet

_WINDOW = 90
_SENTENCE_ENDS = lazy_pattern(r"[.!?;\n]")
_SLOT = lazy_pattern(r"\{\{[^{}]*\}\}")
# Stands for a slot in the words around another one.
_A_SLOT = "\N{SECTION SIGN}"
_KINDS = frozenset(("amount", "percent", "number", "date", "name"))
_AMOUNTS = frozenset(("offer.amount", "offer.friend_amount"))
_NOT = (
    r"(?:(?:do|does|did|will|would|is|are|was|can|could|should)(?:n't| not)|won't|can't|cannot|not|never|no longer"
    r"|neither|nobody|none of (?:you|them))"
)
_DENIED_BEFORE = lazy_pattern(
    rf"\b{_NOT} (?:\w+ ){{0,3}}(?:get|receive|earn|save|cost|pay|give|offer|include|apply|be|have|see"
    rf"|expect|worth|credit|add)\b[^,:]{{0,40}}$|\b(?:no|not|never|without|minus|instead of|rather than"
    rf"|nor)(?: (?:the|a|an|your|more|full|any)){{0,2}} $",
    re.IGNORECASE,
)
_NO_DENIAL = lazy_pattern(r"\b(?:why not|not only|not just|don't forget|if|whether)\b", re.IGNORECASE)
_DENIED_AFTER = lazy_pattern(
    r" (?:is|are|was|were|will be)(?:n't| not| no longer| never)\b| (?:no longer|doesn't|does not|won't|will not"
    r"|can't|cannot|never)\b",
    re.IGNORECASE,
)

_FRIEND = (
    r"(?:(?:your|a|the|that|each|every|any) (?:friend|neighbou?r|person)s?(?: who [^,.]{1,40}?)?"
    r"|friends?|neighbou?rs?|they|he or she|he|she)"
)
_GETS = r"(?:gets?|receives?|earns?|saves?|wins?|enjoys?|collects?|pockets?|takes?)"
_RECEIVER = lazy_pattern(
    rf"\b(?:(?P<both>you both|both of you|each of you|you and {_FRIEND}|you each|both)|(?P<you>you)"
    rf"|(?P<friend>{_FRIEND}))(?:'ll| will| can| would| each| also| then"
    rf"| all){{0,3}} {_GETS}\b[^.!?;,{_A_SLOT}]{{0,30}}$"
    r"|\b(?:gives?|gets?|earns?|thanks?|sends?|brings?|offers?|saves?|and|with|for) (?:(?P<give_you>you)"
    rf"|(?P<give_friend>them|{_FRIEND}))(?: with| back| a)? $|\b(?P<give>give) $"
    r"|(?:^|, |and )(?P<get>get) $",
    re.IGNORECASE,
)
_RECEIVER_AFTER = lazy_pattern(
    rf" (?:for|to) (?:(?P<both>(?:each of you|both of you|you both|you and {_FRIEND}))|(?P<you>you)"
    rf"|(?P<friend>them|{_FRIEND}))\b",
    re.IGNORECASE,
)
_UNTIL = lazy_pattern(
    r"\b(?:until|till|through|by|ends?(?: on)?|expires?(?: on)?|closes?(?: on)?|valid (?:to|until)|before"
    r"|deadline(?: is| of)?) $",
    re.IGNORECASE,
)
_STARTS = lazy_pattern(r"\b(?:starts?|begins?|opens?|from|after|not (?:\w+ )?until)(?: on| only)? $", re.IGNORECASE)
_PAST = lazy_pattern(
    r"\b(?:since|came|finished|visited|mowed|cleaned|cleared|completed|did|joined|was|were|last|recent"
    r"|thank you for)\b[^.!?\n]{0,70}\b(?:on|since|in|of|from) $|\bsince $",
    re.IGNORECASE,
)
_LATEST = lazy_pattern(r"\b(?:last|latest|recent|most recent)\b[^.!?\n]{0,50}\bon $", re.IGNORECASE)
_WITH_US = lazy_pattern(
    r"(?:with us|customer|together|you(?:'ve| have)|looked after|trusted)\b[^.!?\n]{0,40}\bsince $",
    re.IGNORECASE,
)
_BOUGHT = lazy_pattern(r"\b(?:last|recent|latest|previous|past) $", re.IGNORECASE)
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


def with_meanings(page: str, settled: list[Settled], sheet: Sheet) -> list[Settled]:
    """The settled claims; a slot that says what isn't so is contradicted by the fact that belongs there."""
    return [
        _looked_at(page, each, sheet) if each.claim.kind in _KINDS and each.result in ("slot", "equals") else each
        for each in settled
    ]


def _looked_at(page: str, settled: Settled, sheet: Sheet) -> Settled:
    slot, claim = settled.slot or "", settled.claim
    before = _SLOT.sub(_A_SLOT, page[max(0, claim.start - _WINDOW) : claim.start])
    before = _SENTENCE_ENDS.split(before)[-1]
    after = _SLOT.sub(_A_SLOT, page[claim.end : claim.end + _WINDOW])
    meant = next(_meant_instead(slot, before, after, sheet), None)
    return Settled(claim, "contradicted", meant) if meant else settled


def _meant_instead(slot: str, before: str, after: str, sheet: Sheet) -> Iterator[str]:
    """The slots of the facts that a slot contradicts by where it stands."""
    denied = _DENIED_AFTER.match(after) or (_DENIED_BEFORE.search(before) and not _NO_DENIAL.search(before))
    if denied and slot in (*_AMOUNTS, "offer.percent"):
        yield slot
    if slot in _AMOUNTS and (owed := _owed(before, after, sheet)) and owed != slot:
        yield owed
    yield from _other_date(slot, before, sheet)
    yield from _other_thing(slot, before, after, sheet)


def _owed(before: str, after: str, sheet: Sheet) -> str | None:
    """The amount that is whose the words beside it say, where the two differ; the first one stands for neither."""
    values = [sheet.by_slot[slot]["value"] for slot in _AMOUNTS if slot in sheet.by_slot]
    if len(values) < 2 or values[0] == values[1]:
        return None
    receivers = list(_RECEIVER.finditer(before))[-1:] or [match for match in [_RECEIVER_AFTER.match(after)] if match]
    if not receivers:
        return None
    said = {name for name, value in receivers[0].groupdict().items() if value}
    if "both" in said:
        return "offer.amount and offer.friend_amount"
    return "offer.amount" if said & {"you", "give_you", "get"} else "offer.friend_amount"


def _other_date(slot: str, before: str, sheet: Sheet) -> Iterator[str]:
    known = sheet.by_slot
    if slot == "offer.valid_until" and (_STARTS.search(before) or (not _UNTIL.search(before) and _PAST.search(before))):
        yield "service.last_date" if "service.last_date" in known and not _STARTS.search(before) else slot
    if slot in ("service.since", "service.last_date") and _UNTIL.search(before):
        yield "offer.valid_until"
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
        if slot == "offer.service" and _BOUGHT.search(before):
            yield "service.last_type"
        if slot == "service.last_type" and _IS_PRICED.match(after):
            yield "offer.service"
    if slot == "customer.first_name" and _AT_WORK.match(after):
        yield "service.crew"
    if slot == "company.name" and _WHERE.search(before):
        yield "customer.city"
    if slot == "service.count" and _UNIT.match(after):
        yield slot
