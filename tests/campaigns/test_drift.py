"""Days on which nothing drifted, and days on which something did: how often the product says so.

A day is a baseline and a window of runs with some thirty subjects of every kind: even and skewed numbers, ratings with
ties, scores that are mostly the best, categories of which some are rare, places without end, and values that lack
here and there.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pytest
from measurement.drift import ALPHA, Counted, Movement, Run, count, movements
from measurement.proportions import clopper_pearson

BASELINE = 2_000
# A baseline stays for weeks, so days come in series that share one: a baseline that is odd by chance is so for all.
DAYS_OF_A_BASELINE = 10
WINDOWS = (100, 200, 500, 2_000)
MOST_FALSE_DAYS = 0.05
LEAST_FOUND = 0.9

type Rng = np.random.Generator
type Found = set[tuple[str, str]]


@dataclass(frozen=True)
class World:
    """Where the runs of a window come from; what is planted is planted in one subject of many."""

    mean: float = 0.0
    new: float = 0.0
    missing: float = 0.1
    seldom_missing: float = 0.05
    imperfect: float = 0.03

    def runs(self, number: int, random: Rng) -> list[Run]:
        columns = dict(self._columns(number, random))
        return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]

    def _columns(self, number: int, random: Rng) -> Iterator[tuple[str, list[object]]]:
        for place in range(6):
            yield f"even {place}", (random.normal(size=number) + (self.mean if place == 0 else 0)).tolist()
        for place in range(4):
            yield f"skewed {place}", random.lognormal(3, 1, number).round().tolist()
            yield f"rating {place}", random.choice([1, 2, 3, 4, 5], number, p=[0.01, 0.03, 0.06, 0.3, 0.6]).tolist()
            names = random.choice(list("abcdef"), number, p=[0.5, 0.25, 0.13, 0.06, 0.04, 0.02])
            yield f"category {place}", np.where(random.random(number) < self.new * (place == 0), "new", names).tolist()
            lacking = (self.missing, self.seldom_missing, 0.1, 0.03)[place]
            values = random.normal(size=number).tolist()
            lacks = random.random(number) < lacking
            yield f"lacking {place}", [None if lack else value for lack, value in zip(lacks, values, strict=True)]
        yield "score", random.choice([4.0, 5.0], number, p=[self.imperfect, 1 - self.imperfect]).tolist()
        yield "place", [f"place {rank}" for rank in random.zipf(1.5, number)]


USUAL = World()
PLANTED = {
    "a mean moved by 0.3 spreads": (World(mean=0.3), ("even 0", "number")),
    "a new category in 5 % of the runs": (World(new=0.05), ("category 0", "category")),
    "a rare lower score grown from 3 % to 15 %": (World(imperfect=0.15), ("score", "number")),
    "what lacks doubled from 10 %": (World(missing=0.2), ("lacking 0", "missing")),
}
# Told beside them: what is smaller than was promised.
SMALLER = {
    "a new category in 2 % of the runs": (World(new=0.02), ("category 0", "category")),
    "what lacks doubled from 5 %": (World(seldom_missing=0.1), ("lacking 1", "missing")),
}


def drifted(measured: list[Movement]) -> Found:
    return {(each.subject, each.kind) for each in measured if each.drifted}


def days(number: int, random: Rng, world: World, window: int | None = None) -> Iterator[list[Movement]]:
    """So many days of a world; their windows are of every size in turn, if none is given."""
    baseline: Counted = {}
    for day in range(number):
        if day % DAYS_OF_A_BASELINE == 0:
            baseline = count(USUAL.runs(BASELINE, random))
        yield movements(baseline, count(world.runs(window or WINDOWS[day % len(WINDOWS)], random)))


def rate(times: int, trials: int) -> str:
    low, high = clopper_pearson(times, trials)
    return f"{times / trials:.1%} [{low:.1%}, {high:.1%}]"


def test_of_days_on_which_nothing_drifted_few_have_an_alarm(
    trials: Callable[[int, int], int], seed: int, tell: Callable[[str], None]
) -> None:
    random, count = np.random.default_rng([seed, 1]), trials(40, 1_000)
    measured = list(days(count, random, USUAL))
    false = sum(bool(drifted(day)) for day in measured)
    # What the correction and the size that matters are there for.
    uncorrected = sum(any(each.p_value <= MOST_FALSE_DAYS for each in day) for day in measured)
    by_custom = sum(any(each.index > 0.1 for each in day) for day in measured)

    tell(f"nothing drifted: {count:,} days of {len(measured[0])} subjects; seed {seed}")
    tell(f"  false alarms on {rate(false, count)} of the days; by plain p-values on {rate(uncorrected, count)}")
    tell(f"  with an index above the customary 0.1 on {rate(by_custom, count)}")

    assert false <= MOST_FALSE_DAYS * count
    # A campaign that finds nothing is worth something only if it finds the test that breaks the promise.
    assert uncorrected > MOST_FALSE_DAYS * count
    assert all(each.adjusted <= ALPHA for day in measured for each in day if each.drifted)


@pytest.mark.parametrize("planted", PLANTED)
def test_what_drifted_is_found_in_a_window_of_five_hundred(
    planted: str, trials: Callable[[int, int], int], seed: int, tell: Callable[[str], None]
) -> None:
    world, subject = PLANTED[planted]
    random, count = np.random.default_rng([seed, 2, len(planted)]), trials(12, 300)
    found = [drifted(day) for day in days(count, random, world, window=500)]
    hits, beside = sum(subject in each for each in found), sum(bool(each - {subject}) for each in found)

    tell(f"{planted}: found on {rate(hits, count)} of {count:,} days, others beside it on {rate(beside, count)}")

    assert hits >= LEAST_FOUND * count
    # And one more: days that share an odd baseline come together.
    assert beside <= 2 * MOST_FALSE_DAYS * count + 1


@pytest.mark.parametrize("planted", SMALLER)
def test_what_is_smaller_is_told(
    planted: str, trials: Callable[[int, int], int], seed: int, tell: Callable[[str], None]
) -> None:
    world, subject = SMALLER[planted]
    random, count = np.random.default_rng([seed, 3, len(planted)]), trials(6, 200)
    hits = sum(subject in drifted(day) for day in days(count, random, world, window=500))

    tell(f"{planted}: found on {rate(hits, count)} of {count:,} days")

    assert hits > 0


@pytest.mark.parametrize(("mean", "drifts"), [(0.0, False), (0.08, False), (0.4, True)])
def test_the_verdict_is_the_same_whatever_the_size_of_the_window(
    mean: float, drifts: bool, trials: Callable[[int, int], int], seed: int, tell: Callable[[str], None]
) -> None:
    random, count = np.random.default_rng([seed, 4, round(100 * mean)]), trials(2, 60)
    subject, verdicts = ("even 0", "number"), {}
    for window in (500, 2_000, 8_000):
        measured = days(count, random, World(mean=mean), window=window)
        verdicts[window] = sum((subject in drifted(day)) == drifts for day in measured)

    word = "drifted" if drifts else "not drifted"
    agreed = ", ".join(f"{window:,} runs {rate(times, count)}" for window, times in verdicts.items())
    tell(f"a mean moved by {mean} spreads is {word}: {agreed}")

    assert min(verdicts.values()) >= 0.95 * count - 1
