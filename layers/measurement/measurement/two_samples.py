"""Two independent samples held against each other: is it one distribution still, and how far has it moved.

Samples are given as steps: each value that occurs, in order, with how often it does in the first and in the second. So
one sort serves every test, and ties cost nothing.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import log, sqrt
from typing import Any, NamedTuple

from measurement.distributions import chi_square_quantile, chi_square_tail, kolmogorov_tail, two_sided_normal


class Step[V](NamedTuple):
    """A value, or a cell of several, and how often it occurs in each of the two samples."""

    value: V
    first: int
    second: int


class Tested(NamedTuple):
    """A test's statistic, and how probably one at least so large comes of samples of one distribution."""

    statistic: float
    p_value: float


def steps_of[V: (float, str)](
    first: Iterable[V] | Mapping[V, int], second: Iterable[V] | Mapping[V, int]
) -> list[Step[V]]:
    """The steps of two samples, or of how often each has which value; values in ascending order."""
    ones, others = Counter(first), Counter(second)
    return [Step(value, ones[value], others[value]) for value in sorted(ones.keys() | others.keys())]


def sizes(steps: Iterable[Step[Any]]) -> tuple[int, int]:
    """How many values each sample has."""
    pairs = [(step.first, step.second) for step in steps]
    return sum(one for one, _ in pairs), sum(other for _, other in pairs)


def kolmogorov_smirnov(steps: Sequence[Step[float]]) -> Tested:
    """The greatest distance of the two distribution functions, with its p-value in the limit.

    The limit is exact for large samples without ties, and says rather too much for others: never too little.
    """
    n, m = sizes(steps)
    one = other = 0
    distance = 0.0
    for _, first, second in steps:
        one, other = one + first, other + second
        distance = max(distance, abs(one / n - other / m))
    return Tested(distance, kolmogorov_tail(distance * sqrt(n * m / (n + m))))


def mann_whitney(steps: Sequence[Step[float]]) -> Tested:
    """Mann and Whitney's U of the first sample, corrected for ties and continuity: what a shift shows in best."""
    n, m = sizes(steps)
    below, twice, ties = 0, 0, 0
    for _, first, second in steps:
        twice += first * (2 * below + second)
        below += second
        both = first + second
        ties += both**3 - both
    u, total = twice / 2, n + m
    spread = sqrt(n * m / 12 * (total + 1 - ties / (total * (total - 1))))
    if not spread:
        return Tested(u, 1.0)
    return Tested(u, min(1.0, two_sided_normal(max(0.0, abs(u - n * m / 2) - 0.5) / spread)))


def g_test(cells: Sequence[Step[Any]]) -> Tested:
    """The likelihood ratio of the two samples' shares of each cell.

    Where a cell is rare in both, its tail stays near the exact one where that of Pearson's chi-square doesn't.
    """
    n, m = sizes(cells)
    total = n + m
    parts = [
        seen * log(seen * total / ((cell.first + cell.second) * size))
        for cell in cells
        for seen, size in ((cell.first, n), (cell.second, m))
        if seen
    ]
    statistic = max(0.0, 2 * sum(parts))
    return Tested(statistic, chi_square_tail(statistic, len(cells) - 1) if len(cells) > 1 else 1.0)


def stability_index(cells: Sequence[Step[Any]]) -> float:
    """The population stability index (PSI): a mean moved by a part d of the spread is about d², 0 is no move at all.

    Half a value is added to each cell, so that one which is empty on one side counts by how surely it is empty.
    """
    n, m = sizes(cells)
    ones, others = n + len(cells) / 2, m + len(cells) / 2
    shares = [((cell.first + 0.5) / ones, (cell.second + 0.5) / others) for cell in cells]
    return sum((other - one) * log(other / one) for one, other in shares)


def index_by_chance(cells: Sequence[Step[Any]], *, probability: float | None = None) -> float:
    """The stability index of samples of one distribution: its mean, or what it stays below with this probability.

    The index, scaled by the sizes, is distributed as chi-square (Yurdakul, Western Michigan University, 2018).
    """
    n, m = sizes(cells)
    freedom = len(cells) - 1
    if freedom == 0:
        return 0.0
    scaled = freedom if probability is None else chi_square_quantile(probability, freedom)
    return scaled * (1 / n + 1 / m)


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Each p-value adjusted for their number: those at most q are a set of which q on average is false."""
    adjusted, least, number = [1.0] * len(p_values), 1.0, len(p_values)
    for rank, place in sorted(enumerate(sorted(range(number), key=p_values.__getitem__), 1), reverse=True):
        least = min(least, p_values[place] * number / rank)
        adjusted[place] = least
    return adjusted
