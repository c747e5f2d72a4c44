"""A draft as the offline judge reads it, and the words that the judge knows."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

_SLOT = re.compile(r"\{\{([^{}]*)\}\}")
_UNKNOWN_TO_JUDGE = "(known"
_PARTS = ("subject", "body", "call_to_action")


class Reading:
    """A draft with what it was written from, taken apart the way the checks need it."""

    def __init__(self, data: dict[str, Any]) -> None:
        draft, brand = data["draft"], data.get("brand") or {}
        limits = brand.get("limits") or {}
        self.subject, self.body, self.request = (str(draft.get(part) or "") for part in _PARTS)
        self.slots = set(data.get("slots") or ())
        self.values = {slot: str(value) for slot, value in (data.get("facts") or {}).items() if value is not None}
        self.upsell = data.get("purpose") == "upsell"
        self.language = str(data.get("locale") or "en")[:2].lower()
        self.comment = str(data.get("comment") or "")
        self.never_say = [str(phrase) for phrase in brand.get("never_say") or []]
        self.subject_characters = limits.get("subject_characters") or 78
        self.least_words, self.most_words = map(int, limits.get("body_words") or (40, 220))
        self.text = f"{self.subject}\n{self.body}\n{self.request}"
        # A slot is none of the writer's words; what it stands for is known to be true.
        self.prose = _SLOT.sub("\N{OBJECT REPLACEMENT CHARACTER}", self.text)
        self.used = [slot.strip() for slot in _SLOT.findall(self.text)]
        self.lines = [line.strip() for line in self.body.splitlines() if line.strip()]

    def as_read(self, text: str) -> str:
        """A text with its slots filled, as far as their values are told."""

        def value(slot: re.Match[str]) -> str:
            known = self.values.get(slot[1].strip(), _UNKNOWN_TO_JUDGE)
            return slot[0] if known.startswith(_UNKNOWN_TO_JUDGE) else known

        return _SLOT.sub(value, text)


@cache
def known_words() -> dict[str, Any]:
    """The judge's lists of words, and the commonest words of each language."""
    words: dict[str, Any] = json.loads(Path(__file__).with_name("judge_words.json").read_text(encoding="utf-8"))
    return words


@cache
def any_of(name: str) -> re.Pattern[str]:
    """A pattern that finds any word or phrase of a list, whole and in any case."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, known_words()[name]))})(?!\w)", re.IGNORECASE)
