"""An offer's end in words that name no date, and prices that are said to change: the last day settles the one."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from agent_platform.patterns import lazy_pattern

from outreach.claims.appointments import NOT_A_DATE, WEEKDAYS
from outreach.claims.claim import MASK, Claim, Settled
from outreach.claims.dates import date_of
from outreach.claims.sheet import Sheet

_LAST_DAY = "offer.valid_until"
_SOMETIME = (
    r"(?:spring|summer|fall|autumn|winter|christmas|easter|thanksgiving|halloween|new year|labou?r day|memorial day"
    r"|noon|first frost|frost|snow|season|year|holidays|quarter|morning|evening)"
)
_WHEN = (
    rf"(?P<when>(?:(?:the|this|next|coming|end|of|close|start|beginning|early|late|first|last|sunday|night|on) ){{0,4}}"
    rf"(?:(?P<day>{'|'.join(WEEKDAYS)})|(?P<weekend>weekend)|(?P<week>week)|(?P<month>month)|tomorrow"
    rf"|{_SOMETIME}))\b{NOT_A_DATE}"
)
_IS_ON = (
    r"(?:'s|is|are|stays?|remains?|will be|was)(?: only| just| still| here){0,2} (?:good|valid|open|available|on"
    r"|yours|running|gone|over|finished|history|up|off the table|off|ours|redeemable|in force)"
)
_ENDS = lazy_pattern(
    rf"\b(?:you(?:'ve| have)(?: got| only| just| still| time){{0,2}}|(?:offer|deal|price|discount|credit|promotion|it"
    r"|this|that|which|they"
    rf"|bonus|(?<={MASK})) ?(?:{_IS_ON}|(?:only |just )?(?:runs?|lasts?|holds?|stands?|counts?|goes|applies|ends?"
    r"|expires?|closes?|stops?"
    r"|finishes|vanishes|disappears|lapses))|(?:good|valid|open|available|redeemable|running|offer|deal|price|last)"
    r"|(?:gone|over|ends?|ending|expires?|expiring|closes?|closing|stops?|finishes|claim it|redeem it|use it))"
    rf"(?: only| just| until| up){{0,2}} (?:(?:through|thru|until|till|til|by|before|on|at|with|after|when) "
    rf"|(?=next )){_WHEN}"
)
_RISES = (
    r"(?:(?:goes|go|going|gone) (?:up|down|back|higher|lower|off)|rises?|rising|increases?|increasing|jumps?|climbs?"
    r"|doubles?|changes?|drops?|falls?|returns?|reverts?|moves?|creeps?|leaps?|shoots?)"
)
_PRICE_CHANGES = lazy_pattern(
    r"\b(?:prices?|rates?|costs?|fees?)(?:'ll| will| may| might| could| can| are| is| won't| going| to| about| set"
    r"| bound| then| soon"
    rf"| always| never| only| ever| not){{0,4}} {_RISES}\b"
    rf"|\bafter (?:that|this|then|it|which)(?: date| day| week)?,? (?:it|the (?:\w{{1,12}} )?(?:price|offer|discount"
    r"|deal|rate)|prices"
    rf"|rates|you|we)\b[^.!?;\n{MASK}]{{0,30}}\b(?:full price|full rate|more|higher|regular|normal|usual|pay|costs?"
    r"|charge|up)\b"
    r"|\b(?:tomorrow|next week|next month|next year|soon|on \w{3,6}day),? (?:it|the (?:\w{1,12} )?(?:offer|price|deal"
    r"|discount|rate)|this)"
    r"(?:'s| is| will be|'ll be| will| goes| may be)? (?:gone|over|up|history|too late|more|higher|ends?|expires?"
    r"|closed|cost more)\b"
    r"|\b(?:price|rate|cost) (?:increases?|hikes?|rises?|changes?|jumps?)\b|\b(?:at|for) (?:last|this) (?:year"
    r"|season)'s (?:prices?|rates?)\b|\b(?:before|until|when) (?:the )?(?:prices?|rates?|costs?) (?:\w{1,8} )?"
    rf"{_RISES}\b|\bback to (?:the )?(?:full|regular|normal|usual|old) (?:prices?|rates?)\b"
)
# Of which one stands in every statement that is looked for.
_TIMES = (
    "day", "week", "month", "tomorrow", "spring", "summer", "fall", "autumn", "winter", "christmas", "easter",
    "halloween", "thanksgiving", "new year", "noon", "frost", "snow", "season", "year", "quarter", "morning", "evening",
)  # fmt: skip
_PRICES = ("price", "rate", "cost", "fee", "after ", "tomorrow", "next ", "soon", "day ", "day, ")


def settle_endings(page: str, sheet: Sheet) -> Iterator[Settled]:
    """Every end of the offer that is named by a day or a season, and every price that is said to rise or to stay."""
    fact = sheet.by_slot.get(_LAST_DAY)
    known = date_of(fact["value"]) if fact else None
    ends = date(known.year, known.month, known.day) if known and known.year and known.month and known.day else None
    for match in _ENDS.finditer(page) if any(name in page for name in _TIMES) else ():
        claim = Claim("urgency", *match.span())
        if ends is None or sheet.as_of is None:
            yield Settled(claim, "unsupported")
        elif _is_meant(match, ends, sheet.as_of):
            yield Settled(claim, "equals", _LAST_DAY, comparison=f"derived: the day of {_LAST_DAY}, from as_of")
        else:
            yield Settled(claim, "contradicted", _LAST_DAY)
    for match in _PRICE_CHANGES.finditer(page) if any(name in page for name in _PRICES) else ():
        yield Settled(Claim("urgency", *match.span()), "unsupported")


def _is_meant(match: re.Match[str], ends: date, as_of: date) -> bool:
    """Whether the last day is the day that is named, or in the weekend, week or month that is."""
    later, days = "next" in match["when"].split(), (ends - as_of).days
    if match["day"]:
        return ends.weekday() == WEEKDAYS.index(match["day"]) and 0 <= days < (14 if later else 7)
    if match["month"]:
        return (ends.year, ends.month) == (
            (as_of.year + as_of.month // 12, as_of.month % 12 + 1) if later else (as_of.year, as_of.month)
        )
    if match["weekend"] or match["week"]:
        meant = as_of + timedelta(days=7 if later else 0)
        return ends.isocalendar()[:2] == meant.isocalendar()[:2] and (not match["weekend"] or ends.weekday() > 4)
    return match["when"] == "tomorrow" and days == 1
