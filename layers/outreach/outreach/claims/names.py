"""Names of people and companies: the known ones anywhere, and what reads like a name where one is expected."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from agent_platform.patterns import lazy_pattern

from outreach.claims.claim import Claim, masked
from outreach.claims.folding import fold
from outreach.claims.sheet import Sheet
from outreach.claims.vocabulary import words
from outreach.contracts import Fact

_WORD = lazy_pattern(r"[^\W\d_]\w*(?:[.-](?=\w)\w+|'(?!s\b)\w+)*")
_WITHIN_A_NAME = frozenset((" ", ". ", " & ", "& "))

# In a greeting or a signature these name nobody.
_NOBODY = words(
    """
    a again all and at back behalf best buddy care cheers client crew cuando customer customers dear esteemed
    everybody everyone family folks for friend friends from fellow gang good here homeowner hello hey hi homeowners
    kind kunde kunden kundin loyal madam many my nachbar nachbarin neighbor neighbors neighbour neighbours of on our
    sir staff support service team thank thanks the there to truly und us valued warm warmly wishes y'all yours your
    you cliente clientes amigo amiga amigos vecino vecina equipo el la los tu su team euer ihr dein das client
    cliente regards sincerely spring summer fall autumn winter respectfully cordially gratefully love sent talk
    being happy glad delighted proud sure
    """
)
# Names that are words: where no name is expected, the word is meant.
_ORDINARY = words(
    """
    Amber Angel April Art August Autumn Bath Best Bill Brook Brown Buffalo Chance Chase Christian Clay Cliff Crystal
    Daisy Dale Dawn Deal Dean Drew Duke Dusty Earl Early Earnest Faith Forest Frank Gene Ginger Glen Grace Grant
    Green Guy Happy Harmony Heath Heaven Honor Hope Independence Iris Ivy Jack Jade Jay Joy June King Liberty Lily
    Long Love Major Mark Max May Melody Mercy Merry Miles Misty Mobile Nice Nick Norm Normal Olive Orange Paradise
    Pat Pearl Penny Price Prince Rain Reading Reed Rich Rob Rocky Rose Ruby Rusty Sandy Skip Sky Spring Star
    Sterling Stormy Sue Summer Sunny Surprise Trinity Violet Ward Will Windy Young
    """
)


def read_compounds(page: str, sheet: Sheet) -> Iterator[Claim]:
    """Known names and texts that other readers would take apart: "7-Day Clean", "Give $25, Get $25"."""
    return _literals(page, [fact for fact in sheet.of_kind("name") if _is_compound(str(fact["value"]))])


def read_known_names(page: str, sheet: Sheet) -> Iterator[Claim]:
    """Known names wherever they stand, so that no draft carries one as a literal."""
    wanted = [fact for fact in sheet.of_kind("name") if fact["kind"] == "name" and str(fact["value"]) not in _ORDINARY]
    return _literals(page, wanted)


def names_between(page: str, sheet: Sheet, start: int, end: int, slots: frozenset[str]) -> Iterator[Claim]:
    """What reads like a name between two offsets: known ones as they are written, else words with a capital."""
    region = page[start:end]
    known = list(_literals(region, [sheet.by_slot[slot] for slot in slots if slot in sheet.by_slot], slots))
    unknown = [
        Claim("name", first, last, region[first:last], slots) for first, last in capitalised(masked(region, known))
    ]
    for claim in (*known, *unknown):
        yield Claim("name", start + claim.start, start + claim.end, claim.reading, slots)


def capitalised(text: str) -> Iterator[tuple[int, int]]:
    """Runs of words with a capital, without the words at their edges that name nobody."""
    run: list[re.Match[str]] = []
    for word in _WORD.finditer(text):
        if run and not (word[0][0].isupper() and text[run[-1].end() : word.start()] in _WITHIN_A_NAME):
            yield from _trimmed(run)
            run = []
        if word[0][0].isupper():
            run.append(word)
    yield from _trimmed(run)


def names_nobody(word: str) -> bool:
    """Whether this word of a greeting or signature stands for no one in particular."""
    return word.casefold() in _NOBODY


def words_of(text: str) -> list[re.Match[str]]:
    """The words of a text, with their places."""
    return list(_WORD.finditer(text))


def _trimmed(run: list[re.Match[str]]) -> Iterator[tuple[int, int]]:
    naming = [index for index, word in enumerate(run) if not names_nobody(word[0])]
    if naming:
        yield run[naming[0]].start(), run[naming[-1]].end()


def _literals(page: str, facts: Iterable[Fact], slots: frozenset[str] | None = None) -> Iterator[Claim]:
    pattern = _spelled(frozenset(str(fact["value"]) for fact in facts))
    if pattern:
        for match in pattern.finditer(page):
            yield Claim("name", match.start(), match.end(), match[0], slots)


@lru_cache(maxsize=64)
def _spelled(values: frozenset[str]) -> re.Pattern[str] | None:
    folded = sorted((fold(value).text.strip() for value in values), key=lambda value: (-len(value), value))
    spellings = [_spelling(value) for value in folded if len(value) > 1]
    return re.compile(rf"(?<![\w@/])(?:{'|'.join(spellings)})(?![\w@]|-\w)") if spellings else None


def _spelling(value: str) -> str:
    words = [re.escape(word) for word in value.split()]
    # One word in small letters is more often a word than a name.
    return rf"(?i:{'[ \n]'.join(words)})" if len(words) > 1 else rf"(?:{words[0]}|{re.escape(value.upper())})"


def _is_compound(value: str) -> bool:
    return re.search(r"[\d%@$€£]|\w\.\w", fold(value).text) is not None
