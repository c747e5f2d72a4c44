"""Numbers as they are written: in digits with a locale's separators, and in English words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from outreach.claims.conventions import Convention

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_WORDS = (
    {word: value for value, word in enumerate(_UNITS.split())}
    | {word: 10 * value for value, word in enumerate(_TENS.split(), start=2)}
    | {"fourty": 40}
    | _SCALES
)
_WORD = "|".join(sorted(_WORDS, key=len, reverse=True))
# One number in words, as a pattern.
NUMBER_WORDS = rf"(?:{_WORD})(?:[ -](?:and[ -])?(?:{_WORD})){{0,8}}"
_LARGEST_SMALL_WORD = 12
_MOST_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Numeral:
    """One number: its span, its value (None if it can't be one), and whether it is a small one in words."""

    start: int
    end: int
    value: Decimal | None
    small_word: bool


def numerals(page: str, locale: Convention) -> Iterator[Numeral]:
    """Every numeral of the page, in order."""
    for match in _pattern(locale.space_groups).finditer(page):
        if match["digits"]:
            value = _in_digits(match["digits"], locale.decimal)
            if value is not None and match["scale"]:
                value *= _SCALES[match["scale"].lower()]
            yield Numeral(match.start(), match.end(), value, small_word=False)
        else:
            words = [word for word in re.findall(r"[a-z]+", match["words"].lower()) if word != "and"]
            small = all(_WORDS[word] <= _LARGEST_SMALL_WORD for word in words)
            yield Numeral(match.start(), match.end(), _in_words(words), small_word=small)


@lru_cache(maxsize=2)
def _pattern(space_groups: bool) -> re.Pattern[str]:
    word = "|".join(sorted(_WORDS, key=len, reverse=True))
    grouped = r"\d{1,3}(?:[ ']\d{3})+(?:[.,]\d+)?(?!\d)" if space_groups else r"\d{1,3}(?:'\d{3})+(?:[.,]\d+)?(?!\d)"
    return re.compile(
        rf"(?P<digits>{grouped}|\d+(?:[.,]\d+)*+)(?:[ -]?(?P<scale>{'|'.join(_SCALES)})\b)?"
        rf"|\b(?P<words>(?:{word})(?:[\s-](?:and[\s-])?(?:{word}))*)\b",
        re.IGNORECASE,
    )


def _in_digits(literal: str, decimal: str) -> Decimal | None:
    literal = literal.replace(" ", "").replace("'", "")
    if len(literal) > _MOST_DIGITS:
        return None
    separators = [each for each in literal if each in ".,"]
    if len(set(separators)) == 2:
        decimal = separators[-1]
    elif len(separators) == 1 and len(literal.rpartition(separators[0])[2]) != 3:
        # A group has three digits: 25.00 has cents even where the point groups.
        decimal = separators[0]
    whole, _, fraction = literal.partition(decimal)
    group = "," if decimal == "." else "."
    if (
        group in fraction
        or decimal in fraction
        or not re.fullmatch(rf"\d+|\d{{1,3}}(?:\{group}\d{{2,3}})*\{group}\d{{3}}", whole)
    ):
        return None
    return Decimal(f"{whole.replace(group, '')}.{fraction or 0}")


def _in_words(words: list[str]) -> Decimal | None:
    total, current = 0, 0
    for word in words:
        value = _WORDS[word]
        if value == 100:
            current = max(current, 1) * 100
        elif value > 100:
            total, current = total + max(current, 1) * value, 0
        elif current % (10 if 0 < value < 10 and current % 100 >= 20 else 100):
            return None
        else:
            current += value
    return Decimal(total + current) if total + current < 10**_MOST_DIGITS else None


def number_said(said: str) -> Decimal | None:
    """The number that one word or figure says: "three", "21", "a" is one."""
    if said.lower() in ("a", "an"):
        return Decimal(1)
    if said.isdigit():
        return Decimal(said)
    spoken = re.findall(r"[a-z]+", said.lower())
    return _in_words(spoken) if spoken and all(word in _WORDS for word in spoken) else None
