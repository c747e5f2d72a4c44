"""The cells in which two samples are counted: of numbers about a tenth each, of texts those that aren't rare."""

from collections.abc import Sequence

from measurement.two_samples import Step, sizes

MOST_CELLS = 10
# So many in either sample aren't chance, however few the other one has: a cell of their own shows where they went.
FEWEST_OF_A_CELL = 10
OTHERS = "others"


def cells_of_numbers(steps: Sequence[Step[float]]) -> list[Step[str]]:
    """About equally full cells of both samples together, in order, each named by what it reaches from and to.

    The outermost are open, so that nobody's own value is told.

    Neither sample alone decides where they end, so a value that only one of them has is counted as any other. One that
    fills a cell by itself takes no lower ones in, unless they are few: they would move unseen beside it.
    """
    total = left = sum(sizes(steps))
    cells: list[Step[str]] = []
    begin = first = second = 0
    for place, step in enumerate(steps, 1):
        first, second = first + step.first, second + step.second
        full = (first + second) * max(MOST_CELLS - len(cells), 1) >= left
        if full or (_many(first, second) and sum(steps[place][1:]) * MOST_CELLS >= total):
            span = _span(steps[begin:place], first=begin == 0, last=place == len(steps))
            cells.append(Step(span, first, second))
            left, begin, first, second = left - first - second, place, 0, 0
    return cells


def cells_of_texts(steps: Sequence[Step[str]]) -> list[Step[str]]:
    """The texts by their greater share of the two, and all the rare ones together; so none stands for a run or two."""
    n, m = sizes(steps)
    frequent = [step for step in steps if _many(step.first, step.second)]
    cells = sorted(frequent, key=lambda step: (-max(step.first / n, step.second / m), step.value))[:MOST_CELLS]
    rare = Step(OTHERS, *sizes([step for step in steps if step not in cells]))
    expected = (rare.first + rare.second) * min(n, m) / (n + m)
    return [*cells, rare] if expected >= 1 or _many(rare.first, rare.second) else cells


def _many(first: int, second: int) -> bool:
    return max(first, second) >= FEWEST_OF_A_CELL


def _span(steps: Sequence[Step[float]], *, first: bool, last: bool) -> str:
    low, high = (figure(steps[place].value) for place in (0, -1))
    if low == high:
        return low
    return f"up to {high}" if first else f"from {low}" if last else f"{low} to {high}"


def figure(value: float) -> str:
    """A number as a person reads it: four digits, and no powers of ten where there are thousands."""
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.4g}"
