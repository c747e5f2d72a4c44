"""Metrics over a span of time, and what can be asked of CloudWatch to get them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Query:
    """One statistic of one metric; `period` is the least number of seconds that it is asked for by."""

    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...]
    stat: str
    period: int


@dataclass(frozen=True)
class Search:
    """One statistic of every metric of a name that has exactly these dimensions, some of them with a given value."""

    namespace: str
    dimensions: tuple[str, ...]
    name: str
    given: tuple[tuple[str, str], ...]
    stat: str
    period: int

    def finds(self, dimensions: Mapping[str, str]) -> bool:
        """Whether a metric with these dimensions is one of them."""
        return set(dimensions) == set(self.dimensions) and all(dimensions[name] == value for name, value in self.given)


@dataclass(frozen=True)
class Line:
    """A value for each period that has one, by its beginning, and the value of the whole span if it has one."""

    points: Mapping[datetime, float] = field(default_factory=dict)
    whole: float | None = None
    dimensions: Mapping[str, str] = field(default_factory=dict)
