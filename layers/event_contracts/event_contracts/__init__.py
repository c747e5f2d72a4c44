"""What a CRM may send: one JSON Schema for each event type and version, and validators generated from them."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from event_contracts.problems import Problem
    from event_contracts.validation import known_types, validate

__all__ = ["Problem", "known_types", "validate"]


def __getattr__(name: str) -> Any:
    """Import the validators when they are first asked for: `event_contracts.generate` runs before there are any."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("event_contracts.validation"), name)
