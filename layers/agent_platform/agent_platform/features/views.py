"""What a feature view is: declared once, and the page about it, the check of its values and its reading follow."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Literal, NamedTuple

from agent_platform.features.entries import Entry, each_once
from agent_platform.patterns import lazy_pattern

type FeatureType = Literal["whole number", "number", "yes or no", "text", "texts", "numbers by name"]
type DecidedBy = Literal["fold", "sequence", "on demand"]

_NAME = lazy_pattern(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Feature:
    """One feature of a view.

    `time_to_live` is how old its value may be and still be read; None: for ever. `missing` is the reason that is read
    where a row has no value. `decided_by` says how events decide it, in whatever order they come: "fold" of all of
    them, the last of their "sequence", or "on demand", computed when it is read and never stored.
    """

    name: str
    type: FeatureType
    unit: str
    time_to_live: timedelta | None
    owner: str
    missing: str
    description: str
    decided_by: DecidedBy


@dataclass(frozen=True)
class FeatureView:
    """The features of an entity that are stored and read together; ValueError with all that is wrong with it."""

    name: str
    version: int
    entity: str
    owner: str
    features: tuple[Feature, ...]

    def __post_init__(self) -> None:
        names = [self.name, *(feature.name for feature in self.features)]
        problems = [f"{name!r} is no name: lower case, digits and _" for name in names if not _NAME.fullmatch(name)]
        problems += [f"{name!r} is declared twice" for name, times in Counter(names[1:]).items() if times > 1]
        problems += [f"version {self.version} is below 1"] if self.version < 1 else []
        if problems:
            raise ValueError("; ".join(problems))

    @property
    def key(self) -> str:
        """What names the view and its version, as in customer@1."""
        return f"{self.name}@{self.version}"

    @cached_property
    def stored(self) -> dict[str, Feature]:
        """The features that a row holds, by name."""
        return {each.name: each for each in self.features if each.decided_by != "on demand"}

    @cached_property
    def on_demand(self) -> dict[str, Feature]:
        """The features that are computed when they are read, by name."""
        return {each.name: each for each in self.features if each.decided_by == "on demand"}


class Value(NamedTuple):
    """A feature's value, or None with the reason why it isn't known, and the time of the event that it is from."""

    value: Any
    reason: str | None
    event_time: str | None


type Compute = Callable[[Sequence[Entry]], Mapping[str, Value]]
type Derive = Callable[[Mapping[str, Value], datetime], Mapping[str, Value]]


def nothing_derived(values: Mapping[str, Value], as_of: datetime) -> Mapping[str, Value]:  # noqa: ARG001 - a Derive
    """The derivation of a view without features on demand."""
    return {}


@dataclass(frozen=True)
class Definition:
    """A view and how its values come about.

    `compute` is a pure function of the set of entries, which it is given each once and in order; None: the view is
    written whole, and nothing folds it. `derive` makes the features on demand at a moment, and sees a value that is too
    old as None with the reason "stale".
    """

    view: FeatureView
    compute: Compute | None = None
    derive: Derive = nothing_derived

    def computed(self, entries: Iterable[Entry]) -> Mapping[str, Value]:
        """The stored values that these entries make, in whatever order and however often they are given."""
        if self.compute is None:
            raise ValueError(f"{self.view.key} is written whole: nothing folds it")
        return self.compute(each_once(entries))
