"""Passages that say different things: of near copies, as the cases of one kind of message are, the first stays."""

import re
from collections.abc import Sequence

from agent_platform.patterns import lazy_pattern
from agent_platform.retrieval.knowledge_base import RetrievedPassage

_WORD = lazy_pattern(r"[^\W_]+")
_QUOTED = lazy_pattern(r"^> ?(.*)$", re.MULTILINE)
# Words in a row; two texts that were written apart share few of these.
_SHINGLE = 3
# Of the shorter text's shingles, the part from which on it is a copy of the other.
_COPY = 0.5


def diverse(passages: Sequence[RetrievedPassage]) -> list[RetrievedPassage]:
    """The passages in their order, without those that are nearly a copy of one before."""
    chosen: list[tuple[RetrievedPassage, frozenset[tuple[str, ...]]]] = []
    for passage in passages:
        own = _shingles(passage.text)
        if not any(_overlap(own, others) >= _COPY for _, others in chosen):
            chosen.append((passage, own))
    return [passage for passage, _ in chosen]


def _shingles(text: str) -> frozenset[tuple[str, ...]]:
    # What a case quotes is its own; the words around it are those of every case of its kind.
    told = " ".join(_QUOTED.findall(text)) or text
    words = _WORD.findall(told.casefold())
    size = min(_SHINGLE, len(words))
    return frozenset(zip(*(words[shift:] for shift in range(size)), strict=False))


def _overlap(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> float:
    """The part of the smaller set that is in the larger one."""
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 0.0
