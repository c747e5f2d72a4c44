"""The metadata filter of a query: checked once, then decided for each vector.

A vector without the key passes `$ne` and `$nin`, and no other comparison.
"""

from collections.abc import Callable, Collection
from typing import Any

from local_aws.bedrock_wire.wire import WireError

type Metadata = dict[str, Any]


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _primitive(value: Any) -> bool:
    return isinstance(value, (str, bool)) or _number(value)


def _primitives(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_primitive, value))


def _same(have: Any, want: Any) -> bool:
    # In Python True equals 1, which the service tells apart.
    return isinstance(have, bool) == isinstance(want, bool) and bool(have == want)


def _equal(have: Any, want: Any) -> bool:
    # A list has a value if one of its elements is that value.
    return any(_same(each, want) for each in (have if isinstance(have, list) else [have]))


def _in(have: Any, want: list[Any]) -> bool:
    return any(_equal(have, each) for each in want)


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    return lambda have, want: _number(have) and compare(have, want)


# For each operator which operand it takes, in words and as a test, and how it decides.
_OPERATORS: dict[str, tuple[str, Callable[[Any], bool], Callable[[Any, Any], bool]]] = {
    "$eq": ("a string, number or boolean", _primitive, _equal),
    "$ne": ("a string, number or boolean", _primitive, lambda have, want: not _equal(have, want)),
    "$gt": ("a number", _number, _ordered(lambda have, want: have > want)),
    "$gte": ("a number", _number, _ordered(lambda have, want: have >= want)),
    "$lt": ("a number", _number, _ordered(lambda have, want: have < want)),
    "$lte": ("a number", _number, _ordered(lambda have, want: have <= want)),
    "$in": ("a list of values that is not empty", _primitives, _in),
    "$nin": ("a list of values that is not empty", _primitives, lambda have, want: not _in(have, want)),
    "$exists": ("a boolean", lambda value: isinstance(value, bool), lambda _, want: bool(want)),
}
_ABSENT: dict[str, Callable[[Any], bool]] = {
    "$ne": lambda _: True,
    "$nin": lambda _: True,
    "$exists": lambda want: not want,
}


def read_filter(condition: Any, *, non_filterable: Collection[str]) -> Callable[[Metadata], bool]:
    """Who passes a filter, as a function of the metadata; what the service refuses is a ValidationException."""
    # What several keys mean isn't documented: conditions are joined by $and or $or.
    if not isinstance(condition, dict) or len(condition) != 1:
        raise _refused("a filter is an object with one key")
    ((key, operand),) = condition.items()
    return _part(key, operand, non_filterable)


def _part(key: str, operand: Any, non_filterable: Collection[str]) -> Callable[[Metadata], bool]:
    if key in ("$and", "$or"):
        if not isinstance(operand, list) or not operand:
            raise _refused(f"{key} takes a list of filters that is not empty")
        parts = [read_filter(each, non_filterable=non_filterable) for each in operand]
        joined = all if key == "$and" else any
        return lambda metadata: joined(part(metadata) for part in parts)
    if key.startswith("$"):
        raise _refused(f"unknown operator {key}")
    if key in non_filterable:
        raise _refused(f"{key} is a non-filterable metadata key")
    comparisons = operand if isinstance(operand, dict) else {"$eq": operand}
    if not comparisons:
        raise _refused(f"{key} is compared with nothing")
    checked = [_comparison(key, operator, want) for operator, want in comparisons.items()]
    return lambda metadata: all(holds(metadata) for holds in checked)


def _comparison(key: str, operator: str, want: Any) -> Callable[[Metadata], bool]:
    if operator not in _OPERATORS:
        raise _refused(f"unknown operator {operator}")
    takes, accepted, holds = _OPERATORS[operator]
    if not accepted(want):
        raise _refused(f"{operator} takes {takes}")
    absent = _ABSENT.get(operator, lambda _: False)
    return lambda metadata: holds(metadata[key], want) if key in metadata else absent(want)


def _refused(reason: str) -> WireError:
    return WireError("ValidationException", f"Invalid query filter: {reason}")
