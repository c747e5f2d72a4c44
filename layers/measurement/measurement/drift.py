"""Whether what runs are given, and what comes of them, is distributed as it was: a baseline against a window.

Each subject is one thing measured of a run. It has drifted if the tests say so beyond chance, corrected for all that
were made, and if it moved by as much as matters; so neither a small window nor a large one cries wolf.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from statistics import median
from typing import Literal

from measurement.cells import cells_of_numbers, cells_of_texts
from measurement.two_samples import (
    Step,
    benjamini_hochberg,
    g_test,
    index_by_chance,
    kolmogorov_smirnov,
    mann_whitney,
    stability_index,
    steps_of,
)

type Measured = float | str | bool | None
type Run = Mapping[str, Measured]
# How often each subject had which value.
type Counted = Mapping[str, Counter[Measured]]
type Kind = Literal["number", "category", "missing"]

# Of all windows in which nothing moved, at most so many seem to have drifted.
ALPHA = 0.02
# The stability index, less what it is by chance, of a move that matters: a mean moved by 0.18 of the spread, a share of
# 5 % grown to 9.5 %, or something new in 1 % of the runs, from a thousand on.
MATTERS = 0.03
# With fewer known values on either side nothing is said of a subject.
FEWEST = 50
CHANCE = 0.95


@dataclass(frozen=True)
class Movement:
    """How far one subject moved, and whether that is a drift.

    `medians` are a number's, before and now. `index` is the stability index less its mean by chance, and at least 0;
    `by_chance` is what the plain index stays below in 95 of 100 windows in which nothing moved. `p_value` is the
    test's own, `adjusted` for all of them.
    """

    subject: str
    kind: Kind
    cells: Sequence[Step[str]]
    medians: tuple[float, float] | None
    test: str
    p_value: float
    adjusted: float
    index: float
    by_chance: float
    drifted: bool


@dataclass(frozen=True)
class _Found:
    subject: str
    kind: Kind
    cells: Sequence[Step[str]]
    test: str
    p_value: float
    medians: tuple[float, float] | None = None


def count(runs: Iterable[Run]) -> Counted:
    """The runs, counted: a run without a subject was not measured for it, one where it is None lacks the value."""
    counted: defaultdict[str, Counter[Measured]] = defaultdict(Counter)
    for run in runs:
        for name, value in run.items():
            counted[name][value] += 1
    return dict(counted)


def movements(baseline: Counted, window: Counted) -> list[Movement]:
    """Every subject that can be compared, those that drifted first, and the furthest moved before others.

    How many lack a value is a subject of its own. What never varies is left out.
    """
    found = [each for name in sorted(baseline.keys() & window.keys())
             for each in _compared(name, baseline[name], window[name])]  # fmt: skip
    adjusted = benjamini_hochberg([each.p_value for each in found])
    judged = [_judged(each, value) for each, value in zip(found, adjusted, strict=True)]
    return sorted(judged, key=lambda each: (not each.drifted, -each.index, each.subject))


def _compared(name: str, before: Counter[Measured], now: Counter[Measured]) -> Iterable[_Found]:
    known_before, known = _known(before), _known(now)
    if min(known_before.total(), known.total()) >= FEWEST:
        yield from _values(name, known_before, known)
    cells = [Step("known", known_before.total(), known.total()), Step("missing", before[None], now[None])]
    if min(before.total(), now.total()) >= FEWEST and all(cell.first + cell.second for cell in cells):
        yield _Found(name, "missing", cells, "G test", g_test(cells).p_value)


def _known(counted: Counter[Measured]) -> Counter[Measured]:
    return Counter({value: times for value, times in counted.items() if value is not None})


def _values(name: str, before: Counter[Measured], now: Counter[Measured]) -> Iterable[_Found]:
    if all(_is_number(value) for value in chain(before, now)):
        yield from _numbers(name, before, now)  # type: ignore[arg-type]
        return
    cells = cells_of_texts(steps_of(map(str, before.elements()), map(str, now.elements())))
    if len(cells) > 1:
        yield _Found(name, "category", cells, "G test", g_test(cells).p_value)


def _numbers(name: str, before: Counter[float], now: Counter[float]) -> Iterable[_Found]:
    steps = steps_of(before, now)
    if len(steps) < 2:
        return
    tests = {"Kolmogorov-Smirnov": kolmogorov_smirnov(steps), "Mann-Whitney": mann_whitney(steps)}
    test, least = min(tests.items(), key=lambda each: each[1].p_value)
    # The better of two tests: Bonferroni's correction.
    p_value = min(1.0, len(tests) * least.p_value)
    medians = (median(before.elements()), median(now.elements()))
    yield _Found(name, "number", cells_of_numbers(steps), test, p_value, medians)


def _is_number(value: Measured) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _judged(found: _Found, adjusted: float) -> Movement:
    index = max(0.0, stability_index(found.cells) - index_by_chance(found.cells))
    return Movement(
        subject=found.subject,
        kind=found.kind,
        cells=found.cells,
        medians=found.medians,
        test=found.test,
        p_value=found.p_value,
        adjusted=adjusted,
        index=index,
        by_chance=index_by_chance(found.cells, probability=CHANCE),
        drifted=adjusted <= ALPHA and index >= MATTERS,
    )
