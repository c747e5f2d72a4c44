"""Topics on which no draft may speak unread: money, terms, law, numbers of people, the company's past, its hours.

The rules know what may be said on them and what not. What they don't know of waits for a person: a text that is wrong
in a way that nobody foresaw mostly speaks of one of these.
"""

from collections.abc import Iterator

from agent_platform.patterns import lazy_pattern

from outreach.claims.claim import MASK, Claim, Settled
from outreach.claims.sheet import Sheet

_PEOPLE = r"(?:customers?|clients?|homeowners?|households?|families|homes|neighbou?rs)"
_MONEY = (
    r"instal?lments?|due (?:until|till|before|on|now|later|today|at)|pay (?:later|nothing|by|with|in|only|when|if|as"
    r"|what|cash|online|extra|upfront|up front)|only pay|paid (?:out|back|in)|in cash|a (?:check|cheque)|direct debit"
    r"|deposits?|financing|interest|tax(?:es)?|tips?|surcharges?|fees?|fine print|(?:is|are|comes?) (?:all )?"
    r"(?:included(?! and)|covered|extra|with it)|prices? (?:go(?:es)?|rises?|increases?|will|includes?|covers?|stays?"
    r"|drops?|falls?)|costs? (?:you )?(?:nothing|less|more|extra)|budget|debts?|loans?|card|worth (?:more|twice|double)"
)
_TERMS = (
    r"automatic(?:ally)?|by itself|auto-?renew\w*|renews?|renewed|enroll?(?:s|ed)?|subscriptions?|memberships?"
    r"|contracts?|cancel\w*|combin\w+|stack\w*|on top of (?:any|all|every|other|your)|transfer\w*|exchang\w+|redeem\w*"
    r"|swap\w*|someone else|qualif\w+|eligib\w+|entitle\w*|open to|former|non-customers?|renters?|businesses|tenants"
    r"|even people|plans? (?:is|are|will|continues?|starts?)|obligat\w+|terms|conditions|limits?|maximum|minimum"
    r"|expir\w+|the (?:more|sooner) (?:\w+ ){1,4}the (?:more|better|sooner)"
)
_LAW = (
    r"approved|registered|recommend(?:s|ed)?|endorse\w*|accredited|patent\w*|tested|proven|stud(?:y|ies)|research"
    r"|scientific\w*|experts?|doctors?|ratings?|rated|regulat\w+|law|legal\w*|inspector|standards|official\w*|permits?"
    r"|insur\w+|licen[sc]\w+|certif\w+"
)
_SAID_BY = (
    rf"{_PEOPLE} (?:trust|say|agree|come back|stay|choose|switch\w*|use|save|rely)\w*"
    r"|(?:in|out of) (?:ten|five|three|four)\b|reviews?|testimonials?|your street (?:is|are|has|have)"
    r"|half (?:of )?(?:your|the) (?:street|town|block|neighbou?rhood)|join (?:the|our|over|more)"
    r"|(?:four|five|ten) stars|score"
)
_COMPANY = (
    r"founded|established|generations?|family (?:business|company|firm)|(?:family|locally|veteran|woman)[- ]owned"
    r"|for decades|years of experience|headquarter\w*|employ\w+|since the \w+|our (?:owner|founder)s?"
    r"|(?:master|senior|head|chief|lead) \w{3,14}|specialists?|technicians?"
)
_CAUSE = r"plant(?:s|ed|ing)? (?:a |one |\w+ )?trees?|donat\w+|charit\w*|proceeds|non-?profits?|fundrais\w+|good cause"
_HOURS = (
    r"(?:open|available|reachable) (?:until|till|on|from|daily|every|all|around|between|at|late)|around the clock"
    r"|office hours|(?:on|every) (?:weekends?|weekdays|sundays?|saturdays?|holidays?)|day and night|reply within"
)
_ENDS = (
    r"(?:through|until|till|by|before) (?:the )?(?:weekend|next|tomorrow|noon|end of|christmas|easter|thanksgiving"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|spring|summer|fall|autumn|winter)|goes? up|gone by"
    r"|price increases?|after that,? (?:\w+ ){0,3}(?:rise|go|cost|end|is)s?"
)
_LAPSED = (
    r"(?:win|have|get|welcome) you back|(?:we )?miss(?:ed)? (?:you|seeing)|(?:long|quite some) time|been a while"
    r"|for ages|haven't (?:seen|heard|been)|left us|weren't|were not|have not|come back to us|not even"
)
_RESULT = (
    r"(?:grow|last|improve|increase|reduce|raise|boost|double|triple|cut|lower|add|save)s? (?:[a-z]+ ){0,4}"
    r"(?:by|value|longer|faster|better|hours|days|half|as \w+|times \w+|money|time|water|energy)"
)
_TOPICS = (
    ("condition", lazy_pattern(rf"\b(?:{_MONEY}|{_TERMS})\b")),
    ("comparative", lazy_pattern(rf"\b(?:{_LAW}|{_SAID_BY}|{_COMPANY}|{_RESULT})\b")),
    ("promise", lazy_pattern(rf"\b(?:{_CAUSE}|{_HOURS})\b")),
    ("urgency", lazy_pattern(rf"\b(?:{_ENDS})\b")),
    ("reader", lazy_pattern(rf"\b(?:{_LAPSED})\b")),
)
# What stands so near to a slot speaks of its fact, and was read with it.
_NEAR = 12
_SENTENCE_ENDS = lazy_pattern(r"[.!?;\n]")


def settle_topics(page: str, sheet: Sheet) -> Iterator[Settled]:
    """What is said on a topic and no rule has read, for a person to read: in English, as whatever is said in words."""
    if sheet.convention.language != "en":
        return
    for kind, topic in _TOPICS:
        for match in topic.finditer(page):
            before = _SENTENCE_ENDS.split(page[max(0, match.start() - _NEAR) : match.start()])[-1]
            after = _SENTENCE_ENDS.split(page[match.end() : match.end() + _NEAR])[0]
            if MASK not in before + after:
                yield Settled(Claim(kind, *match.span()), "not_checked")
