"""How often the company is said to come: known only where the service's name says it, "weekly mow"."""

import re
from collections.abc import Iterator

from agent_platform.patterns import lazy_pattern

from outreach.claims.claim import Claim, Settled
from outreach.claims.numerals import NUMBER_WORDS
from outreach.claims.sheet import Sheet

_WORD = (
    r"(?:daily|weekly|bi-?weekly|fortnightly|bi-?monthly|monthly|quarterly|yearly|annual|annually|seasonal"
    r"|twice-(?:weekly|monthly|yearly))"
)
_HOW_OFTEN = (
    rf"(?:(?:once|twice|thrice|(?:{NUMBER_WORDS}|\d{{1,2}}|several|a few|many) times) (?:a|per|each|every) "
    rf"(?:day|week|month|season|quarter|year)|every (?:(?:other|second|third|single|few|two|three|four|six) )?"
    rf"(?:days?|weeks?|months?|mornings?|monday|tuesday|wednesday|thursday|friday|saturday|sunday)|{_WORD})"
)
_COMES = (
    r"(?:\b(?:we|our (?:crews?|team)|the (?:crew|team)|they)(?:'ve| have)?(?: been| already| also| always)?"
    r" (?:come|coming|see|seeing|visit|visiting|stop|stopping|mow|mowing|clean|cleaning|look|looking|take care|drop"
    r"|swing|tend|are with|are at|at your|with you))\b"
)
_VISITS = r"(?:visits?|cleans?|cleanings?|mows?|mowings?|services?|appointments?|treatments?|care|plan)"
_OFTEN = lazy_pattern(
    rf"\byour (?P<theirs>{_WORD}) (?:\w{{1,12}} ){{0,2}}?{_VISITS}\b"
    rf"|{_COMES}[^.!?;\n]{{0,50}}?\b(?P<then>{_HOW_OFTEN})\b|\b(?P<first>{_HOW_OFTEN})\b[^.!?;\n]{{0,20}}?{_COMES}"
)


def settle_frequencies(page: str, sheet: Sheet) -> Iterator[Settled]:
    """Every word on how often the reader is visited, held against the name of the last service."""
    fact = sheet.by_slot.get("service.last_type")
    for match in _OFTEN.finditer(page):
        said = next(group for group, words in match.groupdict().items() if words)
        claim = Claim("span", *match.span(said))
        if fact is None:
            yield Settled(claim, "unsupported")
        elif re.search(rf"\b{re.escape(match[said])}\b", str(fact["value"]).casefold()):
            yield Settled(claim, "equals", "service.last_type", comparison="derived: a word of service.last_type")
        else:
            yield Settled(claim, "contradicted", "service.last_type")
