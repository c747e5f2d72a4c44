"""What of a draft is about nobody: its sentences of which every word is a slot, the brand's own, or a common one.

Names, places and what people went through can't all be known, so nothing stays because nothing was found in it. What is
allowed goes as well where it is the customer's: a sentence with a part of their name, with a word that they wrote or
that describes them and the brand doesn't say itself, with a figure, or with a claim that isn't a slot.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from agent_platform.guardrails.redaction import redact
from agent_platform.patterns import lazy_pattern

from outreach.brands import Brand
from outreach.casebook.common_words import COMMON, SAYING_NOTHING
from outreach.claims import trace
from outreach.contracts import Fact, FeatureValue, Request
from outreach.facts import names_in
from outreach.prepared import Prepared

LEFT_OUT = "(…)"
_SLOT = lazy_pattern(r"\{\{[a-z_.]+\}\}")
# A link ends a sentence as a full stop does, which would be read as a part of it.
_SENTENCE = lazy_pattern(r"(?<=[.!?…])\s+|(?<=\.link\}\})\s+")
_EXACT = lazy_pattern(r"[@%#\[\]{}<>|]|\b(?:https?|www)\b")
# Currency signs, digits of any script, also those that stand for a number in one sign, and what parts a word unseen.
_NEVER = frozenset(["Sc", "Nd", "Nl", "No", "Cf"])
_LETTERS = lazy_pattern(r"[^\W\d_]+")
_TOKEN = lazy_pattern(rf"{_SLOT.pattern}|{_LETTERS.pattern}")
_WORD = lazy_pattern(r"[^\W\d_]{3,}")
_A_CREW = lazy_pattern(r"\b(?:team|crew)\b", re.IGNORECASE)
# As much of a word as its other forms share.
_STEM = 5


@dataclass(frozen=True)
class Subject:
    """Who a draft was written to: their names, the words that only they would make one write, and their facts.

    `allowed` are the words that a draft may have whoever it is written to, with the capitals that they have there.
    """

    names: Sequence[str]
    stems: frozenset[str]
    allowed: frozenset[str]
    facts: Sequence[Fact]
    locale: str


def subject_of(
    request: Request, prepared: Prepared, features: dict[str, FeatureValue], comment: str | None, *, brand: Brand
) -> Subject:
    """The customer of a run, as far as their draft might speak of them."""
    identity = prepared["identity"]
    crews = [line["crew"] for line in prepared["history"] if line["crew"]]
    called = [*names_in(identity), *(str(fact["value"]) for fact in identity["facts"]), *crews]
    # Parts of a name count as the name, and these are parts of many a crew's.
    names = [_A_CREW.sub(" ", name) for name in called]
    told = [comment, prepared["comment"], *(line["comment"] for line in prepared["history"])]
    described = [feature["value"] for name, feature in features.items() if name.startswith("property_")]
    reached = [identity["email"], identity["customer_id"], *(identity["address"] or {}).values()]
    own = _own_texts(brand)
    return Subject(
        names=names,
        stems=(_stems([told, described]) - _stems(own) | _stems([names, reached, prepared["property"]]))
        - _stems(SAYING_NOTHING),
        allowed=_words_of(own) | COMMON.get(request["locale"].partition("-")[0], frozenset()),
        facts=[*request["facts"], *identity["facts"]],
        locale=request["locale"],
    )


def about_nobody(text: str, subject: Subject) -> str:
    """The text without the sentences that say anything of its subject; where one was, a sign for that."""
    lines = [_clean_line(line, subject) for line in text.splitlines()]
    return "\n".join(lines)


def says_something(text: str) -> bool:
    """Whether enough is left to learn from: a dozen words of prose beside slots and what was left out."""
    return len(_WORD.findall(_SLOT.sub(" ", text))) >= 12


def _clean_line(line: str, subject: Subject) -> str:
    kept: list[str] = []
    for sentence in _SENTENCE.split(line.strip()):
        if _is_about_nobody(sentence, subject):
            kept.append(sentence)
        elif kept[-1:] != [LEFT_OUT]:
            kept.append(LEFT_OUT)
    return " ".join(kept)


def _is_about_nobody(sentence: str, subject: Subject) -> bool:
    prose = unicodedata.normalize("NFKC", _SLOT.sub(" ", sentence))
    if (
        not _has_common_words_only(sentence, subject.allowed)
        or _EXACT.search(prose)
        or any(unicodedata.category(each) in _NEVER for each in prose)
    ):
        return False
    if redact(prose, names=subject.names) != prose or not subject.stems.isdisjoint(_stems(prose)):
        return False
    return _has_slots_only(sentence, subject)


def _has_common_words_only(sentence: str, allowed: frozenset[str]) -> bool:
    """Whether each word may stand in any draft; one that has a capital inside a sentence only there is a name."""
    words: list[str] = _TOKEN.findall(unicodedata.normalize("NFKC", sentence))
    # A single capital is an initial more often than a word.
    if words and len(words[0]) > 1 and words[0] not in allowed:
        words[0] = words[0][0].lower() + words[0][1:]
    return all(word in allowed or _SLOT.fullmatch(word) for word in words)


def _own_texts(brand: Brand) -> list[str]:
    """What the brand says to everybody."""
    offers = [text for offer in brand.offers for text in (offer.name, offer.service, offer.conditions) if text]
    return [brand.company.name, brand.voice.tone, *brand.voice.examples, *brand.services, *offers]


def _words_of(texts: Iterable[str]) -> frozenset[str]:
    words = [word for text in texts for word in _LETTERS.findall(unicodedata.normalize("NFKC", text))]
    return frozenset([*words, *(word.casefold() for word in words)])


def _has_slots_only(sentence: str, subject: Subject) -> bool:
    """Whether tracing finds no claim but slots, such as a number that is written as a word."""
    traced = trace({"subject": "", "body": sentence, "call_to_action": ""}, facts=subject.facts, locale=subject.locale)
    claims = [each for each in traced.findings if each["where"] == "body" and each["kind"] != "structure"]
    return traced.body == sentence and all(each["result"] == "slot" for each in claims)


def _stems(value: Any) -> frozenset[str]:
    """The beginnings of all words of three letters or more in texts, however they are nested."""
    if isinstance(value, str):
        folded = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", value).casefold())
        plain = "".join(mark for mark in folded if not unicodedata.combining(mark))
        return frozenset(word[:_STEM] for word in _WORD.findall(plain))
    inside: Iterable[Any] = value.values() if isinstance(value, dict) else value if _holds(value) else ()
    return frozenset().union(*map(_stems, inside))


def _holds(value: Any) -> bool:
    return isinstance(value, (list, tuple, set, frozenset))
