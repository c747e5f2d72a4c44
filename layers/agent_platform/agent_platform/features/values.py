"""Values between a view's computation and its row: checked against the declaration, packed, and read with their age."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from math import isfinite
from typing import Any, TypedDict

from agent_platform.features.views import Definition, Feature, FeatureView, Value

STALE = "stale"


class ReadValue(TypedDict):
    """A feature as a run reads it: its value, or None with the reason why it isn't known."""

    value: Any
    reason: str | None


def _is_number(value: Any) -> bool:
    return type(value) in {int, float} and isfinite(value)


_IS: dict[str, Callable[[Any], bool]] = {
    "whole number": lambda value: type(value) is int,
    "number": _is_number,
    "yes or no": lambda value: type(value) is bool,
    "text": lambda value: type(value) is str,
    "texts": lambda value: type(value) is list and all(type(each) is str for each in value),
    "numbers by name": lambda value: type(value) is dict and all(map(_is_number, value.values())),
}


def packed(view: FeatureView, values: Mapping[str, Value]) -> str:
    """Values as a row's one attribute; ValueError with all in which they aren't as the view declares them."""
    _check(view.key, view.stored, values)
    content = {name: [value.value, value.reason, value.event_time] for name, value in values.items()}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def unpacked(text: str) -> dict[str, Value]:
    """The values that a row's attribute holds, those of features that aren't declared any more among them."""
    return {name: Value(*value) for name, value in json.loads(text).items()}


def read_at(definition: Definition, stored: Mapping[str, Value], as_of: datetime) -> dict[str, Value]:
    """All features of a view at a moment, none of them older than its time to live.

    One that has no value here reads as its declaration says.
    """
    view = definition.view
    fresh = _all_fresh(view.stored, stored, as_of)
    if view.on_demand:
        fresh |= _all_fresh(view.on_demand, definition.derive(fresh, as_of), as_of)
    return fresh


def check_derived(definition: Definition, stored: Mapping[str, Value], as_of: datetime) -> None:
    """ValueError with all in which what is derived isn't as the view declares it.

    Asked when a row is written: a read is to cost hardly more than its request.
    """
    derived = definition.derive(_all_fresh(definition.view.stored, stored, as_of), as_of)
    _check(definition.view.key, definition.view.on_demand, derived)


def _all_fresh(declared: Mapping[str, Feature], values: Mapping[str, Value], as_of: datetime) -> dict[str, Value]:
    fresh = {}
    for name, feature in declared.items():
        if (value := values.get(name)) is None:
            value = Value(None, feature.missing, None)
        elif (
            feature.time_to_live is not None
            and value.value is not None
            and value.event_time
            and as_of - datetime.fromisoformat(value.event_time) > feature.time_to_live
        ):
            value = Value(None, STALE, value.event_time)
        fresh[name] = value
    return fresh


def _check(key: str, declared: Mapping[str, Feature], values: Mapping[str, Value]) -> None:
    problems = [f"{name} isn't declared here" for name in sorted(values.keys() - declared.keys())]
    problems += [
        f"{name}: {problem}"
        for name, feature in declared.items()
        if name in values
        for problem in _problems(feature, values[name])
    ]
    if problems:
        raise ValueError(f"{key}: {'; '.join(problems)}")


def _problems(feature: Feature, value: Value) -> list[str]:
    """What is wrong with a value, which isn't repeated: it may be a person's."""
    if value.value is None:
        return [] if value.reason else ["unknown without a reason"]
    problems = [] if _IS[feature.type](value.value) else [f"{type(value.value).__name__} isn't {feature.type!r}"]
    if value.reason:
        problems.append("known, and yet with a reason")
    if feature.time_to_live is not None and value.event_time is None:
        problems.append("may become stale, and has no event time")
    return problems
