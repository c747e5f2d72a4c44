"""Whether the words beside a slot deny it: "it isn't {{offer.amount}}", "{{offer.amount}} no longer applies"."""

import re

from agent_platform.patterns import lazy_pattern

_BE = r"(?:is|are|was|were|be|been|do|does|did|will|would|can|could|should|has|have|had)"
_NOT = (
    rf"(?:{_BE}(?:n't| not| never| no longer| neither)|won't|can't|cannot|not|never|no longer|neither|nobody"
    r"|none of (?:you|them|us)|no (?:one|customer|friend|neighbou?r)|hardly|scarcely|nothing)"
)
_VERBS = (
    r"(?:get|gets|receive|receives|earn|earns|save|saves|cost|costs|pay|pays|give|gives|offer|offers|include|includes"
    r"|appl(?:y|ies)|be|have|has|see|sees|expect|worth|credit|credits|add|adds|owe|owes|claim|take|takes|hand|hands)"
)
_BEFORE = lazy_pattern(
    rf"\b{_NOT} (?:\w+ ){{0,3}}{_VERBS}\b[^,:]{{0,40}}$"
    r"|\b(?:no|not|never|without|minus|instead of|rather than|nor|neither)(?: (?:the|a|an|your|more|full|any)){0,2} $"
    rf"|\b{_BE}(?:n't| not| never| no longer| neither| hardly) (?:(?:the|a|an|your|really|quite|exactly|yet|even|worth"
    r"|going to be|priced at|set at) ){0,2}$"
    r"|\b(?:no longer|anything but|nowhere near|far from|nothing like|hardly|scarcely|not even|less than|used to be"
    r"|used to cost) (?:the |a |an )?$",
    re.IGNORECASE,
)
_NO_DENIAL = lazy_pattern(
    r"\b(?:why not|why don't|not (?:only|just|merely)|n't (?:only|just|merely)|don't forget|if|whether|no less than"
    r"|not less than|nothing (?:more|else|but)|can't wait|or without|not (?:a (?:cent|penny) )?more than)\b",
    re.IGNORECASE,
)
_AFTER = lazy_pattern(
    r"(?: (?:off|back|credit|discount|bonus|reward))?"
    r"(?: (?:is|are|was|were|will be|does|do|did|will|would|can|could|has|have)"
    r"(?:n't| not| no longer| never| hardly)\b| (?:no longer|won't|cannot|can't|never)\b"
    r"| (?:is|are|was) (?:gone|over|a mistake|wrong|history|off the table|withdrawn|cancell?ed|expired|void)\b"
    r"| (?:is|are) out of the question\b| (?:has|have) (?:ended|expired|been (?:withdrawn|cancell?ed|dropped))\b)",
    re.IGNORECASE,
)
_SERVED = (
    r"(?:been|with you|with us|at your|there|on|in|over|by|our|a customer|come|came|visit|visited|mow|mowed|clean"
    r"|cleaned|finish"
    r"|finished|join|joined|start|started|stop by|stopped by|look(?:ed)? after|work(?:ed)?|serve|served|service"
    r"|serviced|treat|treated|see|seen|have|had|known|trusted|stayed)"
)
_NOT_SERVED = lazy_pattern(
    r"\b(?:(?:have|has|had|was|were|did|do|does|is|are)(?:n't| not| never| hardly| barely)|never|no longer|not|hardly)"
    rf"(?: (?:really|actually|yet|even|all|you|we|both|always))? {_SERVED}\b[^,:]{{0,60}}$"
    r"|\b(?:left|quit|dropped|deserted|cancell?ed|stopped) (?:us|our|with us|using|working|being|having"
    r"|the)\b[^,:]{0,30}$"
    r"|\b(?:not|never|none of|hardly|barely|fewer than|nowhere near) (?:even |after |for |in |since |the |these "
    r"|those ){0,2}$",
    re.IGNORECASE,
)
_NOT_OPEN = lazy_pattern(
    rf"\b{_NOT} (?:\w+ ){{0,2}}(?:valid|open|available|good|running|on|run|runs|last|lasts|stand"
    r"|stands)\b[^,:]{0,20}$",
    re.IGNORECASE,
)
# "It would be more without the {{offer.percent}} that is taken off" says that it is.
_WITHOUT = lazy_pattern(r"\bmore without the $", re.IGNORECASE)
_TAKEN_OFF = lazy_pattern(r" (?:that(?:'s| is| has been)|off|discount|saving|reduction)\b", re.IGNORECASE)


def denied(before: str, after: str) -> bool:
    """Whether an amount or a percentage between these words is said not to be so."""
    if _WITHOUT.search(before) and _TAKEN_OFF.match(after):
        return False
    return bool(_AFTER.match(after) or _is_denial(_BEFORE, before))


def not_open(before: str) -> bool:
    """Whether the last day of an offer is said not to be its last: "isn't valid until"."""
    return _is_denial(_NOT_OPEN, before)


def not_served(before: str) -> bool:
    """Whether a service of the past, with its day, span or count, is said not to have been."""
    return _is_denial(_NOT_SERVED, before)


def _is_denial(pattern: re.Pattern[str], before: str) -> bool:
    """Whether it is denied, and not in a clause that only asks or supposes it."""
    match = pattern.search(before)
    return match is not None and not _NO_DENIAL.search(re.split("[,:]", before[: match.start()])[-1] + match[0])
