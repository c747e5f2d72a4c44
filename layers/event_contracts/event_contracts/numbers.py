"""Where an event must have a number: for who reads events from a format in which everything is text."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from event_contracts.schemas import Schema, load_schemas

type Path = tuple[str, ...]


@cache
def number_paths(name: str, version: int) -> frozenset[Path]:
    """The paths in an event of this type and version whose values may be numbers and can't be text."""
    schema = load_schemas().get((name, version))
    return frozenset(_numbers(schema, schema, ())) if schema else frozenset()


def _numbers(part: Schema, schema: Schema, path: Path) -> Iterator[Path]:
    if "$ref" in part:
        part = schema["definitions"][part["$ref"].rpartition("/")[2]]
    if _is_number(part):
        yield path
    for name, inner in part.get("properties", {}).items():
        yield from _numbers(inner, schema, (*path, name))


def _is_number(part: Schema) -> bool:
    values: list[Any] = part.get("enum", [])
    kinds = {part["type"]} if isinstance(part.get("type"), str) else set(part.get("type", ()))
    named = bool(values) and all(isinstance(value, int | float) for value in values)
    return named or (bool(kinds & {"number", "integer"}) and "string" not in kinds)
