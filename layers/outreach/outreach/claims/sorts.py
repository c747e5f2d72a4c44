"""Sorts of statements that are made in words alone: found by their wording, held against the offer's conditions."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from agent_platform.patterns import lazy_pattern

from outreach.claims.claim import MASK, Claim, Settled
from outreach.claims.sheet import Sheet
from outreach.claims.terms import against_conditions

# Whoever speaks for the company.
WE = (
    r"(?:we|i|our (?:\w{1,12} )?(?:crews?|team|people|office|company|staff)|the (?:crew|team|office|company)"
    r"|somebody|someone)"
)
PEOPLE = r"(?:customers?|clients?|homeowners?|households?|homes|families|neighbou?rs|people|residents|folks|members)"
A_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?"

_CLAUSE_ENDS = lazy_pattern(r"[.!?;,:\n]| (?:but|so) ")
_WINDOW = 80
_WORD = lazy_pattern("[a-z]+")
_LETTERS = 5


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of statement: the kind of its claims, its wordings, and beginnings of words of which each has one.

    A beginning is a word's first five letters, or all of a shorter one.
    """

    kind: str
    wording: re.Pattern[str]
    beginnings: frozenset[str]

    def found(self, page: str) -> Iterator[re.Match[str]]:
        """Every statement of the sort on a page in small letters."""
        # Most pages have no such word, and are searched for none of the wordings.
        return iter(()) if self.beginnings.isdisjoint(_beginnings_of(page)) else self.wording.finditer(page)


# One sort after the other asks for the same page.
@lru_cache(maxsize=4)
def _beginnings_of(page: str) -> frozenset[str]:
    return frozenset(word[:_LETTERS] for word in _WORD.findall(page))


def settling(*sorts: Sort) -> Callable[[str, Sheet], Iterator[Settled]]:
    """A settler of these sorts: only the offer's conditions, in the words of the whole clause, can vouch for them."""

    def settle_sorts(page: str, sheet: Sheet) -> Iterator[Settled]:
        for sort in sorts:
            for match in sort.found(page):
                yield against_conditions(Claim(sort.kind, *match.span()), _clause_of(match), sheet)

    return settle_sorts


def _clause_of(match: re.Match[str]) -> str:
    """What a clause says in which something was found."""
    page, (start, end) = match.string, match.span()
    before = _CLAUSE_ENDS.split(page[max(0, start - _WINDOW) : start])[-1]
    after = _CLAUSE_ENDS.split(page[end : end + _WINDOW], maxsplit=1)[0]
    return f"{before}{match[0]}{after}".replace(MASK, " ")
