"""Whether an event keeps its contract, and if it doesn't, every problem that it has."""

from typing import Any

from event_contracts.problems import Problem
from event_contracts.schemas import Kind
from event_contracts.soundness import sound_copy

try:
    from event_contracts.generated import VALIDATORS
except ModuleNotFoundError as error:
    raise ImportError("no event_contracts/generated.py: `python -m event_contracts.generate` makes it") from error

__all__ = ["Problem", "known_types", "validate"]


def known_types() -> dict[str, tuple[int, ...]]:
    """Every event type that has a contract, with its versions."""
    kinds = sorted(VALIDATORS)
    return {name: tuple(version for each, version in kinds if each == name) for name, _ in kinds}


def validate(event: Any) -> list[Problem]:
    """Every problem of an event, in the order of their pointers; an empty list means that it is accepted.

    Fields that no schema names are accepted and ignored; only the size of the body bounds them.
    """
    copy, flaws = sound_copy(event)
    kind = _known_kind(copy)
    if kind and not flaws and _keeps(copy, VALIDATORS[kind]):
        return []
    # jsonschema costs a cold start as much as everything else together: only a refusal pays for it.
    from event_contracts.refusals import problems_of

    return problems_of(copy, kind, known=known_types(), flaws=flaws)


def _known_kind(event: Any) -> Kind | None:
    match event:
        # To Python, True is 1 as well; 1.0 may be one, since JSON has a single kind of number.
        case {"type": str(name), "version": int(version) | float(version)} if not isinstance(version, bool):
            return next((kind for kind in VALIDATORS if kind == (name, version)), None)
    return None


def _keeps(event: Any, validator: Any) -> bool:
    try:
        validator(event)
    except ValueError:
        return False
    return True
