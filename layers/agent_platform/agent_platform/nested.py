"""Flat fields put where they belong in a document."""

from collections.abc import Iterable, Sequence
from typing import Any


def nested(fields: Iterable[tuple[Sequence[str], Any]]) -> dict[str, Any]:
    """A document of objects in objects that has each value at its path; no path goes through another's value."""
    document: dict[str, Any] = {}
    for (*parents, last), value in fields:
        place = document
        for parent in parents:
            place = place.setdefault(parent, {})
        place[last] = value
    return document
