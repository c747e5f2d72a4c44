"""Every problem of an event that was refused, in the words of the schemas' descriptions."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from jsonschema import Draft7Validator
from jsonschema.exceptions import ValidationError

from event_contracts.problems import Problem
from event_contracts.schemas import Kind, Schema, load_schemas, with_definitions
from event_contracts.soundness import Flaw, Path

# More than an event can have whose lists are within their bounds: who sends lists without end gets no answer without end.
MOST_LISTED = 6000


def problems_of(
    event: Any, kind: Kind | None, *, known: Mapping[str, Sequence[int]], flaws: Sequence[Flaw]
) -> list[Problem]:
    """The problems by pointer, each once; `kind` is None if no contract is known for the event's type and version."""
    schemas = load_schemas()
    names = set(_property_names(list(schemas.values())))
    problems = {Problem(_pointer(flaw.path, names), flaw.expected) for flaw in flaws}
    # A flawed part has been cut out, so what the schema says of the hole says nothing of the event.
    spoken_for = {problem.pointer for problem in problems}
    schema = schemas[kind] if kind else with_definitions({"$ref": "#/definitions/envelope"})
    found = [*_unknown_kind(event, known), *_schema_problems(event, schema)] if kind is None else _schema_problems(event, schema)
    for problem in found:
        if problem.pointer not in spoken_for:
            problems.add(problem)
    return sorted(problems)
