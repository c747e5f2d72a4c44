"""Whether a text says it: the offer's conditions of a condition, a promise or a benefit, a comment of its writer."""

from functools import cache
from typing import Literal

from agent_platform.patterns import lazy_pattern

from outreach.claims.claim import Claim, Settled
from outreach.claims.folding import fold
from outreach.claims.sheet import Sheet
from outreach.claims.vocabulary import words

_SENTENCE = lazy_pattern(r"[^.;!?\n]+")
_WORD = lazy_pattern(r"[^\W\d_]+")
# As much of a word as its other forms share, without what they end on: "completed" isn't "complimentary".
_STEM = 6
_ENDING = lazy_pattern(r"(?<=\w{3})(?:ing|ed|es|e|s)$")
# Said in several words, or in others: half an acre is no acre, and "no more than" is "up to".
_PHRASES = (
    (lazy_pattern(r"n't\b"), " not"),
    (lazy_pattern(r"\bhalf (?:an? |the )?(?=\w)"), "half"),
    (lazy_pattern(r"\b(?:no|not) (?:more|bigger|larger|greater) than\b|\bat most\b|\ba maximum of\b"), "up to"),
    (lazy_pattern(r"\bup to\b"), "upto"),
    (lazy_pattern(r"\b(?:more|bigger|larger|greater) than\b"), "over"),
    (lazy_pattern(r"(?:\b(?:is|are|was)|'s) over\b"), ""),
)
# Words that send the reader to the conditions, which stand below the e-mail, and what they are sent there for.
_POINTED = lazy_pattern(
    r" ?(?:as )?(?:(?:listed|stated|set out|noted|named|given|described|shown|mentioned|specified|spelled out) )?"
    r"(?:(?:in|by|under) (?:the|our|its) (?:note|conditions?|terms|small print)(?: below)?|below(?: this e-?mail)?)"
)
_MEASURES = lazy_pattern(r"\b(?:sizes?|numbers?|up to|lengths?|areas?)\b")
_SAYING_NOTHING = words(
    """
    a an and are as at be been by can do does for from get gets has have here if in is it its may must need needed of
    on or our so such that the their them there these they this those to us valid was we when which who will with you
    your required necessary applies apply applied once soon upon done subject ll re ve
    offer already include includes included cover covers covered any wrapped taken place carry carried out happened
    been long course up
    """
)
# What is said of the same: an offer's friend may be called a neighbor in it.
_SAME = {
    "friend": "neighbor", "friends": "neighbor", "neighbour": "neighbor", "neighbours": "neighbor",
    "finished": "completed", "credited": "credits", "visit": "service", "visits": "service", "appointment": "service",
    "clean": "service", "cleaning": "service", "mow": "service", "services": "service",
}  # fmt: skip
# Words that turn a sentence round: where they differ, the same words say something else.
_TURNING = {
    "no": "not", "not": "not", "never": "not", "without": "not", "none": "not", "nt": "not", "cannot": "not",
    "before": "before", "prior": "before", "ahead": "before", "advance": "before", "after": "after", "once": "after",
    "upon": "after", "following": "after", "only": "only", "except": "not", "excluding": "not", "new": "new",
    "existing": "existing", "minimum": "least", "least": "least", "maximum": "most", "most": "most",
    "over": "over", "under": "under", "per": "each", "each": "each", "every": "each",
}  # fmt: skip
# What makes a term another one: how many, how large, how often, when, for whom, for what money and by what means.
_MEASURING = words(
    """
    first second third fourth fifth sixth next last one two three four five six seven eight nine ten twelve dozen
    twenty thirty forty fifty hundred thousand upto halfacre halfhour quarter double twice
    """
)
_WEIGHTY = _MEASURING | words(
    """
    pay pays paid payment payments prepay prepaid invoice bill bills billed deposit card cash money fee fees spend
    spends spent purchase order orders price discount credit credits gift free rate tip
    sign signs signed signup contract plan plans subscription member membership commitment annual yearly monthly weekly
    regular recurring schedule scheduled app website online phone review reviews survey newsletter account
    hour hours day days week weeks month months year years season seasons spring summer autumn winter weekday weekdays
    weekend morning holiday date until
    acre acres room rooms floor floors storey square feet foot lawn lawns house houses household family
    families person people customer customers service completed inspection quote estimate consultation
    full same different other another both either else more less again
    refer refers referred referral referrals redeem expire transfer combine stack
    """
)
_LEAST_WEIGHT = 2
_FROM = "derived: every word of it stands in one sentence of the conditions"
_SO_MUCH = "derived: every word of it that measures or binds stands in one sentence of the conditions"


def against_conditions(claim: Claim, said: str, sheet: Sheet) -> Settled:
    """Verified where one sentence of the conditions has all its words, or all that measure or bind.

    Contradicted where that one turns them round.
    """
    left, pointed = _POINTED.subn(" ", said)
    plainly = _MEASURES.sub(" ", left) if pointed else said
    match standing(plainly, sheet.conditions or ""):
        case "so":
            return Settled(claim, "equals", source="/offer/conditions", comparison=_FROM)
        case "nowhere" if _measures_alike(plainly, sheet.conditions or ""):
            return Settled(claim, "equals", source="/offer/conditions", comparison=_SO_MUCH)
        case "turned":
            return Settled(claim, "contradicted", source="/offer/conditions")
        case _:
            return Settled(claim, "unsupported")


def standing(said: str, text: str) -> Literal["so", "turned", "nowhere"]:
    """Whether one sentence of a text has all the words that are said, or has them and turns them round."""
    content, turns = _content(said)
    for sentence in _SENTENCE.findall(fold(text).text):
        known, known_turns = _content(sentence)
        if content and content <= known:
            return "so" if turns <= known_turns and ("not" in turns) == ("not" in known_turns) else "turned"
    return "nowhere"


def _measures_alike(said: str, conditions: str) -> bool:
    """Whether one sentence of the conditions has every word that is said and would make another term of it.

    So a term may be told in other words: "once their first clean is in the books". Of what is measured one word more is
    said than the measure, for the first snowfall is no first clean.
    """
    content, turns = _content(said)
    weight = content & _stems(_WEIGHTY)
    if len(weight) < _LEAST_WEIGHT or not weight & _stems(_MEASURING):
        return False
    known = [_content(sentence) for sentence in _SENTENCE.findall(fold(conditions).text)]
    return any(weight <= stems and turns <= own and ("not" in turns) == ("not" in own) for stems, own in known)


@cache
def _stems(spoken: frozenset[str]) -> frozenset[str]:
    return frozenset(_stem(word) for word in spoken)


def _stem(word: str) -> str:
    return _ENDING.sub("", word)[:_STEM]


def _content(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """The stems that carry what a text says, and the words in it that turn what they say."""
    text = text.casefold()
    for phrase, other in _PHRASES:
        text = phrase.sub(other, text)
    spoken = [_SAME.get(word, word) for word in _WORD.findall(text) if len(word) > 1]
    turns = frozenset(_TURNING[word] for word in spoken if word in _TURNING)
    stems = frozenset(_stem(word) for word in spoken if word not in _TURNING and word not in _SAYING_NOTHING)
    return stems, turns
