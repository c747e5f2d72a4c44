"""A person's name in a free text: as it is written, in its parts, in any case, with accents and without."""

import re
import unicodedata
from collections.abc import Iterable

from agent_platform.guardrails.recognisers import BLANK, RECOGNISERS

_PLACEHOLDERS = "|".join(re.escape(kind.placeholder) for kind in RECOGNISERS) + r"|\[name\]"
# Parts of a full name that are words of a language: on their own they name nobody.
_PARTICLE = re.compile(r"van|von|der|den|ter|del|della|des|dos|las|los|and|the", re.IGNORECASE)
# Of these some are names as well ("Al", "Le"): they are words only inside a name.
_SHORT_PARTICLE = re.compile(r"al|da|de|di|do|du|el|la|le|lo|st|y|dr|mr|ms", re.IGNORECASE)
_SHORT = 2
# Scripts that put no blank between words, where a name is a part of whatever stands around it; Korean adds endings.
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]+"
)


def pattern_of(names: Iterable[str]) -> re.Pattern[str] | None:
    """What finds these names in any case, whole or in parts; its first group is a placeholder, which is no name."""
    spellings = {spelling for name in names for spelling in _spellings(name)}
    if not spellings:
        return None
    longest_first = sorted(spellings, key=lambda spelling: (-len(spelling), spelling))
    # A customer may be called Link or Phone: a placeholder is stepped over, never replaced.
    return re.compile(rf"({_PLACEHOLDERS})|{'|'.join(map(_alternative, longest_first))}", re.IGNORECASE)


def _alternative(spelling: str) -> str:
    written = rf"[{BLANK}]{{1,3}}".join(map(re.escape, spelling.split()))
    if _UNSPACED.fullmatch(spelling):
        return written
    # So short, it is another word in another case ("so", "do", "an").
    return rf"(?<!\w){written if len(spelling) > _SHORT else f'(?-i:{written})'}(?!\w)"


def _spellings(name: str) -> set[str]:
    """The name, its parts (of two letters or more, or in one sign where that is a word) and both without accents."""
    whole = " ".join(unicodedata.normalize("NFC", name).split())
    parts = re.split(r"[\s-]", whole)
    named = {part for part in parts[1:-1] if not _SHORT_PARTICLE.fullmatch(part)} | {parts[0], parts[-1]}
    written = {each for each in {whole, *named} if len(each) > 1 and not _PARTICLE.fullmatch(each)}
    written |= {sign for part in parts for sign in _UNSPACED.findall(part)}
    return written | {_without_accents(spelling) for spelling in written}


def _without_accents(text: str) -> str:
    return "".join(mark for mark in unicodedata.normalize("NFD", text) if not unicodedata.combining(mark))
