"""Plain lexical search, to compare with: Okapi BM25 over the words of every text, and nothing else."""

import math
import re
from collections import Counter
from collections.abc import Sequence

_WORD = re.compile(r"\w+")
# The usual constants: how soon more of a word adds nothing, and how much a long text is held against itself.
_SATURATION, _LENGTH = 1.2, 0.75


def scores(query: str, texts: Sequence[str]) -> list[float]:
    """BM25 of each text for the query's words."""
    counted = [Counter(_WORD.findall(text.casefold())) for text in texts]
    usual = sum(words.total() for words in counted) / len(counted)
    containing = Counter(word for words in counted for word in words)
    weights = {
        word: math.log(1 + (len(texts) - containing[word] + 0.5) / (containing[word] + 0.5))
        for word in _WORD.findall(query.casefold())
    }

    def score(words: Counter[str]) -> float:
        longer = 1 - _LENGTH + _LENGTH * words.total() / usual
        return sum(
            weight * words[word] * (_SATURATION + 1) / (words[word] + _SATURATION * longer)
            for word, weight in weights.items()
        )

    return [score(words) for words in counted]
