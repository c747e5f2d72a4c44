"""What the company would give or give up, however softly it is said: "we'd be glad to waive the fee"."""

from collections.abc import Iterator

from agent_platform.patterns import lazy_pattern

from outreach.claims.claim import Claim, Settled
from outreach.claims.sheet import Sheet
from outreach.claims.terms import against_conditions

_WE = r"(?:we|i|our (?:\w{1,10} )?(?:crews?|team|people|office)|the (?:crew|team|office)|us|somebody|someone)"
_FEW_WORDS = r"(?:'d|'ll|'re|'ve|'m)?(?: [a-z']{1,10}){0,6}?"
_PRICE = r"(?:\w{1,10} )?(?:prices?|bills?|rates?|quotes?|fees?|charges?|costs?|invoices?)"
_SOFTENED = lazy_pattern(
    rf"\b{_WE}{_FEW_WORDS} (?:waiv(?:e|ing)|redo|reimburs(?:e|ing)|compensat(?:e|ing)|deduct(?:ing)?"
    r"|knock(?:ing)? (?:\w+ ){0,3}off|tak(?:e|ing) (?:a (?:bit|little|little something) |something |some )off"
    r"|throw(?:ing)? in|(?:cover|match|beat|lower|cut|freeze|lock|drop|reduce|split|round down)(?:ting|ing)? (?:the"
    rf"|your|any|all|that|their|this|our|a|half)(?: of (?:the|your))? {_PRICE}"
    r"|foot(?:ing)? the bill|extend(?:ing)? (?:the|your|this) (?:offer|deadline|deal|discount)"
    r"|hold(?:ing)? (?:the|your|this) (?:price|rate|spot|offer)|mak(?:e|ing) (?:it|that) free"
    r"|sweeten(?:ing)? the (?:deal|offer)|mak(?:e|ing) an exception|start(?:ing)? over for (?:free|nothing))\b"
    r"|\bwaived\b|\b(?:is|are) (?:included|thrown in)\b[^.!?\n]{0,20}\b(?:free|charge|cost)\b"
)
_ALREADY_GIVEN = lazy_pattern(
    r"\b(?:we(?:'ve| have)|(?:has|have)(?: already| just)? been|(?:is|are)(?: already| now)|is|are|was|were|we) "
    r"(?:already |just |now )?(?:added|applied|credited|deposited|issued|set aside|loaded|sitting|waiting|put|placed)"
    r" (?:\w+ ){0,4}?(?:to|on|in|into|for|toward) (?:your|the) (?:\w{1,10} )?(?:account|bill|invoice|balance|wallet"
    r"|name|next)\b"
    r"|\b(?:credits?|rewards?|bonus|discount|money|gift|savings?|balance|it|they|that)(?:'s|'re| is| are| sits?"
    r"| waits?| was| has been"
    r"| have been| will be)(?: \w{1,10}){0,2}? (?:in|on|to) (?:your|the) (?:\w{1,10} )?(?:account|bill|invoice"
    r"|balance|wallet|statement)\b"
    r"|\byour (?:account|next bill|next invoice) (?:already |now )?(?:shows?|has|holds?|reflects?|includes?)\b"
)


def settle_concessions(page: str, sheet: Sheet) -> Iterator[Settled]:
    """Every gift behind a soft word, and every one that is said to be given already, held against the conditions."""
    for pattern in (_SOFTENED, _ALREADY_GIVEN):
        for match in pattern.finditer(page):
            yield against_conditions(Claim("promise", *match.span()), match[0], sheet)
