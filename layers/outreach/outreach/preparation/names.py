"""Names of people and places, as they are written in a letter."""

import re
import unicodedata

from agent_platform.patterns import lazy_pattern

from outreach.preparation.parts import Part

_LONGEST = 80
_TITLES = frozenset(["mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sr", "sra", "srta", "mme", "herr", "frau"])
_SUFFIXES = frozenset(["jr", "sr", "ii", "iii", "iv", "md", "phd", "esq"])
_COMPANY = lazy_pattern(r"\b(?:llc|inc|ltd|corp|gmbh|company|co)\b\.?$", re.IGNORECASE)
# A mail program makes a link of these by itself, and a name is rendered as it is.
_LINK = lazy_pattern(r"\w\.\w{2,}|\bwww\b", re.IGNORECASE)
_WORD = lazy_pattern(r"[^\W\d_]+(?:['’][^\W\d_](?![^\W\d_]))?")


def read_names(part: Part) -> tuple[str | None, str | None]:
    """The full name and the first name; what can't be a person's name is set aside."""
    full, first = read_name(part, "name"), read_name(part, "first_name")
    if full and "," in full:
        full = _in_speaking_order(full)
        part.note("name", "name with a comma", "name", "name in speaking order")
    if first is None and full and not _COMPANY.search(full):
        words = [word for word in full.split() if word.rstrip(".").lower() not in _TITLES]
        # An initial is no name to call somebody by.
        first = next((word for word in words[:1] if len(word.rstrip(".")) > 1), None)
    return full, first


def read_name(part: Part, field: str, *, digits: bool = False) -> str | None:
    """A name with its capitals; None, and a note, if it holds what no name does, such as a link, or digits."""
    written = part.text(field)
    if written is None:
        return None
    shown = re.sub(r"[0-9]", "", written) if digits else written
    if (
        len(written) > _LONGEST
        or _LINK.search(written)
        or not all(map(_may_stand_in_name, shown))
        or not any(map(str.isalpha, shown))
    ):
        part.note(field, "no name", "text")
        return None
    name = _capitalised(written) if written.isupper() or written.islower() else written
    if name != written:
        part.note(field, "name in one case", "name", "capitalised name")
    return name


def _in_speaking_order(name: str) -> str:
    family, _, given = (side.strip() for side in name.partition(","))
    parts = (family, given) if given.rstrip(".").lower() in _SUFFIXES else (given.replace(",", " "), family)
    return " ".join(" ".join(parts).split())


def _may_stand_in_name(character: str) -> bool:
    # Marks (M) are written over or under a letter, in names that no single letter spells.
    return character.isalpha() or character in " .,'’-&()" or unicodedata.category(character).startswith("M")


def _capitalised(name: str) -> str:
    return _WORD.sub(lambda word: word[0].capitalize(), name)
