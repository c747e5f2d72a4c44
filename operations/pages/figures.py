"""The figures of an evaluation's result in words and units: said once, for the terminal and for the page."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Unit:
    """How a figure is written: by itself, and as a difference."""

    plain: Callable[[float], str]
    signed: Callable[[float], str]


SHARE = Unit(lambda value: f"{100 * value:.1f} %", lambda value: f"{100 * value:+.1f}")
SCORE = Unit(lambda value: f"{value:.2f}", lambda value: f"{value:+.2f}")
WORDS = Unit(lambda value: f"{value:.0f}", lambda value: f"{value:+.1f}")
# Of a thousand drafts: one costs too little to be read.
MONEY = Unit(lambda value: f"${value / 1000:.2f}", lambda value: f"{'-' if value < 0 else '+'}${abs(value) / 1000:.2f}")
TIME = Unit(lambda value: f"{value:,.0f} ms", lambda value: f"{value:+,.0f} ms")

_EFFORTS = {
    "words": ("length in words", WORDS),
    "cost_micros": ("cost of 1,000 drafts", MONEY),
    "latency_ms": ("time of a draft", TIME),
}


@dataclass(frozen=True)
class Figure:
    """One comparison with its name and unit."""

    name: str
    unit: Unit
    values: Mapping[str, Any]

    @property
    def interval(self) -> str:
        """The interval of the difference, in words."""
        low, high = self.values["interval"]
        return f"{self.unit.signed(low)} to {self.unit.signed(high)}"

    @property
    def tally(self) -> str:
        """Requests on which the candidate did better, alike, and worse."""
        return f"{self.values['wins']} / {self.values['ties']} / {self.values['losses']}"

    def row(self) -> tuple[str, ...]:
        """The figure as a line of a table: name, baseline, candidate, difference, interval, tally."""
        plain, signed = self.unit.plain, self.unit.signed
        baseline, candidate, difference = (self.values[name] for name in ("baseline", "candidate", "difference"))
        return self.name, plain(baseline), plain(candidate), signed(difference), self.interval, self.tally


def figures(result: Mapping[str, Any]) -> Iterator[Figure]:
    """Approval first, because it decides; then the scores, then what the drafts took."""
    yield Figure("approved, in points", SHARE, result["approval"])
    for name, values in result["scores"].items():
        yield Figure("mean score (1-5)" if name == "score" else name.replace("_", " "), SCORE, values)
    for name, (called, unit) in _EFFORTS.items():
        yield Figure(called, unit, result["efforts"][name])


def slices(result: Mapping[str, Any]) -> Iterator[Figure]:
    """Approval within each group; the intervals are corrected for the number of groups."""
    for name, values in sorted(result["slices"].items()):
        yield Figure(name, SHARE, values)
