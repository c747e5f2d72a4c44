"""What no event of any type may hold, because nothing behind the contract could store or send it."""

import math
from typing import Any, NamedTuple

# An accepted event is seven levels deep at most; the rest is room for fields that no schema names.
DEEPEST = 24
LARGEST_WHOLE_NUMBER = 2**63 - 1

type Path = tuple[str | int, ...]


class Flaw(NamedTuple):
    """A part that can't be handled: the way to it, and what is expected in its place."""

    path: Path
    expected: str


def sound_copy(event: Any) -> tuple[Any, list[Flaw]]:
    """A copy in which every part that can't be handled is None, and those parts."""
    flaws: list[Flaw] = []
    return _copy(event, (), flaws), flaws


def _copy(value: Any, path: Path, flaws: list[Flaw]) -> Any:
    expected = _expected(value, depth=len(path))
    if expected:
        flaws.append(Flaw(path, expected))
        return None
    if isinstance(value, dict):
        return {name: _copy(part, (*path, name), flaws) for name, part in value.items()}
    if isinstance(value, list):
        return [_copy(part, (*path, position), flaws) for position, part in enumerate(value)]
    return value


def _expected(value: Any, *, depth: int) -> str | None:
    """What is expected instead of a value; None if it can be handled."""
    expected = None
    match value:
        case str() if not _encodable(value):
            expected = "text that UTF-8 can encode"
        case int() if abs(value) > LARGEST_WHOLE_NUMBER:
            expected = "a whole number of at most 64 bits"
        case float() if not math.isfinite(value):
            expected = "a finite number"
        case dict() | list() if depth >= DEEPEST:
            expected = f"at most {DEEPEST} levels of objects and lists"
        case dict() if not all(isinstance(name, str) and _encodable(name) for name in value):
            expected = "an object whose names UTF-8 can encode"
        case _ if not isinstance(value, str | int | float | dict | list | None):
            expected = "a JSON value"
    return expected


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        # A lone surrogate, which JSON can spell (\ud800) and nothing can store.
        return False
    return True
