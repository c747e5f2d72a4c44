"""Who lives with the reader, and what their place is like: no fact speaks of either, but the comment may."""

from collections.abc import Iterator

from agent_platform.patterns import lazy_pattern

from outreach.claims.claim import Claim, Settled
from outreach.claims.folding import fold, in_small_letters
from outreach.claims.numerals import NUMBER_WORDS
from outreach.claims.sheet import Sheet
from outreach.claims.terms import standing

_KIN = (
    r"(?:husband|wife|spouse|fianc[a-z]{1,3}|boyfriend|girlfriend|sons?|daughters?|kids?|child(?:ren)?|baby|babies"
    r"|toddlers?|mother|father|mom|mum|dad|sisters?|brothers?|grand(?:ma|pa|mother|father|parents|kids|children|son"
    r"|daughter)|in-laws|roommates?|housemates?|tenants?|dogs?|cats?|pets?|pupp(?:y|ies)|kittens?|horses?|little ones)"
)
_TROUBLE = (
    r"(?:moss|weeds?|crabgrass|dandelions?|clover|grubs?|thatch|fungus|mold|mould|mildew|rust|stains?|leaks?|cracks?"
    r"|bare (?:spots?|patch(?:es)?)|brown (?:spots?|patch(?:es)?)|dead (?:grass|spots?|branches)|ants?|ticks?|wasps?"
    r"|mosquitoe?s|cobwebs?|limescale|grime|debris|puddles?)"
)
_COUNTED = (
    r"(?:acres?|bedrooms?|bathrooms?|rooms?|stor(?:y|ey|ies|eys)|floors?|windows?|trees?|hedges?|cars?|bushes|shrubs"
    r"|flower ?beds|square (?:feet|foot|meters|metres|yards)|levels?|stairs|carpets|ovens)"
)
_NUMBER = rf"(?:{NUMBER_WORDS}|\d{{1,5}}|half|quarter|several|many)"
_HOUSEHOLD = lazy_pattern(
    rf"\b(?P<to>(?:tell|told|share|send|pass|forward|introduce|refer|with|to|or|like|maybe|perhaps|a friend,) )?"
    rf"(?:your|the) (?:\w{{1,10}} )?{_KIN}\b"
    r"|\bcongratulations (?:on|to) (?:the|your) (?:new|baby|wedding|marriage|engagement|promotion|retirement|move"
    r"|graduation|arrival)\b|\byour new (?:home|house|place|apartment|flat|baby|job|car|puppy|kitten|arrival)\b"
    rf"|\byour (?:\w{{1,12}} )?{_NUMBER}[- ](?:\w{{1,12}}[- ])?{_COUNTED}\b"
    rf"|\b(?:the|your|those|that|some|more|of) (?:\w{{1,10}} )?{_TROUBLE} (?:near|along|by|around|behind|under|beside"
    rf"|beneath|next to|in front of|between|against|at) (?:your|the)\b"
)
# What somebody who has the one has, too.
_KINDS_OF = {
    "pet pets": lazy_pattern(r"\b(?:dogs?|cats?|pupp(?:y|ies)|kittens?|horses?)\b"),
    "kids children": lazy_pattern(r"\b(?:sons?|daughters?|child|baby|babies|toddlers?|kids|children|little ones)\b"),
}


def settle_households(page: str, sheet: Sheet) -> Iterator[Settled]:
    """Every relative, pet, room and weed that a draft knows of, but not those that a reader might tell."""
    for match in _HOUSEHOLD.finditer(page):
        if not match["to"]:
            yield _settled(Claim("reader", *match.span()), match[0], sheet.comment)


def _settled(claim: Claim, said: str, comment: str | None) -> Settled:
    """Verified where the customer's own comment speaks of it; where nobody knows the comment, for a person to read."""
    if comment is None:
        return Settled(claim, "not_checked")
    told = in_small_letters(fold(comment).text)
    more = " ".join(kind for kind, of_it in _KINDS_OF.items() if of_it.search(told))
    if standing(said, ". ".join((told, *(f"{sentence} {more}" for sentence in told.split("."))))) == "so":
        return Settled(claim, "equals", source="/comment", comparison="derived: the comment speaks of it")
    return Settled(claim, "unsupported")
