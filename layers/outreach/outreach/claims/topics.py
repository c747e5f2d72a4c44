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
    r"|deposits?|financing|interest[- ](?:free|rates?)|(?:no|without|zero|any) interest|tax(?:es)?|(?:leave|add|give"
    r"|includ\w+|no) (?:an? )?tips?|tipping|surcharges?|fees?|fine print"
    r"|(?<!what )(?<!that )(?:is|are|comes?) (?:all )?(?:included(?! and)|covered|extra|with it)"
    r"|prices? (?:go(?:es)?|rises?|increases?|will|includes?|covers?|stays?|drops?|falls?)"
    r"|costs? (?:you )?(?:nothing|less|more|extra)|budget|debts?|loans?|card|worth (?:more|twice|double)"
)
_TERMS = (
    r"automatic(?:ally)?|by itself|auto-?renew\w*|renews?|renewed|enroll?(?:s|ed)?|subscriptions?|memberships?"
    r"|contracts?|cancel\w*|combin\w+|stack\w*|on top of (?:any|all|every|other|your)|transfer\w*|exchang\w+|redeem\w*"
    r"|swap\w* (?:it|them|this|that|your|the|for|out)|someone else|qualif\w+|eligib\w+|entitle\w*|open to (?:all|any"
    r"|every|new|existing|home|rent|famil)\w*|former|non-customers?|renters?"
    r"|(?:for|to|includ\w+|even|and) businesses|tenants|even people|plans? (?:is|are|will|continues?|starts?)"
    r"|obligat(?:ed|ory)"
    r"|(?:no|more|other|further|special|new|without) (?:terms|conditions|limits?)|limits? (?:to|of|on|per)|maximum"
    r"|minimum|expir\w+|the (?:more|sooner) (?:\w+ ){1,4}the (?:more|better|sooner)"
)
_LAW = (
    r"approved (?:by|for|products?)|(?:is|are|been|pre)[- ]?approved|registered"
    r"|(?<!someone )(?<!somebody )(?<!who )recommends|(?<!being )(?<!be )recommended|(?:we|i|they|experts?|doctors?"
    r"|vets?) recommend|endorse\w*"
    r"|accredited|patent\w*|tested|proven|stud(?:y|ies)|research|scientific\w*|experts?|doctors?|(?<!your )ratings?"
    r"|rated|regulat\w+|law|legal\w*|inspector|standards|officially \w+ed|official (?:partner|supplier|dealer"
    r"|sponsor|seal|rating|test|list)\w*|permits?|insur\w+|licen[sc]\w+|certif\w+"
)
_SAID_BY = (
    rf"{_PEOPLE} (?:trust|say|agree|come back|stay|choose|switch\w*|use|save|rely)\w*"
    r"|(?:in|out of) (?:ten|five|three|four)\b|reviews?|testimonials?|your street (?:is|are|has|have)"
    r"|half (?:of )?(?:your|the) (?:street|town|block|neighbou?rhood)|join (?:the|our|over|more)"
    r"|(?:four|five|ten) stars|score"
)
_COMPANY = (
    r"founded|established (?:in|since|company|business|firm|name)|(?:was|were|been|well) established"
    r"|generations?|family (?:business|company|firm)|(?:family|locally|veteran|woman)[- ]owned"
    r"|for decades|years of experience|headquarter\w*|employ\w+|since the \w+|our (?:owner|founder)s?"
    r"|(?:master|senior|head(?! start)|chief|lead) \w{3,14}|specialists?|technicians?"
)
_CAUSE = r"plant(?:s|ed|ing)? (?:a |one |\w+ )?trees?|donat\w+|charit\w*|proceeds|non-?profits?|fundrais\w+|good cause"
_HOURS = (
    r"(?:open|available|reachable) (?:until|till|on|from|daily|every|all|around|between|at|late)|around the clock"
    r"|office hours|(?:on|every) (?:weekends?|weekdays|sundays?|saturdays?|holidays?)|day and night|reply within"
)
_ENDS = (
    r"(?:through|until|till|by|before) (?:the )?(?:weekend|next (?:week|month|\w{3,6}day)|tomorrow|noon|end of"
    r"|christmas|easter|thanksgiving|(?:mon|tues|wednes|thurs|fri|satur|sun)day)|goes? up|gone by|price increases?"
    r"|after that, (?:\w+ ){0,3}(?:rise|go|cost|end|is)s?"
)
_LAPSED = (
    r"(?:win|have|get|welcome) you back|(?:we )?miss(?:ed)? (?:you|seeing)|(?:(?:has|have|'s|'ve) been (?:a )?"
    r"|for (?:a )?)(?:long|quite some) time|been a while(?=[.,!]| since (?:we|you|our)\b)"
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
# "Could a friend use a hand before Christmas?" claims nothing; "Did you know …?" does.
_QUESTION = lazy_pattern(r"[^.!?;\n]{0,160}\?")
_TELLS = lazy_pattern(r"\b(?:know|heard|noticed|remember|n't|why not|only)\b")
_LONGEST = 160


def settle_topics(page: str, sheet: Sheet) -> Iterator[Settled]:
    """What is said on a topic and no rule has read, for a person to read: in English, as whatever is said in words."""
    if sheet.convention.language != "en":
        return
    for kind, topic in _TOPICS:
        for match in topic.finditer(page):
            before = _SENTENCE_ENDS.split(page[max(0, match.start() - _NEAR) : match.start()])[-1]
            after = _SENTENCE_ENDS.split(page[match.end() : match.end() + _NEAR])[0]
            if MASK not in before + after and not _only_asked(page, match.start(), match.end()):
                yield Settled(Claim(kind, *match.span()), "not_checked")


def _only_asked(page: str, start: int, end: int) -> bool:
    """Whether these words stand in a question that tells nothing."""
    if not _QUESTION.match(page, end):
        return False
    return not _TELLS.search(_SENTENCE_ENDS.split(page[max(0, start - _LONGEST) : start])[-1])
