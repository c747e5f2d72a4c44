"""Pressure of time: true only where the offer's last day says so."""

import re
from collections.abc import Iterator
from datetime import date

from agent_platform.patterns import lazy_pattern

from outreach.claims.claim import Claim, Result, Settled
from outreach.claims.dates import date_of
from outreach.claims.numerals import number_said
from outreach.claims.sheet import Sheet

_LAST_DAY = "offer.valid_until"
# An offer that ends within so many days ends soon.
_SOON = 14
_ENDS = r"(?:ends?|ending|expir(?:es?|ing)|clos(?:es?|ing)|stops?|is over|runs? out|is gone|gone)"
_UNITS = {"hour": 0, "day": 1, "week": 7, "month": 30}
_NUMBER = r"[a-z0-9-]{1,12}"
_SPOTS = r"(?:spots?|spaces?|places?|slots?|openings?|appointments?|seats?|visits?|dates?)"
_URGENT = lazy_pattern(
    # A boundary before all of them lets a search skip the middle of words.
    rf"\b(?:(?P<today>\b(?:only|just)(?: for)? today\b|\btoday only\b|\b{_ENDS} (?:today|tonight|at midnight)\b"
    r"|\b(?:until|by|before) (?:tonight|midnight|the end of (?:the|today's) day)\b|\b(?:last|final) day\b)"
    rf"|(?P<tomorrow>\b(?:{_ENDS}|until|by|before) tomorrow\b)"
    r"|(?P<week>\bthis week only\b|\bonly this week\b"
    rf"|\b(?:{_ENDS}|until|by) (?:at )?(?:the end of )?(?:this|the) week\b)"
    r"|(?P<month>\bthis month only\b|\bonly this month\b"
    rf"|\b(?:{_ENDS}|until|by) (?:at )?(?:the end of )?(?:this|the) month\b)"
    rf"|(?P<left>\b(?:only |just )?(?P<many>{_NUMBER}) (?:more )?(?P<unit>hour|day|week|month)s? (?:left|remaining"
    rf"|to go)\b|\b{_ENDS} in (?:only |just )?(?P<in_many>{_NUMBER}) (?P<in_unit>hour|day|week|month)s?\b)"
    r"|(?P<scarce>\b(?:while|as long as) (?:it|they|supplies|supply|stocks?|spots|places) lasts?\b"
    rf"|\b(?:few|limited|handful of|only \w{{1,9}}|just \w{{1,9}}|last \w{{1,9}}|last|final"
    rf"|remaining) (?:\w{{1,12}} )?{_SPOTS} (?:left|remain\w*|available|open)\b"
    rf"|\b(?<!your )(?<!our )(?:last|final|limited|remaining) {_SPOTS}\b"
    rf"|\b{_SPOTS} (?:are |is )?(?:going|filling|limited|running|selling|disappearing)\b"
    r"|\bsell(?:s|ing)? (?:out|fast)\b|\balmost (?:gone|sold out|full)\b|\bgoing fast\b|\b(?:first come)\b"
    r"|\bin (?:high|great) demand\b)"
    rf"|(?P<soon>\b{_ENDS} (?:very )?soon\b|\b(?:last|final) (?:chance|call|reminder|notice|opportunity)\b"
    r"|\b(?:time|it|clock)(?: is|'s)? (?:running out|almost (?:up|over)|ticking)\b|\btime is short\b"
    r"|\bfinal (?:days|hours|weeks?)\b|\blast (?:days|hours) (?:to|of|for|left)\b|\brunning out\b|\balmost over\b"
    r"|\bbefore (?:it's|it is|it|they|time|the offer) (?:too late|gone|over|ends?|runs? out|expires?)\b"
    r"|\b(?:act|book|order|reply|respond|sign up|call|claim it|share) (?:now|fast|quickly|immediately|asap"
    r"|right now)\b|\b(?:don't|do not|never) (?:wait|delay|miss (?:out|it|this|your chance)|hesitate)\b"
    r"|\bhurry\b|\bnow or never\b|\bno time to (?:lose|waste)\b|\b(?<!more )urgent(?:ly)?\b|\bdeadline\b"
    r"|\b(?:won't|will not|can't|cannot) last\b|\bwon't be around\b|\bonce[- ]in[- ]a[- ]lifetime\b"
    r"|\bone[- ]time (?:offer|chance|only)\b|\bimmediate (?:action|response|reply)\b)"
    r"|(?P<limited>\b(?:for )?(?:a )?(?:limited|short)[- ]time\b|\btime[- ]limited\b|\blimited (?:offer|period)\b))"
)
_DENIED = lazy_pattern(
    r"(?:\b(?:no|not|never|without|nothing|isn't|any)|n't)(?: (?:a|any|really|need to|have to|in a))? $"
)
_ENDLESS = lazy_pattern(
    r"\b(?:never|(?:does|do)(?:n't| not)|won't|will (?:not|never))"
    r" (?:expires?|ends?|runs? out|closes?|lapses?)\b(?! (?:until|before|till))"
    r"|\b(?:no|without(?: an?)?|zero) (?:(?:expir(?:y|ation)|end|closing|cut-?off|final) )?(?:dates?|deadline"
    r"|time limit)\b"
    r"|\bopen[- ]ended\b|\b(?:valid|good|available|open|runs?|lasts?) (?:forever|indefinitely|for(?:ever| good| life)"
    r"|all year(?: round| long)?|year[- ]round|any ?time|at any time|for as long as you|whenever)\b"
    r"|\b(?:any ?time|whenever) (?:this|next) year\b|\b(?:even )?years from now\b"
)
_ASKED = lazy_pattern(r"[^.!?\n]{0,80}\?")
_HESITATE_TO_ASK = lazy_pattern(r" to (?:ask|call|write|reply|contact|reach|get in touch|let us know)")


def settle_urgency(page: str, sheet: Sheet) -> Iterator[Settled]:
    """Every pressure of time or scarcity, and every freedom from it, held against the last day of the offer."""
    ends = _last_day(sheet)
    for match in _ENDLESS.finditer(page):
        # An offer without a last day may get one: somebody of the company has to know.
        result: Result = "not_checked" if ends is None else "contradicted"
        yield Settled(Claim("urgency", *match.span()), result, _LAST_DAY if ends else None)
    for match in _URGENT.finditer(page):
        if _DENIED.search(page[max(0, match.start() - 16) : match.start()]):
            continue
        if match[0].endswith("hesitate") and _HESITATE_TO_ASK.match(page, match.end()):
            continue
        if match[0] == "deadline" and _ASKED.match(page, match.end()):
            continue
        claim = Claim("urgency", match.start(), match.end())
        if ends is None or match["scarce"]:
            yield Settled(claim, "unsupported")
        elif sheet.as_of is not None and _is_so(match, ends, sheet.as_of):
            days = (ends - sheet.as_of).days
            yield Settled(claim, "equals", _LAST_DAY, comparison=f"derived: {_LAST_DAY} - as_of = {days} days")
        else:
            yield Settled(claim, "contradicted" if sheet.as_of else "unsupported", _LAST_DAY)


def _is_so(match: re.Match[str], ends: date, as_of: date) -> bool:
    days = (ends - as_of).days
    if match["today"] or match["tomorrow"]:
        return days == (0 if match["today"] else 1)
    if match["week"]:
        return ends.isocalendar()[:2] == as_of.isocalendar()[:2]
    if match["month"]:
        return (ends.year, ends.month) == (as_of.year, as_of.month)
    if match["left"]:
        number = number_said(match["many"] or match["in_many"])
        unit = _UNITS[(match["unit"] or match["in_unit"])]
        return number is not None and unit > 0 and abs(days - number * unit) <= (0 if unit == 1 else unit // 2)
    return days >= 0 and (bool(match["limited"]) or days <= _SOON)


def _last_day(sheet: Sheet) -> date | None:
    fact = sheet.by_slot.get(_LAST_DAY)
    known = date_of(fact["value"]) if fact else None
    if known is None or known.year is None or known.month is None or known.day is None:
        return None
    return date(known.year, known.month, known.day)
