"""Figures that a fact is rounded or added up to: "over a dozen visits", "$50 between the two of you"."""

import re
from collections.abc import Iterator

from agent_platform.patterns import lazy_pattern

from outreach.claims.claim import Amount, Claim, Settled
from outreach.claims.currencies import minor_units
from outreach.claims.numerals import NUMBER_WORDS, number_said
from outreach.claims.quantities import COUNTED, read_quantities
from outreach.claims.sheet import Sheet

# The least and the most that a word stands for, and the number that some of them are.
_VAGUE = {
    "half a dozen": (5, 7), "a dozen": (11, 13), "two dozen": (22, 26), "three dozen": (34, 38), "dozens": (24, 200),
    "a couple": (2, 3), "a handful": (3, 6), "a few": (2, 6), "several": (3, 12),
}  # fmt: skip
_DOZENS = {"half a dozen": 6, "a dozen": 12, "two dozen": 24, "three dozen": 36}
_OVER = frozenset(("over", "more than", "well over", "just over", "upwards of"))
_NEARLY = frozenset(("nearly", "almost", "close to", "just under", "not quite"))
_UNDER = frozenset(("less than", "fewer than", "under"))
_HOW = rf"(?:{'|'.join(sorted(_OVER | _NEARLY | _UNDER, key=len, reverse=True))}|at least|about|around|roughly|some)"
_FIGURE = lazy_pattern(
    rf"\b(?:(?P<how>{_HOW}) )?(?P<said>{'|'.join(_VAGUE)}|\d{{1,4}}|{NUMBER_WORDS})"
    rf"(?: of)?(?: (?:your|our))?(?={COUNTED})"
)
# A few visits are a manner of speaking but where they have been: "it takes a few visits".
_SOFT = frozenset(("a couple", "a handful", "a few", "several"))
_HAS_BEEN = lazy_pattern(
    r"\b(?:thanks?(?: you)?(?: so much)? for|you(?:'ve| have)(?: \w{1,12}){0,2}|we(?:'ve| have)(?: \w{1,12}){0,2}"
    r"|these|those) $"
)
_TOGETHER_AFTER = lazy_pattern(
    r",? (?:together|combined|(?:shared |split )?between (?:you|the two|both|them and you)"
    r"|for the (?:two|pair) of you)\b",
    re.IGNORECASE,
)
_TOGETHER_BEFORE = lazy_pattern(
    r"\b(?:together|combined|between (?:you|the two of you|both of you)|(?:two|both|pair) of you together)\b"
    r"[^.!?;\n§]{0,40}$",
    re.IGNORECASE,
)
_WINDOW = 60
_NO_LIMIT = 1_000_000
_BENEFITS = ("offer.amount", "offer.friend_amount")


def settle_rounded_counts(page: str, sheet: Sheet) -> Iterator[Settled]:
    """Every count of services that isn't said to the unit, by the rule of the words beside it."""
    fact = sheet.by_slot.get("service.count")
    for match in _FIGURE.finditer(page):
        within = _meant(match, page[max(0, match.start() - _WINDOW) : match.start()])
        if within is None:
            continue
        claim = Claim("number", *match.span())
        if fact is None:
            yield Settled(claim, "unsupported")
        elif within[0] <= int(fact["value"]) <= within[1]:
            how = f"rounded: {within[0]} <= service.count" + (f" <= {within[1]}" if within[1] < _NO_LIMIT else "")
            yield Settled(claim, "equals", "service.count", comparison=how)
        else:
            yield Settled(claim, "contradicted", "service.count")


def _meant(match: re.Match[str], before: str) -> tuple[int, int] | None:
    """The least and the most services that are meant, None where no more is said than the figure."""
    how, said = match["how"], match["said"]
    if said in _SOFT:
        return _VAGUE[said] if how is None and _HAS_BEEN.search(before) else None
    exact = _DOZENS.get(said) or number_said(said)
    if how is None or exact is None:
        return _VAGUE.get(said)
    return _rounded_to(int(exact), how)


def _rounded_to(number: int, how: str) -> tuple[int, int]:
    if how in _OVER or how == "at least":
        # "Over 14 visits" may be in the course of them.
        return number + (how in _OVER and how != "over"), _NO_LIMIT
    if how in _NEARLY or how in _UNDER:
        return -(-number * (4 if how in _NEARLY else 2) // 5), number - 1
    return -(-number * 9 // 10), number * 11 // 10


def settle_totals(page: str, sheet: Sheet) -> Iterator[Settled]:
    """Every amount that is said to be what both get together, where it is the sum of what each gets."""
    known = [sheet.by_slot[slot]["value"] for slot in _BENEFITS if slot in sheet.by_slot]
    if len(known) < len(_BENEFITS) or known[0]["currency"] != known[1]["currency"]:
        return
    total = sum(money["minor"] for money in known)
    for claim in read_quantities(page, sheet):
        match claim.reading:
            case Amount(value, currencies) if known[0]["currency"] in currencies and _is_shared(page, claim):
                if minor_units(value, known[0]["currency"]) == total:
                    how = f"derived: {' + '.join(_BENEFITS)}"
                    yield Settled(claim, "equals", source="/facts/offer.amount", comparison=how)


def _is_shared(page: str, claim: Claim) -> bool:
    before = page[max(0, claim.start - _WINDOW) : claim.start]
    return bool(_TOGETHER_AFTER.match(page, claim.end) or _TOGETHER_BEFORE.search(before))
