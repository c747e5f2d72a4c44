"""The event as preparation reads it: one object at a time, each knowing where it stands and what was mended in it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agent_platform.patterns import lazy_pattern

from outreach.contracts import Repair

SET_ASIDE = "nothing"
# Invisible marks that aren't control characters: variation selectors can carry hidden text.
_HIDDEN = lazy_pattern("[\u034f\u115f\u1160\u17b4\u17b5\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")


@dataclass(frozen=True)
class Part:
    """One object of the event: its values, its JSON pointer, and the list that repairs are noted in."""

    values: Mapping[str, Any]
    pointer: str
    repairs: list[Repair]

    def within(self, name: str) -> Part:
        """The object of this name; one without values if there is none."""
        value = self.values.get(name)
        return Part(value if isinstance(value, dict) else {}, f"{self.pointer}/{name}", self.repairs)

    def lines(self, name: str) -> list[Part]:
        """The objects in the list of this name."""
        values = self.values.get(name) or []
        return [Part(value, f"{self.pointer}/{name}/{position}", self.repairs) for position, value in enumerate(values)]

    def note(self, name: str, what: str, before: str, after: str = SET_ASIDE) -> None:
        """Note that something was mended, or set aside, which leaves nothing; kinds only, never a value."""
        pointer = f"{self.pointer}/{name}" if name else self.pointer
        self.repairs.append({"pointer": pointer, "what": what, "change": f"{before} → {after}"})

    def given(self, name: str) -> Any:
        """The value as it came; None if it is blank text."""
        value = self.values.get(name)
        if isinstance(value, str) and not tidy(value):
            self.note(name, "blank text", "blank text")
            return None
        return value

    def text(self, name: str) -> str | None:
        """The value as one tidy line of text; None if there is none."""
        value = self.given(name)
        if isinstance(value, int | float):
            self.note(name, "number where text belongs", "number", "text")
            return f"{value:.0f}"
        if not isinstance(value, str):
            return None
        tidied = tidy(value)
        if tidied != value:
            self.note(name, "stray blanks or invisible characters", "text", "tidy text")
        return tidied


def tidy(text: str) -> str:
    """The text on one line, composed (NFC), without control and invisible characters and without stray blanks."""
    visible = _HIDDEN.sub("", text)
    if not visible.isprintable():
        visible = "".join(mark for mark in visible if mark.isprintable() or mark.isspace())
    return " ".join(unicodedata.normalize("NFC", visible).split())


def cut(text: str, most: int) -> str:
    """The text, or as many whole words from its beginning as fit."""
    if len(text) <= most:
        return text
    beginning, blank, _ = text[:most].rpartition(" ")
    return f"{beginning if blank else text[: most - 1]}…"
