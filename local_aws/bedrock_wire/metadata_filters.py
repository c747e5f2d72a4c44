"""The filter of a Retrieve call, decided over one file's metadata."""

from collections.abc import Callable
from typing import Any

from local_aws.bedrock_wire.wire import WireError


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def both_numbers(have: Any, want: Any) -> bool:
        return all(isinstance(side, (int, float)) for side in (have, want)) and compare(have, want)

    return both_numbers


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "equals": lambda have, want: have == want,
    "notEquals": lambda have, want: have != want,
    "in": lambda have, want: have in want,
    "notIn": lambda have, want: have not in want,
    "startsWith": lambda have, want: isinstance(have, str) and have.startswith(want),
    "stringContains": lambda have, want: (isinstance(have, (str, list))) and want in have,
    "listContains": lambda have, want: isinstance(have, list) and want in have,
    "greaterThan": _ordered(lambda have, want: have > want),
    "greaterThanOrEquals": _ordered(lambda have, want: have >= want),
    "lessThan": _ordered(lambda have, want: have < want),
    "lessThanOrEquals": _ordered(lambda have, want: have <= want),
}
_OF_LISTS = ("in", "notIn")
_OF_TEXTS = ("startsWith", "stringContains", "listContains")
# What a file without the attribute passes.
_OF_ABSENCE = ("notEquals", "notIn")


def matches(metadata: dict[str, Any], condition: Any) -> bool:
    """Whether a file's metadata fulfil a filter; a filter that the service refuses is a ValidationException."""
    if not isinstance(condition, dict) or len(condition) != 1:
        raise WireError("ValidationException", "A filter has exactly one operator.")
    [(operator, operand)] = condition.items()
    if operator in ("andAll", "orAll"):
        if not isinstance(operand, list) or len(operand) < 2:
            raise WireError("ValidationException", f"{operator} takes at least two filters.")
        # A list, so that every part is checked, also when the first one decides.
        parts = [matches(metadata, part) for part in operand]
        return all(parts) if operator == "andAll" else any(parts)
    key, want = _attribute(operator, operand)
    if key not in metadata:
        return operator in _OF_ABSENCE
    return _COMPARISONS[operator](metadata[key], want)


def _attribute(operator: str, operand: Any) -> tuple[str, Any]:
    if operator not in _COMPARISONS:
        raise WireError("ValidationException", f"Unknown filter operator: {operator}.")
    if not isinstance(operand, dict) or not {"key", "value"} <= operand.keys():
        raise WireError("ValidationException", f"{operator} takes a key and a value.")
    value = operand["value"]
    if operator in _OF_LISTS and not isinstance(value, list):
        raise WireError("ValidationException", f"{operator} takes a list of values.")
    if operator in _OF_TEXTS and not isinstance(value, str):
        raise WireError("ValidationException", f"{operator} takes a text.")
    return operand["key"], value
