"""Every problem of an event that was refused, in the words of the schemas' descriptions."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from jsonschema import Draft7Validator
from jsonschema.exceptions import ValidationError

from event_contracts.problems import Problem
from event_contracts.schemas import Kind, Schema, load_schemas, with_definitions
from event_contracts.soundness import Flaw, Path

# More than an event can have whose lists are within their bounds: a list without end gets no answer without end.
MOST_LISTED = 6000


def problems_of(
    event: Any, kind: Kind | None, *, known: Mapping[str, Sequence[int]], flaws: Sequence[Flaw]
) -> list[Problem]:
    """The problems in the event's order; `kind` is None if its type or version has no contract."""
    schemas = load_schemas()
    schema = schemas[kind] if kind else with_definitions({"$ref": "#/definitions/envelope"})
    names = set(_property_names(list(schemas.values())))
    found = {(_named(flaw.path, names), flaw.expected) for flaw in flaws}
    # What the schema says of a flawed part, which was cut out, or of an unknown type, would say less at the same place.
    for further in ([] if kind else _unknown_kind(event, known), _schema_problems(event, schema)):
        places = {path for path, _ in found}
        found |= {(path, expected) for path, expected in further if path not in places}
    return [Problem(_pointer(path), expected) for path, expected in sorted(found, key=_in_order)]


def _unknown_kind(event: Any, known: Mapping[str, Sequence[int]]) -> Iterator[tuple[Path, str]]:
    if not isinstance(event, dict):
        return
    name = event.get("type")
    if not isinstance(name, str) or name not in known:
        yield ("type",), "one of " + ", ".join(known)
    else:
        yield ("version",), "one of " + ", ".join(map(str, known[name]))


def _schema_problems(event: Any, schema: Schema) -> Iterator[tuple[Path, str]]:
    for error in islice(Draft7Validator(schema).iter_errors(event), MOST_LISTED):
        path: Path = tuple(error.absolute_path)
        described: Any = error.schema
        if error.validator == "required":
            yield from (((*path, name), f"{expected} (missing)") for name, expected in _missing(error, schema))
        else:
            yield path, described["description"]


def _missing(error: ValidationError, schema: Schema) -> Iterator[tuple[str, str]]:
    """The names of what is missing, with what is expected there (the library has an error for each, unnamed)."""
    parent: Any = error.schema
    present: Any = error.instance
    for name in parent["required"]:
        if name not in present:
            part = parent["properties"][name]
            target = schema["definitions"][part["$ref"].rpartition("/")[2]] if "$ref" in part else part
            yield name, target["description"]


def _property_names(schema: Any) -> Iterator[str]:
    """Every name that a contract knows; no other may be repeated in an answer."""
    if isinstance(schema, dict):
        properties = schema.get("properties", {})
        yield from properties if isinstance(properties, dict) else ()
    for part in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from _property_names(part)


def _named(path: Path, names: set[str]) -> Path:
    """The path as far as its names are known."""
    for position, step in enumerate(path):
        if isinstance(step, str) and step not in names:
            return path[:position]
    return path


def _in_order(problem: tuple[Path, str]) -> tuple[list[tuple[bool, int, str]], str]:
    path, expected = problem
    steps = [(True, step, "") if isinstance(step, int) else (False, 0, step) for step in path]
    return steps, expected


def _pointer(path: Path) -> str:
    return "".join(f"/{step}" for step in path)
