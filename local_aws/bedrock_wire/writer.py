"""The offline writer: an e-mail put together from phrases, chosen by a hash of what is known about the customer.

It shares no code with the offline judge. Facts appear as slots only; of a comment nothing but its topics is used.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from local_aws.bedrock_wire.comment_topics import topics_of
from local_aws.bedrock_wire.repetition import most_to_blame, repeated

type _Preference = Callable[[Sequence[str]], Sequence[str]]

_PHRASES = Path(__file__).parent / "phrases"
_LANGUAGES = ("de", "en", "es", "fr")
_PERSONAL = ("customer.", "service.")
_SLOT = re.compile(r"\{\{([a-z_.]+)\}\}")
# The parts of a body in their order; what may be left out for length goes from the last of _OPTIONAL on.
_ORDER = ("greeting", "opening", "topic", "offer", "until", "action", "extra", "signoff")
_OPTIONAL = ("topic", "action", "until", "extra")


def write_email(data: dict[str, Any]) -> dict[str, str]:
    """Write the e-mail that the data ask for, in other phrases than a draft before it and than its passages.

    One phrase after the other gives way to another one, until nothing is repeated or there is no other one.
    """
    composition, passages = _Composition(data), [passage["text"] for passage in data.get("passages") or []]
    while True:
        email = composition.email()
        runs = set().union(*(repeated(part, passages) for part in email.values()))
        if not runs or not composition.without(most_to_blame(composition.used, runs)):
            return email


@cache
def _phrases(language: str) -> dict[str, Any]:
    phrases: dict[str, Any] = json.loads((_PHRASES / f"{language}.json").read_text(encoding="utf-8"))
    return phrases


def _language(locale: str) -> str:
    language = locale.replace("_", "-").split("-", maxsplit=1)[0].lower()
    return language if language in _LANGUAGES else "en"


def _slots(text: str) -> set[str]:
    return set(_SLOT.findall(text))


class _Composition:
    """One e-mail in the making: the data it is about, and the phrases that may be used."""

    def __init__(self, data: dict[str, Any]) -> None:
        brand = data.get("brand") or {}
        limits = brand.get("limits") or {}
        facts = data.get("facts") or {}
        self._usable = set(data.get("slots") or facts)
        # The value of an identity is not told, only that it is known.
        self._facts = {slot: value for slot, value in facts.items() if value and not str(value).startswith("(known")}
        self._forbidden = [str(word).casefold() for word in brand.get("never_say") or []]
        self._previous = data.get("previous") or {}
        self._least, self._most = map(int, limits.get("body_words") or (40, 220))
        self._subject_characters = limits.get("subject_characters") or 78
        self._comment = data.get("comment")
        purpose = "upsell" if data.get("purpose") == "upsell" else "referral"
        phrases = _phrases(_language(data.get("locale") or "en"))
        self._phrases = phrases | phrases[purpose]
        self.used: set[str] = set()
        self._given_up: set[str] = set()
        self._seed = json.dumps([self._facts, data.get("features"), purpose, self._previous], sort_keys=True)

    def without(self, phrase: str) -> bool:
        """Use a phrase no more where there is another one; False if that was tried already."""
        tried = phrase in self._given_up
        self._given_up.add(phrase)
        return not tried

    def email(self) -> dict[str, str]:
        self.used.clear()
        return {
            "subject": self._subject(),
            "body": self._body(),
            "call_to_action": self._pick("call_to_action", self._phrases["call_to_action"], _prefer_slots) or "",
        }

    def _subject(self) -> str:
        def short(subjects: Sequence[str]) -> Sequence[str]:
            fitting = [subject for subject in subjects if len(self._filled(subject)) <= self._subject_characters]
            return fitting or [min(subjects, key=len)]

        return self._pick("subject", self._phrases["subject"], short) or ""

    def _body(self) -> str:
        parts = self._parts(_as_they_are)
        text = self._fitted(parts)
        return text if self._words(text) <= self._most else self._fitted(self._parts(_prefer_short))

    def _parts(self, prefer: _Preference) -> dict[str, str]:
        feedback = " ".join(map(str, self._previous.get("feedback") or []))
        personal = _prefer_most_slots if "personal" in feedback else _prefer_personal
        parts = {
            "greeting": self._pick("greeting", self._phrases["greeting"], _prefer_slots),
            "opening": self._pick("opening", self._phrases["opening"], personal, prefer),
            "topic": self._topic(),
            "offer": self._pick("offer", self._phrases["offer"], _prefer_most_slots, prefer),
            "until": self._pick("until", self._phrases["until"]),
            "action": self._pick("action", self._phrases["action"]),
            "extra": self._pick("extra", self._phrases["extra"]),
            "signoff": self._pick("signoff", self._phrases["signoff"], _prefer_most_slots, prefer),
        }
        return {name: text for name, text in parts.items() if text}

    def _topic(self) -> str | None:
        about = topics_of(self._comment)
        return self._pick("topic", [phrase for topic in about[:1] for phrase in self._phrases["topics"][topic]])

    def _fitted(self, parts: dict[str, str]) -> str:
        """The parts as one text within the brand's limits: further sentences if it is short, fewer if it is long."""
        for sentence in self._fresh(self._phrases["extra"]):
            if self._words(_joined(parts)) >= self._least + 5:
                break
            if sentence not in parts.get("extra", ""):
                parts["extra"] = f"{parts['extra']} {sentence}" if "extra" in parts else sentence
                self.used.add(sentence)
        for name in reversed(_OPTIONAL):
            if self._words(_joined(parts)) <= self._most - 5:
                break
            parts.pop(name, None)
        return _joined(parts)

    def _allowed(self, candidates: Iterable[str]) -> list[str]:
        """The phrases whose slots exist and which hold no word that the brand never says."""
        return [
            text
            for text in candidates
            if _slots(text) <= self._usable and not any(word in text.casefold() for word in self._forbidden)
        ]

    def _fresh(self, candidates: Iterable[str]) -> list[str]:
        return [text for text in self._allowed(candidates) if text not in self._given_up]

    def _pick(self, part: str, candidates: Iterable[str], *preferences: _Preference) -> str | None:
        """One of the phrases, by hash; another one than in the draft before, if there is another."""
        candidates = list(candidates)
        choice: Sequence[str] = self._fresh(candidates)
        if not choice and part not in _OPTIONAL:
            choice = self._allowed(candidates)
        if not choice:
            return None
        for prefer in preferences:
            choice = prefer(choice)
        before = " ".join(str(self._previous.get(name, "")) for name in ("subject", "body", "call_to_action"))
        choice = [text for text in choice if text not in before] or choice
        digest = hashlib.sha256(f"{part}\n{self._seed}".encode()).digest()
        picked = choice[int.from_bytes(digest[:8]) % len(choice)]
        self.used.add(picked)
        return picked

    def _filled(self, text: str) -> str:
        return _SLOT.sub(lambda slot: str(self._facts.get(slot[1], slot[0])), text)

    def _words(self, text: str) -> int:
        return len(self._filled(text).split())


def _as_they_are(texts: Sequence[str]) -> Sequence[str]:
    return texts


def _prefer_short(texts: Sequence[str]) -> Sequence[str]:
    return sorted(texts, key=len)[:2]


def _prefer_personal(texts: Sequence[str]) -> Sequence[str]:
    return [text for text in texts if any(slot.startswith(_PERSONAL) for slot in _slots(text))] or texts


def _prefer_slots(texts: Sequence[str]) -> Sequence[str]:
    return [text for text in texts if _slots(text)] or texts


def _prefer_most_slots(texts: Sequence[str]) -> Sequence[str]:
    most = max(len(_slots(text)) for text in texts)
    return [text for text in texts if len(_slots(text)) == most]


def _joined(parts: dict[str, str]) -> str:
    """The parts in order; a topic stands with the opening and a date with the offer, the rest are paragraphs."""
    text = ""
    for name in _ORDER:
        if name in parts:
            text += (" " if name in ("topic", "until") else "\n\n") + parts[name]
    return text.strip()
