"""How near a text is to a query by the words that they share."""

import math
import re
from collections import Counter
from collections.abc import Sequence

_WORD = re.compile(r"\w+")


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text.casefold()))


def scores(query: str, texts: Sequence[str]) -> list[float]:
    """For each text its cosine with the query, between 0 and 1; rare words weigh more than common ones."""
    counted = [_words(text) for text in texts]
    containing = Counter(word for words in counted for word in words)

    def weights(words: Counter[str]) -> dict[str, float]:
        return {
            word: (1 + math.log(count)) * math.log(1 + len(texts) / max(1, containing[word]))
            for word, count in words.items()
        }

    wanted = weights(_words(query))
    return [_cosine(wanted, weights(words)) for words in counted]


def _cosine(one: dict[str, float], other: dict[str, float]) -> float:
    shared = sum(weight * other[word] for word, weight in one.items() if word in other)
    lengths = math.hypot(*one.values()) * math.hypot(*other.values())
    return min(1.0, round(shared / lengths, 6)) if lengths else 0.0
