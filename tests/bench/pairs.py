"""Two things measured in turns, and the ratios of each pair."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

Seconds = Callable[[], float]


@dataclass(frozen=True)
class Figure:
    """One line of the bench: what is compared with what, the ratio of each pair, and the most that is wanted.

    Lines of one name are of one kind, and `of` tells them apart.
    """

    name: str
    subject: list[float]
    base: list[float]
    limit: float | None
    of: str | None = None

    @property
    def ratios(self) -> list[float]:
        """Subject ÷ base, pair by pair: what slowed the machine down for a while slowed both."""
        return [one / other for one, other in zip(self.subject, self.base, strict=True)]

    @property
    def kept(self) -> bool:
        """Whether the median pair is within the limit."""
        return self.limit is None or median(self.ratios) <= self.limit

    def document(self) -> dict[str, Any]:
        """The figure as JSON."""
        return {
            "name": self.name,
            "of": self.of,
            "unit": "ratio",
            "limit": self.limit,
            "min": min(self.ratios),
            "median": median(self.ratios),
            "max": max(self.ratios),
            "kept": self.kept,
            "pairs": len(self.ratios),
            "subject_ms": median(self.subject) * 1000,
            "base_ms": median(self.base) * 1000,
        }


def measured(
    name: str, subject: Seconds, base: Seconds, *, pairs: int, limit: float | None = None, of: str | None = None
) -> Figure:
    """Measure both once for the caches, then in pairs; who goes first changes from pair to pair."""
    subject(), base()
    subjects, bases = [], []
    for pair in range(pairs):
        for seconds, into in ((subject, subjects), (base, bases))[:: 1 if pair % 2 else -1]:
            into.append(seconds())
    return Figure(name, subjects, bases, limit, of)
