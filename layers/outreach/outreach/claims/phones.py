"""Telephone numbers."""

from collections.abc import Iterator

from agent_platform.patterns import lazy_pattern

from outreach.claims.claim import Claim
from outreach.claims.sheet import Sheet

_PHONE = lazy_pattern(r"(?<![\w$€£.,/+-])\+?\(?\d(?:(?:[ .\-/]|[ -]?\(|\)[ -]?)?\d){6,14}(?![\w/])")
_BARE_DIGITS_OF_A_PHONE = 10
_LONGEST_COUNTRY_CODE = 3


def read_phones(page: str, _sheet: Sheet) -> Iterator[Claim]:
    """Every run of seven to fifteen digits that is written as one dials it."""
    for match in _PHONE.finditer(page):
        if not match[0].isdigit() or len(match[0]) >= _BARE_DIGITS_OF_A_PHONE:
            yield Claim("phone", match.start(), match.end(), dialled(match[0]))


def dialled(phone: str) -> str:
    """The digits of a phone number without the prefixes that depend on where one calls from."""
    return "".join(each for each in phone if each.isdigit()).lstrip("0")


def same_phone(one: str, other: str) -> bool:
    """Whether two dialled numbers are one, with or without the country code."""
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= 7 and longer.endswith(shorter) and len(longer) - len(shorter) <= _LONGEST_COUNTRY_CODE
