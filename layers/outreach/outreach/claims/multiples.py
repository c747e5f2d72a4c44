"""Words beside a figure that make another one of it: per month, twice, up to; and a price said to be a reward."""

import re

from agent_platform.patterns import lazy_pattern

from outreach.claims.claim import Settled
from outreach.claims.sheet import Sheet
from outreach.claims.terms import against_conditions

_VISIT = (
    r"(?:visits?|cleans?|cleanings?|mows?|mowings?|services?|appointments?|treatments?|jobs?|bookings?|hours?|days?"
    r"|weeks?|months?|quarters?|seasons?|years?|rooms?|windows?|loads?|trips?|bills?|invoices?|orders?)"
)
_KIND = r"(?:of (?:your|the|our) )?(?:\w{1,12} ){0,1}"
_EACH_TIME = lazy_pattern(
    rf"(?: (?:credit|discount|bonus|reward|off|back)){{0,2}}(?:,? (?:off |on |for |with |from |toward )?"
    rf"(?:per|each|every|all|any) {_KIND}{_VISIT}\b| an? (?:{_VISIT}|fortnight)\b(?! (?:off|away))"
    rf"| ?/ ?{_VISIT}\b|,? (?:monthly|weekly|yearly|annually|daily|hourly|quarterly|p\.?a\.?\b|p\.m\.))",
    re.IGNORECASE,
)
_TIMES = r"(?:twice|two times|three times|thrice|double|triple|doubled|tripled)"
_MORE_BEFORE = lazy_pattern(
    rf"\b(?:{_TIMES}|twice that|up to|as much as|as many as|at least|at most|more than|over|upwards of|no more than"
    r"|starting at|starts at|starting from|from just|from only|from as little as|half(?: of)?|a total of"
    r"|a minimum of|a maximum of|anywhere from|somewhere (?:around|between|near)|in the (?:region|neighbou?rhood"
    r"|range) of"
    r"|approximately|roughly|nearly|almost|close to|not quite|just (?:over|under)|slightly (?:over|under)|north of"
    r"|(?:is|costs?|for|at|pays?|saves?|gets?|receives?) (?:about|around)|(?:an? )?(?:extra|additional|further"
    r"|second)) (?:the |a |an |your )?$",
    re.IGNORECASE,
)
_ANOTHER = lazy_pattern(r"§[^.!?;§¶]{0,30}\b(?:and|plus|then|with) (?:also |even )?another $", re.IGNORECASE)
_AND_THEN = lazy_pattern(r"§,? (?:and|plus|then)(?: then)? $", re.IGNORECASE)
_AGAIN = lazy_pattern(r" (?:again(?! and again)|once (?:more|again)|a second time)\b", re.IGNORECASE)
_FRIENDS = lazy_pattern(r"\b(?:friends?|neighbou?rs?|they|them|he|she|whoever)\b", re.IGNORECASE)
_MORE_AFTER = lazy_pattern(
    rf" (?:{_TIMES}|over again|or so|or thereabouts|give or take|or (?:more|less)|and (?:up|counting)|more than once)\b"
    r"|\+| (?:times|x) (?:two|three|four|\d)\b",
    re.IGNORECASE,
)
_REWARDED = lazy_pattern(
    r"\byou(?:'ll| will| can| would| also| then| even| could| may| each){0,3} (?:get|receive|earn|save|win|pocket"
    r"|collect)s?(?: an?| back| up to| another)? $|\b(?:saves?|gives?|earns?|wins?) you $"
    r"|\b(?:we|i)(?:'ll| will| can)? (?:give|pay|send|credit|thank) you(?: with| back)? $",
    re.IGNORECASE,
)
_IS_REWARD = lazy_pattern(
    r" (?:off|back|credit|discount|bonus|reward|in (?:credit|savings)|less|cheaper|cash|gift|voucher"
    r"|(?:that )?you save)\b",
    re.IGNORECASE,
)
_CHARGED = lazy_pattern(
    r"\b(?:costs?|priced at|you(?:'ll| will| only| would)? (?:only |just )?(?:pay|owe)|the price is|the fee is"
    r"|for a fee of|charge(?:s|d)? you|bill(?:s|ed)? you)(?: you| them| just| only| a| of){0,2} $",
    re.IGNORECASE,
)
_TO_JOIN = lazy_pattern(
    r" (?:to (?:join|enter|take part|sign up|participate|start|use)|of membership|membership)\b", re.IGNORECASE
)


def is_another_figure(settled: Settled, before: str, after: str, sheet: Sheet) -> bool:
    """Whether the words beside a figure say it for each visit or month, more than once, or as a bound.

    For each visit or month it is where the offer's conditions say so.
    """
    each = _EACH_TIME.match(after)
    if each and against_conditions(settled.claim, each[0], sheet).result != "equals":
        return True
    again = _AGAIN.match(after)
    if again and _AND_THEN.search(before):
        return True
    twice = (again or _ANOTHER.search(before)) and not _FRIENDS.search(before)
    return bool(twice or _MORE_BEFORE.search(before) or _MORE_AFTER.match(after))


def is_other_way_round(before: str, after: str, sheet: Sheet) -> bool:
    """Whether a price is said to be given, or what is given to be a price; unknown where an offer may be either."""
    is_reward, is_price = "offer.friend_amount" in sheet.by_slot, "offer.service" in sheet.by_slot
    if is_price and not is_reward:
        return bool(_REWARDED.search(before) or _IS_REWARD.match(after))
    return is_reward and not is_price and bool(_CHARGED.search(before) or _TO_JOIN.match(after))
