"""What makes a text no mail at all, whatever it claims: loops, headers, code, nothing."""

import re
from collections import Counter
from collections.abc import Iterator

from agent_platform.patterns import lazy_pattern

_OFTEN = 3
_WORDS_OF_A_SENTENCE = 3
_WORDS_OF_A_PHRASE = 8
_SENTENCE = lazy_pattern(r"[^.!?\n]+")
_WORD = lazy_pattern(r"\w+")
_HEADER = lazy_pattern(
    r"^[ \t>*_#\"']{0,8}(?:subject|body|date|to|from|cc|bcc|re|fwd?|call[ _-]to[ _-]action"
    r"|betreff|asunto|objet|oggetto|assunto|onderwerp)[*_\"']{0,3}[ \t]{0,3}:",
    re.IGNORECASE | re.MULTILINE,
)
_CODE = lazy_pattern(
    r"```|~~~|\"[\w -]{1,40}\"[ \t]{0,3}:|\A\s{0,200}[\[{]|^[ \t]{0,8}(?:json|html|xml)[ \t]{0,3}:?[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_REORDERING = lazy_pattern("[\u202a-\u202e\u2066-\u2069]")


def faults(where: str, original: str, page: str) -> Iterator[str]:
    """What is wrong with one part of a draft, each as the words that show it; the page has its slots blanked out."""
    if not page.strip():
        if where != "call_to_action":
            yield ""
        return
    for pattern in (_HEADER, _CODE):
        if match := pattern.search(page):
            yield match[0].strip() or page.strip()[:40]
    if _REORDERING.search(original):
        yield "(characters that reorder the text)"
    yield from _loops(page)


def _loops(page: str) -> Iterator[str]:
    """A sentence, or any eight words in a row, that stands there three times."""
    sentences = Counter(
        " ".join(words)
        for sentence in _SENTENCE.findall(page.casefold())
        if len(words := _WORD.findall(sentence)) >= _WORDS_OF_A_SENTENCE
    )
    yield from (sentence for sentence, times in sentences.items() if times >= _OFTEN)
    words = _WORD.findall(page.casefold())
    phrases = Counter(zip(*(words[shift:] for shift in range(_WORDS_OF_A_PHRASE)), strict=False))
    repeated = next((phrase for phrase, times in phrases.items() if times >= _OFTEN), None)
    if repeated:
        yield " ".join(repeated)
