"""A text as a reader's eye takes it: look-alikes, invisible characters, accents and HTML entities folded away."""

import html
import string
import unicodedata
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from agent_platform.patterns import lazy_pattern

_FOLDED_APART = lazy_pattern(r"&(?:#\d{1,7};?|#[xX][0-9a-fA-F]{1,6};?|[A-Za-z][A-Za-z0-9]{1,30};)|[^\t\n\r -~]")

# The letters that fonts draw alike (Unicode's confusables, cut to what spells Latin), and signs that mean the same.
_LOOK_ALIKES = str.maketrans(
    "аеорсухіјѕһԁԛԝӏАВЕЅІЈКМНОРСТУХ"
    + "αικνορυΑΒΕΖΗΙΚΜΝΟΡΤΥΧ"
    + "ıɡɑⅼ"
    + "⁄∕٪٫٬․‐‑‒–—―−⁃‘’‛ʼ′`´“”„‟″‚\u2028\u2029\u0085\u2800",
    "aeopcyxijshdqwlABESIJKMHOPCTYX" + "aikvopuABEZHIKMNOPTYX" + "igal" + "//%.,.--------'''''''\"\"\"\"\",\n\n\n ",
)
_SMALL = {ord(letter): letter.lower() for letter in string.ascii_uppercase}
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0")
_UNSEEN = frozenset(("Mn", "Me", "Cf", "Cc"))


@dataclass(frozen=True, slots=True)
class Folded:
    """The folded text, and for each of its characters where it begins and ends in the text it came from."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that became this span."""
        return self.starts[start], self.ends[end - 1]


def fold(text: str) -> Folded:
    """The text folded for comparison, in time proportional to its length."""
    if not _FOLDED_APART.search(text):
        return Folded(text, range(len(text)), range(1, len(text) + 1))
    pieces: list[str] = []
    starts, ends = array("l"), array("l")
    position = 0

    def keep(until: int) -> None:
        pieces.append(text[position:until])
        starts.extend(range(position, until))
        ends.extend(range(position + 1, until + 1))

    for match in _FOLDED_APART.finditer(text):
        keep(match.start())
        position = match.end()
        piece = "".join(map(_folded_character, html.unescape(match[0])))
        pieces.append(piece)
        starts.extend([match.start()] * len(piece))
        ends.extend([match.end()] * len(piece))
    keep(len(text))
    return Folded("".join(pieces), starts, ends)


def in_small_letters(page: str) -> str:
    """A folded page in small letters, each in its place: outside of ASCII some would become two."""
    return page.lower() if page.isascii() else page.translate(_SMALL)


@lru_cache(maxsize=4096)
def _folded_character(character: str) -> str:
    translated = character.translate(_LOOK_ALIKES)
    if translated.isascii() and (translated.isprintable() or translated in "\t\n\r"):
        return translated
    if character in _FILLERS:
        return ""
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    spelled = unicodedata.normalize("NFKD", character)
    folded = "".join(each for each in spelled if unicodedata.category(each) not in _UNSEEN).translate(_LOOK_ALIKES)
    # A vulgar fraction is a number of its own: the 2½ must not become a twenty-one.
    return f" {folded}" if "/" in folded else folded
