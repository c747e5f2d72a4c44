"""The cells in which two samples are counted: of numbers about a tenth each, of texts those that aren't rare."""

from collections.abc import Sequence
from typing import Any

from measurement.two_samples import Step, sizes

MOST_CELLS = 10
# A text is a cell of its own if so many of it are expected in the smaller sample.
FEWEST_EXPECTED = 5
OTHERS = "others"


def cells_of_numbers(steps: Sequence[Step[float]]) -> list[Step[str]]:
    """About equally full cells of both samples together, in order, each named by what it reaches from and to.

    The outermost are open, so that nobody's own value is told.

    Neither sample alone decides where they end, so a value that only one of them has is counted as any other.
    """
    left = sum(step.first + step.second for step in steps)
    cells: list[Step[str]] = []
    begin = has = 0
    for place, step in enumerate(steps, 1):
        has += step.first + step.second
        if has * (MOST_CELLS - len(cells)) >= left:
            held = steps[begin:place]
            cells.append(_together(_span(held, first=begin == 0, last=place == len(steps)), held))
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


def _span(steps: Sequence[Step[float]], *, first: bool, last: bool) -> str:
    low, high = (figure(steps[place].value) for place in (0, -1))
    if low == high:
        return low
    return f"up to {high}" if first else f"from {low}" if last else f"{low} to {high}"


def figure(value: float) -> str:
    """A number as a person reads it: four digits, and no powers of ten where there are thousands."""
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.4g}"
