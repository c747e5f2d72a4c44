"""Readers spoken to as if they had gone: so only where their last service is long ago."""

from collections.abc import Iterator
from datetime import date, timedelta

from agent_platform.patterns import lazy_pattern

from outreach.claims.claim import Claim, Result, Settled
from outreach.claims.dates import date_of
from outreach.claims.sheet import Sheet

_LAST = "service.last_date"
# More than a season without a visit.
_LONG = timedelta(days=100)
_STEMS = (
    "back", "seen you", "heard from", "while", "time", "ages", "left us", "miss", "without you", "lost", "return",
    "long", "forgotten", "lapsed", "absence", "away", "gone", "not been", "n't been", "haven't", "stopped", "forever",
    "moved on", "switched", "found another", "when you", "after you", "since you", "sorry", "sad ", "stranger",
    "part ways", "parted", "remember", "still think", "former", "past ", "previous", "quit us", "months", "years",
    "weeks", "you never", "'ve never", "you have n", "you haven",
)  # fmt: skip
_A_WHILE = (
    r"(?:a (?:long |good |little |great |very long )?(?:while|time)|ages|(?:quite )?some time|months|years|weeks"
    r"|so long|forever|too long)"
)
_LAPSED = lazy_pattern(
    r"\b(?:win|get|have|welcome|earn|bring|see|invite|lure|tempt|hoping for|love|like|want|need) (?:you"
    r"|your (?:business|trust|custom)) back\b"
    r"|\b(?:haven't|have not|hasn't|has not|not)(?: \w{1,10})? (?:seen|heard from|had|visited|been (?:to|at|with|by"
    r"|in|over)|worked for|cared for|mowed|cleaned|had the (?:pleasure|chance)|booked|called|ordered|used us"
    rf"|needed us)[^.!?;\n]{{0,40}}\b(?:in|for) {_A_WHILE}\b"
    rf"|\b(?:it's|it has|it is|has it|it'd)(?: \w{{1,8}})? been {_A_WHILE}\b(?![^.!?\n]{{0,40}}\b(?:first|joined"
    r"|started|began|met|became|told|asked|since you(?:'ve| have)? (?:been|joined))\b)"
    r"|\b(?:we|i|our \w{1,8}|the \w{1,8})(?:'ve| have| all| really| do| did){0,2} miss(?:ed|ing|es)? (?:you\b(?! at)"
    r"|having you|seeing you|working|caring|your (?:lawn|garden|home|place|house|business|company|yard|smile|face))"
    r"|\byou(?:'ve| have| had)?(?: \w{1,8})? (?:left|quit|abandoned|dropped|deserted|forgotten) us\b(?! (?:a|an|the"
    r"|with|your|such|some|so|in no))"
    r"|\byou(?:'ve| have| had)?(?: \w{1,8})? (?:stopped (?:coming|booking|using|the|your|our|having)"
    r"|gone (?:elsewhere|quiet|away)"
    r"|moved on|switched (?:away|to another|companies|providers)|gone with (?:another|someone)|found (?:another"
    r"|someone else))\b"
    r"|\b(?:come|coming|came) back to us\b|\breturn(?:ing)? to us\b|\b(?:since|after|when) you (?:left|stopped|quit"
    r"|went away|cancell?ed"
    r"|paused)\b|\byour (?:absence|comeback|long break)\b|\bas a (?:former|past|previous|lapsed|lost) (?:customer"
    r"|client|member)\b"
    r"|\b(?:sorry|sad) (?:to (?:see you (?:go|leave)|have lost you|lose you|hear you(?:'ve| have)? left)"
    r"|(?:that )?you(?:'ve| have)?"
    r" (?:left|gone))\b|\b(?:without you|lost you|lost touch|parted ways|part ways|become strangers|been strangers"
    r"|(?:be|become|been) a stranger)\b"
    r"|\bwhere have you been\b|\blong time,? no see\b|\bremember us\b|\bstill (?:think of|remember) you\b"
)
# Whoever reads has been served, unless no service is known.
_NEVER = lazy_pattern(
    r"\byou(?:'ve| have)?(?: (?:never|not|not yet)|n't)(?: yet| actually| really| ever)? (?:had|used|tried|booked|met"
    r"|hired|seen"
    r"|been) (?:a |an |any |one of |our |the |with )?(?:\w{1,10} )?(?:visits?|services?|us|crews?|team|customer"
    r"|client|company)\b"
)
# "A service that you haven't had from us" is one that is offered.
_A_SERVICE = lazy_pattern(r"(?:had|tried|used) (?:from|with) us$")


def settle_lapses(page: str, sheet: Sheet) -> Iterator[Settled]:
    """Every word to somebody who went away, held against the day of the last service."""
    if not any(stem in page for stem in _STEMS):
        return
    fact = sheet.by_slot.get(_LAST)
    day = date_of(fact["value"]) if fact else None
    for match in _NEVER.finditer(page):
        if _A_SERVICE.search(match[0]):
            continue
        result: Result = "contradicted" if fact else "unsupported"
        yield Settled(Claim("reader", *match.span()), result, _LAST if fact else None)
    for match in _LAPSED.finditer(page):
        claim = Claim("reader", *match.span())
        if sheet.as_of is None or day is None or not (day.year and day.month and day.day):
            yield Settled(claim, "unsupported")
        elif sheet.as_of - date(day.year, day.month, day.day) >= _LONG:
            how = f"derived: as_of - {_LAST} >= {_LONG.days} days"
            yield Settled(claim, "equals", _LAST, comparison=how)
        else:
            yield Settled(claim, "contradicted", _LAST)
