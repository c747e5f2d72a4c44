"""A reviewer's keys: what they mean, and what is asked until a decision is whole."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_lowercase
from typing import Any

from rich.text import Text

from operations.reviewing.desk import Desk, NotTaken
from operations.reviewing.page import KEYS, drawn
from operations.terminal import out, plain

_PARTS = ("subject", "body", "call_to_action")


class UnreadableError(ValueError):
    """An edited text without its three headings."""


@dataclass(frozen=True)
class Keyboard:
    """How the page hears of a person: one key, one line, and a text in their editor."""

    key: Callable[[], str]
    line: Callable[[str], str]
    editor: Callable[[str], str]


def sit(desk: Desk, keyboard: Keyboard) -> int:
    """Show one message after the other until none waits or the person stops; how many were decided."""
    decided = 0
    while seen := desk.next():
        out.print(drawn(seen))
        given = _decided(desk, seen, keyboard)
        if given is None:
            return decided
        decided += given
    out.print("Nothing waits for you.")
    return decided


def _decided(desk: Desk, seen: Mapping[str, Any], keyboard: Keyboard) -> bool | None:
    """Whether this person decided on the message; None if they stop here."""
    while (key := keyboard.key()) != "q":
        if key == "s":
            return False
        decision = _decision(key, seen, keyboard)
        while decision:
            try:
                answer = desk.decide(seen["id"], decision)
            except NotTaken as refused:
                out.print(plain("".join(f"✗ {each}\n" for each in refused.problems), style="red"))
                if any(each.endswith("take the next one") for each in refused.problems):
                    return False
                decision = _naming(decision, refused.problems, keyboard)
            else:
                out.print(Text(f"✓ {decision['verdict']} · {_came_of(answer)}\n", style="green"))
                return True
        out.print(KEYS)
    return None


def _decision(key: str, seen: Mapping[str, Any], keyboard: Keyboard) -> dict[str, Any] | None:
    if key == "a":
        return {"verdict": "approve"}
    if key == "r":
        return _rejection(seen, keyboard)
    if key == "e":
        try:
            return {"verdict": "edit", "edit": parts_of(keyboard.editor(as_text(seen["draft"])))}
        except UnreadableError as wrong:
            out.print(plain(f"✗ {wrong}", style="red"))
    return None


def _naming(decision: dict[str, Any], problems: Sequence[str], keyboard: Keyboard) -> dict[str, Any] | None:
    """The decision with the claims that the person lets stand: typed, so that nobody names what they didn't see."""
    if not all(each.endswith("in seen") for each in problems):
        return None
    typed = keyboard.line("Type the numbers that you let stand without a source (nothing: none): ")
    return {**decision, "seen": typed.replace(",", " ").split()} if typed.strip() else None


def _rejection(seen: Mapping[str, Any], keyboard: Keyboard) -> dict[str, Any] | None:
    reasons = dict(zip(ascii_lowercase, seen["rejections"].items(), strict=False))
    for key, (_, words) in reasons.items():
        out.print(plain(f"  {key} {words}"))
    chosen = reasons.get(keyboard.key())
    if chosen is None:
        return None
    return {"verdict": "reject", "reason": chosen[0], "words": keyboard.line("In your words (may be empty): ")}


def _came_of(answer: Mapping[str, Any]) -> str:
    return answer["outcome"] or f"{answer['decisions']} of {answer['asked']} have decided"


def as_text(draft: Mapping[str, str]) -> str:
    """A draft as a person edits it: each part below its heading."""
    return "\n".join(f"# {name}\n{draft[name]}\n" for name in _PARTS)


def parts_of(text: str) -> dict[str, str]:
    """The parts of an edited text; UnreadableError if a heading is gone, doubled or out of order."""
    found = [line[2:].strip() for line in text.splitlines() if line.startswith("# ")]
    if tuple(found) != _PARTS:
        raise UnreadableError("Keep the three headings as they are: " + ", ".join(f"# {name}" for name in _PARTS))
    parts: dict[str, list[str]] = {name: [] for name in _PARTS}
    current = ""
    for line in text.splitlines():
        if line.startswith("# "):
            current = line[2:].strip()
        elif current:
            parts[current].append(line)
    return {name: "\n".join(lines).strip() for name, lines in parts.items()}
