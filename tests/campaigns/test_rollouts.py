"""Rollouts that decide at many looks: seldom wrongly of two arms that are alike, and soon of one that harms."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt
from random import Random
from statistics import NormalDist, quantiles

import pytest
from measurement.intervals import Interval
from measurement.proportions import clopper_pearson
from measurement.sequential import Arm, Decision, Stage, confidence_sequence, decide

ALPHA, MARGIN, EXPECTED = 0.05, 0.05, 0.8
STEPS = (0.1, 0.5)
LEAST_OF_A_STEP, LOOK_EVERY, HORIZON = 1_000, 125, 10_000
# From here on the last step has its least sample, and may promote.
LAST_STEP = 2 * LEAST_OF_A_STEP

type Approval = Callable[[int], float]
type Look = tuple[int, list[Stage]]
type Test = Callable[[Sequence[Stage]], Interval]


@dataclass(frozen=True)
class Outcome:
    """How a rollout ended, at which customer, and whether the candidate seemed better or worse at any look at all."""

    decision: Decision
    customers: int
    seemed_better: bool
    seemed_worse: bool


class Outcomes:
    """How many rollouts ended in which way, and when half of them and nine in ten had."""

    def __init__(self, each: Sequence[Outcome]) -> None:
        self.taken_back = sum(one.decision == "roll_back" for one in each)
        self.promoted = sum(one.decision == "promote" for one in each)
        self.better = sum(one.seemed_better for one in each)
        self.worse = sum(one.seemed_worse for one in each)
        deciles = quantiles((one.customers for one in each), n=10)
        self.customers = f"{deciles[4]:,.0f} customers for half, {deciles[8]:,.0f} for nine in ten"


def steady(_: int) -> float:
    """The truth lies five points above what is expected of the baseline."""
    return 0.85


def falling(customer: int) -> float:
    """Harder customers come: approval falls from 95 % to 75 % while the share rises, in both arms alike."""
    return 0.95 - 0.2 * customer / HORIZON


def looks(random: Random, approval: Approval, harm: float) -> list[Look]:
    """The customers so far at each look: 10 % to the candidate for the least sample, then 50 % to the horizon."""
    counts = {share: ([0, 0], [0, 0]) for share in STEPS}
    history = []
    for seen in range(0, HORIZON, LOOK_EVERY):
        share = STEPS[0] if seen < LEAST_OF_A_STEP else STEPS[1]
        to_candidate = random.binomialvariate(LOOK_EVERY, share)
        truths = (approval(seen), approval(seen) - harm)
        for arm, n, truth in zip(counts[share], (LOOK_EVERY - to_candidate, to_candidate), truths, strict=True):
            arm[0] += n
            arm[1] += random.binomialvariate(n, truth)
        stages = [Stage(each, Arm(*one), Arm(*other)) for each, (one, other) in counts.items()]
        history.append((seen + LOOK_EVERY, stages))
    return history


def always_valid(stages: Sequence[Stage]) -> Interval:
    return confidence_sequence(stages, expected=EXPECTED, alpha=ALPHA)


def fixed_horizon(stages: Sequence[Stage]) -> Interval:
    """The interval of the z-test with pooled variance: right if one looks once, at the end."""
    (n, total), (other_n, other_total) = (
        (sum(getattr(each, arm).n for each in stages), sum(getattr(each, arm).total for each in stages))
        for arm in ("baseline", "candidate")
    )
    if n == 0 or other_n == 0:
        return Interval(-1, 1)
    pooled, difference = (total + other_total) / (n + other_n), other_total / other_n - total / n
    half = NormalDist().inv_cdf(1 - ALPHA / 2) * sqrt(pooled * (1 - pooled) * (1 / n + 1 / other_n))
    return Interval(difference - half, difference + half)


TESTS: dict[str, Test] = {"always valid": always_valid, "z-test that peeks": fixed_horizon}


def rolled_out(history: Sequence[Look], test: Test) -> Outcome:
    """Decide at each look: harm takes a candidate back at any of them, and only the last step's sample promotes it.

    How it seems is read at every look to the horizon, also at those that no rollout would have come to.
    """
    intervals = [(seen, test(stages)) for seen, stages in history]
    decisions = [(decide(interval, MARGIN), seen) for seen, interval in intervals]
    final = [each for each in decisions if each[0] == "roll_back" or (each[0] == "promote" and each[1] >= LAST_STEP)]
    decision, customers = final[0] if final else ("hold", HORIZON)
    return Outcome(
        decision,
        customers,
        seemed_better=any(interval.low > 0 for _, interval in intervals),
        seemed_worse=any(interval.high < 0 for _, interval in intervals),
    )


def rate(times: int, trials: int) -> str:
    low, high = clopper_pearson(times, trials)
    return f"{times / trials:.1%} [{low:.1%}, {high:.1%}]"


@pytest.mark.parametrize("approval", [steady, falling])
def test_arms_that_are_alike_are_seldom_taken_back_and_seldom_seem_better(
    approval: Approval, trials: Callable[[int, int], int], seed: int, tell: Callable[[str], None]
) -> None:
    random, count = Random(f"{seed} alike {approval.__name__}"), trials(40, 2_000)
    histories = [looks(random, approval, harm=0) for _ in range(count)]
    tell(f"alike, {approval.__name__} approval: {count:,} rollouts, {len(histories[0])} looks each; seed {seed}")

    ours, theirs = (Outcomes([rolled_out(history, test) for history in histories]) for test in TESTS.values())
    for name, outcomes in zip(TESTS, (ours, theirs), strict=True):
        tell(f"  {name}: false rollbacks {rate(outcomes.taken_back, count)}; at any look"
             f" false better {rate(outcomes.better, count)}, false worse {rate(outcomes.worse, count)}")  # fmt: skip
        tell(f"    promoted {rate(outcomes.promoted, count)}; decided after {outcomes.customers}")

    assert max(ours.taken_back, ours.worse) <= ALPHA * count
    assert ours.better <= ALPHA * count
    assert ours.promoted >= 0.9 * count
    # A campaign that finds nothing is worth something only if it finds the test that breaks the promise.
    assert max(theirs.better, theirs.worse) > ALPHA * count


@pytest.mark.parametrize("harm", [0.05, 0.1, 0.2])
def test_planted_harm_is_caught(
    harm: float, trials: Callable[[int, int], int], seed: int, tell: Callable[[str], None]
) -> None:
    random, count = Random(f"{seed} harm {harm}"), trials(10, 500)
    histories = [looks(random, steady, harm) for _ in range(count)]
    tell(f"harm of {harm * 100:.0f} points: {count:,} rollouts; seed {seed}")

    ours, theirs = (Outcomes([rolled_out(history, test) for history in histories]) for test in TESTS.values())
    for name, outcomes in zip(TESTS, (ours, theirs), strict=True):
        tell(f"  {name}: caught {rate(outcomes.taken_back, count)}, promoted {rate(outcomes.promoted, count)};"
             f" decided after {outcomes.customers}")  # fmt: skip

    assert ours.taken_back >= 0.9 * count
    assert ours.promoted <= ALPHA * count
