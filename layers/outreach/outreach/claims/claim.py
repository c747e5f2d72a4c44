"""What readers find: a span of the folded text, the kind of claim it makes, and what it says."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from outreach.findings import stops

Result = Literal["slot", "equals", "contradicted", "unsupported", "opinion", "not_checked"]

# Stands where a claim was found, so that no later reader finds it again; folding lets no other one through.
MASK = "\0"


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of money, and the currencies that its sign may mean."""

    value: Decimal
    currencies: frozenset[str]


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date in the parts that were written; weekday counts from Monday = 0."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None


# Percentages and plain numbers are Decimals; links, phone numbers, addresses and names are normalised texts.
Reading = Amount | PartialDate | Decimal | str


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim; `reading` is None where it can't be understood, `slots` the only facts it may mean (None: any)."""

    kind: str
    start: int
    end: int
    reading: Reading | None = None
    slots: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """A claim and what became of it; where `replaced`, the text says the slot instead.

    `source` is the JSON pointer of what settled it where that isn't the slot's fact, `comparison` how if not as equal.
    """

    claim: Claim
    result: Result
    slot: str | None = None
    replaced: bool = False
    source: str | None = None
    comparison: str | None = None


def masked(page: str, claims: Iterable[Claim]) -> str:
    """The page with the spans of these claims blanked out, offsets unchanged."""
    pieces: list[str] = []
    end = 0
    for claim in claims:
        pieces += (page[end : claim.start], MASK * (claim.end - claim.start))
        end = claim.end
    return "".join((*pieces, page[end:]))


def without_overlaps(claims: Iterable[Claim]) -> list[Claim]:
    """The claims in the order of the text; of two that overlap, the one that begins first, then the longer."""
    kept: list[Claim] = []
    for claim in sorted(claims, key=lambda each: (each.start, -each.end)):
        if not kept or claim.start >= kept[-1].end:
            kept.append(claim)
    return kept


def the_worst_first(settled: Iterable[Settled]) -> list[Settled]:
    """The settled claims in the order of the text; where two overlap, the one that stops a draft."""
    kept: list[Settled] = []
    taken: set[int] = set()
    for each in sorted(settled, key=lambda one: (not stops(one.result), one.claim.start, -one.claim.end)):
        span = range(each.claim.start, each.claim.end)
        if taken.isdisjoint(span):
            taken.update(span)
            kept.append(each)
    return sorted(kept, key=lambda one: one.claim.start)
