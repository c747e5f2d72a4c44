"""The cells in which two samples are counted: of numbers about a tenth each, of texts those that aren't rare."""

from collections.abc import Sequence
from typing import Any

from measurement.two_samples import Step, sizes

MOST_CELLS = 10
# A text is a cell of its own if so many of it are expected in the smaller sample.
FEWEST_EXPECTED = 5
OTHERS = "others"


def cells_of_numbers(steps: Sequence[Step[float]]) -> list[Step[str]]:
    """About equally full cells of both samples together, in order, each named by its least and greatest value.

    Neither sample alone decides where they end, so a value that only one of them has is counted as any other.
    """
    left = sum(step.first + step.second for step in steps)
    cells: list[Step[str]] = []
    begin = has = 0
    for place, step in enumerate(steps, 1):
        has += step.first + step.second
        if has * (MOST_CELLS - len(cells)) >= left:
            cells.append(_together(_span(steps[begin:place]), steps[begin:place]))
            left, begin, has = left - has, place, 0
    return cells


def cells_of_texts(steps: Sequence[Step[str]]) -> list[Step[str]]:
    """The texts by how often they occur, and all the rare ones together; so none stands here for a run or two."""
    n, m = sizes(steps)
    smaller = min(n, m) / (n + m)

    def expected(step: Step[str]) -> float:
        return (step.first + step.second) * smaller

    ranked = sorted(steps, key=lambda step: (-expected(step), step.value))
    cells = [step for step in ranked[:MOST_CELLS] if expected(step) >= FEWEST_EXPECTED]
    rare = _together(OTHERS, ranked[len(cells) :])
    return [*cells, rare] if expected(rare) >= 1 else cells


def _together(name: str, steps: Sequence[Step[Any]]) -> Step[str]:
    return Step(name, *sizes(steps))


def _span(steps: Sequence[Step[float]]) -> str:
    low, high = (f"{steps[place].value:.4g}" for place in (0, -1))
    return low if low == high else f"{low} to {high}"
