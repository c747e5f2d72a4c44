"""Slots, and what models leave where they knew no value."""

from collections.abc import Iterator

from agent_platform.patterns import lazy_pattern

from outreach.claims.claim import Claim, Settled
from outreach.claims.sheet import Sheet, kind_of

_SLOT = lazy_pattern(r"(?<!\{)\{\{ {0,3}(?P<slot>[a-z_]{1,40}(?:\.[a-z_]{1,40}){0,3}) {0,3}\}\}(?!\})")
_PLACEHOLDER = lazy_pattern(
    r"\{{1,3}[^{}\n]{1,80}\}{1,3}|[{}]+|\[{1,3}[^\[\]\n]{1,80}\]{1,3}|[\[\]]+|<[A-Za-z/!][^<>\n]{0,80}>|<{2,}|>{2,}"
    r"|%[A-Z_]{2,40}%|%\([a-z_]{1,40}\)[sd]|_{2,}|\b(?:TODO|TBD|TBA|TBC|FIXME|X{2,}|(?i:lorem ipsum))\b"
    r"|\b(?i:(?:insert|enter|your|customer(?:'s)?|company|referral) (?:[a-z]{1,12} )?"
    r"(?:name|link|date|amount|url) here)\b"
)


def read_slots(page: str, sheet: Sheet) -> Iterator[Settled]:
    """The slots of known facts, spaces inside the braces forgiven (and taken away)."""
    for match in _SLOT.finditer(page):
        slot = match["slot"]
        if fact := sheet.by_slot.get(slot):
            claim = Claim(kind_of(fact), match.start(), match.end())
            yield Settled(claim, "slot", slot, replaced=match[0] != f"{{{{{slot}}}}}")


def read_placeholders(page: str, _sheet: Sheet) -> Iterator[Claim]:
    """Everything that waits to be filled in; prose has no braces and no brackets, so each of them is one."""
    for match in _PLACEHOLDER.finditer(page):
        yield Claim("placeholder", match.start(), match.end())
