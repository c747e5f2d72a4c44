"""What a text shares with the passages that its writer had before it: more than eight words in a row, slots apart."""

import itertools
import re
from collections.abc import Iterable

_MOST_WORDS = 8
_SLOT = re.compile(r"\{\{[^{}]*\}\}")
_WORD = re.compile(r"[^\W_]+")

type Run = tuple[str, ...]


def repeated(text: str, passages: Iterable[str]) -> set[Run]:
    """Every nine words in a row that stand in the text and in a passage."""
    return _runs(text, _MOST_WORDS + 1) & {run for passage in passages for run in _runs(passage, _MOST_WORDS + 1)}


def most_to_blame(phrases: Iterable[str], runs: Iterable[Run]) -> str:
    """Of the phrases that a text was put together from, the one that has most of these runs."""
    pairs = [pair for run in runs for pair in itertools.pairwise(run)]

    def share(phrase: str) -> int:
        own = _runs(phrase, 2)
        return sum(pair in own for pair in pairs)

    return max(phrases, key=share)


def _runs(text: str, length: int) -> set[Run]:
    words = _WORD.findall(_SLOT.sub(" ", text).casefold())
    return set(zip(*(words[shift:] for shift in range(length)), strict=False))
