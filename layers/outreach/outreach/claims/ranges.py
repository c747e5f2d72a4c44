"""Ranges: "$25-$50" says what no fact says, even where one of its ends is a fact."""

import re

from agent_platform.patterns import lazy_pattern

from outreach.claims.claim import Claim, Settled

_JOINED = lazy_pattern(r"\s?(?:-|(?:up )?to)\s?", re.IGNORECASE)
_AND = lazy_pattern(r"\s(?:and|to)\s", re.IGNORECASE)
_OPENED = lazy_pattern(r"\b(?:between|from)\s$", re.IGNORECASE)
_QUANTITIES = frozenset(("amount", "percent", "number"))


def joined_ranges(page: str, settled: list[Settled]) -> list[Settled]:
    """The settled claims in order, two quantities that are the ends of a range as one claim."""
    joined: list[Settled] = []
    for each in sorted(settled, key=lambda one: one.claim.start):
        if joined and _are_ends(page, joined[-1].claim, each.claim):
            joined[-1] = _range(joined[-1], each)
        else:
            joined.append(each)
    return joined


def _are_ends(page: str, one: Claim, other: Claim) -> bool:
    if one.kind not in _QUANTITIES or other.kind not in _QUANTITIES or one.kind not in ("number", other.kind):
        return False
    between = page[one.end : other.start]
    opened = _OPENED.search(page[max(0, one.start - 10) : one.start])
    return bool(_JOINED.fullmatch(between) or (opened and _AND.fullmatch(between)))


def _range(one: Settled, other: Settled) -> Settled:
    slot = other.slot or one.slot
    return Settled(Claim("range", one.claim.start, other.claim.end), "contradicted" if slot else "unsupported", slot)
