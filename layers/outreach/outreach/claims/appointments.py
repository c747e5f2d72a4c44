"""Visits that a draft says were booked, or names the day of: only past ones are known, by the day of the last one."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from agent_platform.patterns import lazy_pattern

from outreach.claims.claim import MASK, Claim, Settled
from outreach.claims.dates import date_of
from outreach.claims.sheet import Sheet

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY = rf"(?:{'|'.join(WEEKDAYS)})"
_WHO = rf"(?:we|i|our (?:\w{{1,10}} )?(?:crews?|team)|the (?:crew|team)|they|someone|somebody|{MASK})"
_REST = r"[^.!?;\n]{0,40}?"
_VISITS = r"(?:visits?|cleans?|cleanings?|mows?|mowings?|services?|appointments?|treatments?|slots?|spots?|dates?)"
_SOME_DAY = (
    rf"(?:tomorrow|tonight|next (?:week|month|{_WEEKDAY})|(?:this|coming|this coming) (?:weekend|afternoon|evening"
    rf"|{_WEEKDAY})|on (?:the )?(?:coming )?{_WEEKDAY}|later (?:today|this week)|first thing|at \d{{1,2}}(?:[:.]\d\d)?"
    r" ?(?:am|pm|o'clock))"
)
_TO_COME = lazy_pattern(
    rf"(?:\b{_WHO}|(?<={MASK}))(?:'ll| will|'re| are| is| can)(?: \w{{1,8}}){{0,2}}? (?:be|come|coming|see|seeing|visit"
    r"|visiting|stop|stopping|mow|mowing|clean|cleaning|return|returning|arrive|arriving|swing|swinging|drop"
    rf"|dropping|start|starting|finish)\b{_REST}\b{_SOME_DAY}\b|\b(?:see|seeing|visit|with) you {_SOME_DAY}\b"
    rf"|\byour (?:next|upcoming|coming) (?:\w{{1,12}} ){{0,3}}?{_VISITS}(?: is| has been|'s| will be| was)?"
    rf" (?:already )?(?:scheduled|booked|set|confirmed|planned|due|reserved|coming up|on the calendar|{_SOME_DAY})\b"
    r"|\byou(?:'re| are)(?: already| also| now| all)? (?:on|in|down|up|set|booked|scheduled|pencill?ed|first"
    rf"|next)\b{_REST}\b(?:{_SOME_DAY}|(?:for|on) (?:next )?{_WEEKDAY})"
    r"|\b(?:we|i)(?:'ve| have)? (?:already |just |now )?(?:scheduled|booked|reserved|pencill?ed|blocked"
    rf"|put down|signed up) (?:you|your|a|an|the|this|time)\b{_REST}\b(?:{_VISITS}|{_SOME_DAY}|in|down|up)\b"
)
# A weekday before a date is read with it.
NOT_A_DATE = rf"(?!'|,? ?(?:the )?[\d{MASK}]|,? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))"
_SERVED_ON = lazy_pattern(
    r"\b(?:came|come by|visited|finished|mowed|cleaned|were with you|was with you|were at|was at|stopped by|treated"
    rf"|serviced|completed|were there|did)\b[^.!?\n]{{0,60}}?\bon (?P<some>an? )?(?P<day>{_WEEKDAY})\b{NOT_A_DATE}"
    r"|\bit was (?:on |just )?(?:an? |the "
    rf"|that )?(?:\w{{1,12}} ){{0,2}}?(?P<when>{_WEEKDAY})\b(?: \w{{1,12}}){{0,2}},? (?:when|that)"
    rf" (?:we|our|i|the|{MASK})"
    rf"|\bon (?P<then>{_WEEKDAY}),? (?:we|our (?:crew|team)|the (?:crew|team)|{MASK}{{1,40}}) (?:came|visited"
    r"|finished|mowed|cleaned|were|was|stopped|treated|completed|did)\b"
    rf"|\b(?P<of>{_WEEKDAY})'s (?:visit|clean|mow|service|appointment|treatment)\b"
)


def settle_appointments(page: str, sheet: Sheet) -> Iterator[Settled]:
    """Every visit that is said to come, and every weekday on which one is said to have been."""
    for match in _TO_COME.finditer(page):
        start, end = match.span()
        start += len(match[0]) - len(match[0].lstrip(f" {MASK}"))
        yield Settled(Claim("date", start, end), "unsupported")
    for match in _SERVED_ON.finditer(page):
        yield _served(match, sheet)


def _served(match: re.Match[str], sheet: Sheet) -> Settled:
    said = next(group for group in ("day", "when", "then", "of") if match[group])
    name = match[said]
    claim, fact = Claim("date", *match.span(said)), sheet.by_slot.get("service.last_date")
    known = date_of(fact["value"]) if fact else None
    if known is None or sheet.as_of is None or not (known.year and known.month and known.day):
        return Settled(claim, "unsupported")
    day = date(known.year, known.month, known.day)
    is_recent = bool(match["some"]) or sheet.as_of - day <= timedelta(days=7)
    if day.weekday() == WEEKDAYS.index(name) and is_recent:
        return Settled(claim, "equals", "service.last_date", comparison="derived: the weekday of service.last_date")
    return Settled(claim, "contradicted", "service.last_date")
