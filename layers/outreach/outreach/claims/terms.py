"""Whether a text says it: the offer's conditions of a condition, a promise or a benefit, a comment of its writer."""

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
_SAYING_NOTHING = words(
    """
    a an and are as at be been by can do does for from get gets has have here if in is it its may must need needed of
    on or our so such that the their them there these they this those to us valid was we when which who will with you
    your required necessary applies apply applied
    """
)
# Words that turn a sentence round: where they differ, the same words say something else.
_TURNING = {
    "no": "not", "not": "not", "never": "not", "without": "not", "none": "not", "nt": "not", "cannot": "not",
    "before": "before", "after": "after", "only": "only", "except": "not", "excluding": "not", "new": "new",
    "existing": "existing", "minimum": "least", "least": "least", "maximum": "most", "most": "most",
    "per": "each", "each": "each", "every": "each",
}  # fmt: skip
_FROM = "derived: every word of it stands in one sentence of the conditions"


def against_conditions(claim: Claim, said: str, sheet: Sheet) -> Settled:
    """Verified where one sentence of the conditions has all its words, contradicted where that one turns them round."""
    match standing(said, sheet.conditions or ""):
        case "so":
            return Settled(claim, "equals", source="/offer/conditions", comparison=_FROM)
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


def _content(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """The stems that carry what a text says, and the words in it that turn what they say."""
    spoken = [word for word in _WORD.findall(text.casefold().replace("n't", " not")) if len(word) > 1]
    turns = frozenset(_TURNING[word] for word in spoken if word in _TURNING)
    stems = frozenset(
        _ENDING.sub("", word)[:_STEM] for word in spoken if word not in _TURNING and word not in _SAYING_NOTHING
    )
    return stems, turns
