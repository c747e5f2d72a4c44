"""Persons' names in a free text: as written, in parts, in any case and inflection, with accents and without."""

import re
import unicodedata
from collections.abc import Iterable

from agent_platform.guardrails.endings import BLANK
from agent_platform.guardrails.recognisers import RECOGNISERS
from agent_platform.patterns import lazy_pattern

_PLACEHOLDERS = "|".join(re.escape(kind.placeholder) for kind in RECOGNISERS) + r"|\[name(?: \d{1,4})?\]"
# Parts of a full name that are words of a language: on their own they name nobody.
_PARTICLE = lazy_pattern(r"van|von|der|den|ter|del|della|des|dos|las|los|and|the", re.IGNORECASE)
# Of these some are names as well ("Al", "Le"): they are words only inside a name.
_SHORT_PARTICLE = lazy_pattern(r"al|da|de|di|do|du|el|la|le|lo|st|y|dr|mr|ms", re.IGNORECASE)
_SHORT, _INFLECTED = 2, 4
# Scripts that put no blank between words, where a name is a part of whatever stands around it; Korean adds endings.
_UNSPACED = lazy_pattern(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]+"
)
# Genitives and plurals of the Germanic and Romance languages, and the cases of the Slavic ones.
_ENDINGS = "s|es|ens|ns|a|u|y|e|i|ą|ę|o|ie|om|em|im|ym|ej|iej|ou|ov|ova|ová|owi|ovi|iem|ego|emu|ami"
_CYRILLIC_ENDINGS = "а|у|ю|я|е|и|ы|ой|ей|ою|ём|ом|ем|ым|ов|ова|ову|овой|ого|ому"
_CYRILLIC = lazy_pattern(r"[\u0400-\u04ff]+")
# What a name loses before such an ending: Anna, Anny, Annie; Анна, Анны.
_LOST = lazy_pattern(r"[aoая]$")


class Names:
    """What is known to be somebody's name; two names are one person's if one is a part of the other."""

    def __init__(self, names: Iterable[str]) -> None:
        self._persons: list[int] = []
        self._pattern = self._pattern_of(_persons(names))

    def replaced(self, text: str, numbers: dict[int, int]) -> str:
        """The text with a numbered placeholder for each name; `numbers` are the persons' so far, and grow."""

        def placeholder(found: re.Match[str]) -> str:
            # A customer may be called Link or Phone: a placeholder is stepped over, never replaced.
            if found.lastindex is None:
                return found[0]
            person = self._persons[found.lastindex - 1]
            return f"[name {numbers.setdefault(person, len(numbers) + 1)}]"

        return self._pattern.sub(placeholder, text) if self._pattern else text

    def _pattern_of(self, persons: list[set[str]]) -> re.Pattern[str] | None:
        owner: dict[str, int] = {}
        for person, spellings in enumerate(persons):
            for spelling in spellings:
                owner.setdefault(spelling, person)
        longest_first = sorted(owner, key=lambda spelling: (-len(spelling), spelling))
        self._persons = [owner[spelling] for spelling in longest_first]
        written = "|".join(f"({_alternative(spelling)})" for spelling in longest_first)
        return re.compile(f"{_PLACEHOLDERS}|{written}", re.IGNORECASE) if written else None


def _persons(names: Iterable[str]) -> list[set[str]]:
    """The spellings of each person's names, in the order in which the persons were named."""
    persons: list[tuple[set[str], set[str]]] = []
    for name in names:
        spellings, parts = _spellings(name), _parts_of(name)
        if not spellings:
            continue
        same = next((known for known in persons if parts <= known[1] or known[1] <= parts), None)
        if same:
            same[0].update(spellings)
            same[1].update(parts)
        else:
            persons.append((spellings, parts))
    return [spellings for spellings, _ in persons]


def _parts_of(name: str) -> set[str]:
    return {_without_accents(part).casefold() for part in re.split(r"[\s-]", name) if part}


def _alternative(spelling: str) -> str:
    written = rf"[{BLANK}]{{1,3}}".join(map(re.escape, spelling.split()))
    if _UNSPACED.fullmatch(spelling):
        return written
    # So short, it is another word in another case ("so", "do", "an").
    plain = written if len(spelling) > _SHORT else f"(?-i:{written})"
    return rf"(?<!\w)(?:{plain}{_inflected(spelling)})(?!\w)"


def _inflected(spelling: str) -> str:
    """The name with an ending, only where it is capitalised: in small letters it may well be another word."""
    if len(spelling) < _INFLECTED or not spelling.isalpha():
        return ""
    stem = _LOST.sub("", spelling)
    endings = _CYRILLIC_ENDINGS if _CYRILLIC.fullmatch(spelling) else _ENDINGS
    first = f"(?-i:{re.escape(spelling[0].upper())})"
    whole, cut = (first + re.escape(form[1:]) for form in (spelling, stem))
    return rf"|{whole}(?:{endings})" + (rf"|{cut}(?:{endings})" if stem != spelling else "")


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
