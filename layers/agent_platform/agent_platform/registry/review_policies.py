"""The part of a writer's version that says what of its work a person must see, and everything that is wrong with it."""

from collections.abc import Callable, Mapping
from typing import Any

type Check = tuple[Callable[[Any], bool], str]


def _is_number(value: Any, low: float, high: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high


def _is_count(value: Any, most: int) -> bool:
    return isinstance(value, int) and _is_number(value, 1, most)


def _is_uncertain(value: Any) -> bool:
    return isinstance(value, Mapping) and set(value) == {"below"} and _is_number(value["below"], 1, 5)


_FLAG: Check = (lambda value: isinstance(value, bool), "must be true or false")
_SHARE: Check = (lambda value: _is_number(value, 0, 1), "must be from 0 to 1")
_PARTS: Mapping[str, Check] = {
    "all": _FLAG,
    "share": _SHARE,
    "findings": _FLAG,
    "uncertain": (_is_uncertain, 'must be {"below": a score from 1 to 5}'),
    "new_segments": (lambda value: _is_count(value, 10_000), "must be a whole number from 1 to 10000"),
    "second_share": _SHARE,
    "lease_minutes": (lambda value: _is_count(value, 1440), "must be a whole number of minutes from 1 to 1440"),
}


def review_problems(config: Mapping[str, Any]) -> list[str]:
    """What is wrong with a version's `review`; without one nobody must see what it writes."""
    if "review" not in config:
        return []
    policy = config["review"]
    if config.get("role") != "writer":
        return ["review is the writer's to say: only its version may have it"]
    if not isinstance(policy, Mapping):
        return [f"review must be an object; it may have {', '.join(_PARTS)}"]
    unknown = [f"review.{name} is unknown (there are: {', '.join(_PARTS)})" for name in policy if name not in _PARTS]
    wrong = [
        f"review.{name} {expected}"
        for name, (is_right, expected) in _PARTS.items()
        if name in policy and not is_right(policy[name])
    ]
    return unknown + wrong
