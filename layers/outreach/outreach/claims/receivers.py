"""Who is said to get an amount: the reader, the friend, or somebody to whom nobody offers it."""

import re

from agent_platform.patterns import lazy_pattern

from outreach.claims.sheet import Sheet

AMOUNTS = frozenset(("offer.amount", "offer.friend_amount"))
BOTH_AMOUNTS = "offer.amount and offer.friend_amount"
_FRIEND = (
    r"(?:(?:your|a|the|that|each|every|any) (?:friend|neighbou?r|person)s?(?: who [^,.]{1,40}?)?"
    r"|friends?|neighbou?rs?|they|he or she|he|she)"
)
_GETS = r"(?:gets?|receives?|earns?|saves?|wins?|enjoys?|collects?|pockets?|takes?)"
_RECEIVER = lazy_pattern(
    rf"\b(?:(?P<both>you both|both of you|each of you|you and {_FRIEND}|you each|both)|(?P<you>you)"
    rf"|(?P<friend>{_FRIEND}))(?:'ll| will| can| would| each| also| then| all){{0,3}} {_GETS}\b[^.!?;,§¶]{{0,30}}$"
    r"|\b(?:gives?|gets?|earns?|thanks?|sends?|brings?|offers?|saves?|and|with|for) (?:(?P<give_you>you)"
    rf"|(?P<give_friend>them|{_FRIEND}))(?: with| back| a)? $|\b(?P<give>give) $"
    r"|(?:^|, |and )(?P<get>get) $",
    re.IGNORECASE,
)
_RECEIVER_AFTER = lazy_pattern(
    rf" (?:for|to) (?:(?P<both>(?:each of you|both of you|you both|you and {_FRIEND}))|(?P<you>you)"
    rf"|(?P<friend>them|{_FRIEND}))\b",
    re.IGNORECASE,
)
_SIDE = lazy_pattern(
    r" on (?:(?P<you>your (?:side|end|account|bill))|(?P<friend>theirs|their (?:side|end|account|bill)))\b",
    re.IGNORECASE,
)
_NEAR_ONES = (
    r"(?:family|families|street|block|town|community|neighbou?rhood|household|relatives?|parents?|kids|children"
    r"|colleagues|co-?workers|office|club)"
)
_OTHERS = (
    rf"(?:(?:everyone|everybody|all)(?: (?:else|you know|on|in|at|around|from|of)\b[^.!?;,§¶]{{0,30}})?"
    r"|(?:friends?|neighbou?rs?)'s? (?:own )?(?:friends?|neighbou?rs?)|friends of (?:their|your|those|these) friends?"
    r"|(?:their|his|her) (?:own )?(?:friends?|neighbou?rs?|family)"
    rf"|(?:your|the|their) (?:whole |entire )?{_NEAR_ONES}|all (?:of )?(?:your|the|our|their) \w{{3,14}}"
    rf"|(?:each|every one|all|any|both|some) of (?:your|their|our) (?!{_FRIEND}|friends|neighbou?rs|referrals|contacts)"
    r"\w{3,14}|(?:your|their|all|the) (?:cousins|siblings|uncles|aunts|classmates|guests|tenants|roommates|kin)"
    r"|(?:every|each|all|any) (?:other |one of our )?(?:customers?|households?|homes?|readers?|members?|families"
    r"|family))"
)
_BY_OTHERS = lazy_pattern(
    rf"\b{_OTHERS}(?:'ll| will| can| would| each| also| then| all| too){{0,3}} {_GETS}\b[^.!?;,§¶]{{0,30}}$"
    rf"|\b(?:gives?|offers?|sends?|pays?) {_OTHERS} (?:with |back |a )?$",
    re.IGNORECASE,
)
_TO_OTHERS = lazy_pattern(rf",? (?:each )?(?:for|to|goes to|go to) {_OTHERS}\b", re.IGNORECASE)


def owed(before: str, after: str, sheet: Sheet) -> str | None:
    """The amount that is whose the words beside it say, where the two differ; the first one stands for neither."""
    values = [sheet.by_slot[slot]["value"] for slot in AMOUNTS if slot in sheet.by_slot]
    if len(values) < 2 or values[0] == values[1]:
        return None
    receivers = (
        [match for match in [_SIDE.match(after)] if match]
        or list(_RECEIVER.finditer(before))[-1:]
        or [match for match in [_RECEIVER_AFTER.match(after)] if match]
    )
    if not receivers:
        return None
    said = {name for name, value in receivers[0].groupdict().items() if value}
    if "both" in said:
        return BOTH_AMOUNTS
    return "offer.amount" if said & {"you", "give_you", "get"} else "offer.friend_amount"


def for_others(before: str, after: str) -> bool:
    """Whether an amount is promised to people the offer doesn't know: friends of friends, a street."""
    return bool(_BY_OTHERS.search(before) or _TO_OTHERS.match(after))
