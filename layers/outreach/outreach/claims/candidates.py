"""What a model takes for claims in a draft: candidates, of use where no rule has read the words."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from agent_platform.patterns import lazy_pattern

from outreach.claims.folding import Folded, fold
from outreach.findings import LedgerEntry

_LONGEST_QUOTE = 300
_LONGEST_TEXT = 80
_MOST_PLACES = 20
_WORDS = lazy_pattern(r"\S+")
# What models put around the words that they quote.
_AROUND = " \t\n\"'*_.,:;!?()[]-"


@dataclass(frozen=True)
class Candidates:
    """The entries of the quotes that stand in a draft where no rule has read, and how many stand nowhere in it."""

    entries: list[LedgerEntry]
    nowhere: int


def candidates(draft: Mapping[str, str], quotes: Iterable[str], ledger: Iterable[LedgerEntry]) -> Candidates:
    """Each quote that a draft has, compared as its claims are; where an entry of its ledger overlaps, code has read it.

    What nobody has read waits for a person: a model's word makes no claim true, and none false.
    """
    texts = {where: fold(text) for where, text in draft.items()}
    read: set[tuple[str, int]] = {
        (entry["where"], at) for entry in ledger for at in range(entry["start"], entry["end"])
    }
    entries: list[LedgerEntry] = []
    nowhere = 0
    for quote in quotes:
        places = list(_places(texts, quote))
        nowhere += not places
        unread = next((place for place in places if read.isdisjoint(_span(place))), None)
        if unread:
            read.update(_span(unread))
            entries.append(_entry(draft, *unread))
    return Candidates(entries, nowhere)


def _places(texts: Mapping[str, Folded], quote: str) -> Iterator[tuple[str, int, int]]:
    """Where a quote stands: in any case, and with any white space between its words."""
    words = _WORDS.findall(fold(quote[:_LONGEST_QUOTE]).text.strip(_AROUND))
    if not any(map(str.isalpha, "".join(words))):
        return
    pattern = re.compile(r"\s+".join(map(re.escape, words)), re.IGNORECASE)
    for where, folded in texts.items():
        for place, match in enumerate(pattern.finditer(folded.text)):
            if place == _MOST_PLACES:
                break
            yield where, *folded.origin(*match.span())


def _span(place: tuple[str, int, int]) -> set[tuple[str, int]]:
    where, start, end = place
    return {(where, at) for at in range(start, end)}


def _entry(draft: Mapping[str, str], where: str, start: int, end: int) -> LedgerEntry:
    entry = {
        "kind": "statement",
        "result": "not_checked",
        "where": where,
        "start": start,
        "end": end,
        "text": draft[where][start:end][:_LONGEST_TEXT],
        "slot": None,
        "source": None,
        "comparison": None,
    }
    return cast("LedgerEntry", entry)
