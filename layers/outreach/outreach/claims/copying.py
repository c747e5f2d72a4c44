"""What a draft takes from others' texts word for word: a passage shows how it is done, and is not to be sent again."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from agent_platform.patterns import lazy_pattern

from outreach.claims.folding import fold
from outreach.findings import Finding

# So many words in a row may be chance or a manner of speaking; more are a copy.
MOST_WORDS = 8
_SLOT = lazy_pattern(r"\{\{[^{}]*\}\}")
_WORD = lazy_pattern(r"[^\W_]+")

type _Run = tuple[str, ...]


def copied(draft: Mapping[str, str], passages: Iterable[str], *, own: Iterable[str]) -> list[Finding]:
    """Each run of more than eight words that a part of the draft has from a passage, as the draft says it.

    Slots are no words, neither here nor there. What the company's `own` texts say may be said again.
    """
    theirs = set().union(*map(_runs_of, passages)).difference(*map(_runs_of, own))
    return [
        Finding(kind="copied", result="unsupported", where=where, text=said, slot=None)
        for where, text in draft.items()
        for said in _copies(text, theirs)
    ]


def _copies(text: str, theirs: set[_Run]) -> Iterator[str]:
    """The words of each stretch of a text in which one run of theirs follows the other."""
    words = _words(text)
    stretches: list[tuple[int, int]] = []
    for first, run in enumerate(_runs([word for word, _, _ in words])):
        if run in theirs:
            follows = stretches and first <= stretches[-1][1] + 1
            begun = stretches.pop()[0] if follows else first
            stretches.append((begun, first + MOST_WORDS))
    yield from (text[words[first][1] : words[last][2]] for first, last in stretches)


# One draft after the other is compared with the same brand's words, and with the cases that go best.
@lru_cache(maxsize=64)
def _runs_of(text: str) -> frozenset[_Run]:
    return frozenset(_runs([word.casefold() for word in _WORD.findall(_without_slots(fold(text).text))]))


def _runs(words: list[str]) -> Iterator[_Run]:
    return zip(*(words[shift:] for shift in range(MOST_WORDS + 1)), strict=False)


def _words(text: str) -> list[tuple[str, int, int]]:
    """Each word as it is compared, and the span of the text that it is."""
    folded = fold(text)
    page = _without_slots(folded.text)
    return [(word[0].casefold(), *folded.origin(word.start(), word.end())) for word in _WORD.finditer(page)]


def _without_slots(page: str) -> str:
    return _SLOT.sub(lambda slot: " " * len(slot[0]), page)
