"""Rollouts that decide at many looks: seldom wrongly of two arms that are alike, and soon of one that harms.

The product's own decision moves its rollouts, with guards and the check of the split. The comparison with a test that
isn't made for looking is one of intervals: both read the same customers, given to the arms by a schedule.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import sqrt
from random import Random
from statistics import NormalDist, quantiles

import pytest
from agent_platform.experiments import decisions
from agent_platform.experiments.decisions import Standing
from agent_platform.experiments.evidence import ARMS, GUARDS, Cell, Evidence
from agent_platform.experiments.plans import Plan
from agent_platform.registry.alias import SHARES
from measurement.intervals import Interval
from measurement.proportions import clopper_pearson
from measurement.sequential import Arm, Stage, confidence_sequence

ALPHA, MARGIN, EXPECTED = 0.05, 0.05, 0.8
STEPS = (0.1, 0.5)
LEAST_OF_A_STEP, LOOK_EVERY, HORIZON = 1_000, 125, 10_000
# The product's: 125 customers come in an hour, and at most 20,000 in all.
HOURS = 160
PLAN = Plan(margin=MARGIN, alpha=ALPHA, expected=EXPECTED, horizon=HOURS * 3_600)
OPENED = datetime(2026, 11, 21, tzinfo=UTC)
# What a guard is, in both arms alike.
WELL = {"RunsWithOutcome": 0.99, "ClaimsNotContradicted": 0.98, "NoComplaint": 0.999, "StillSubscribed": 0.995}

type Approval = Callable[[int], float]
type Look = tuple[int, list[Stage]]
type Test = Callable[[Sequence[Stage]], Interval]


@dataclass(frozen=True)
class Outcome:
    """How a rollout ended, why, and at which customer."""

    ended: str
    reason: str
    customers: int


@dataclass(frozen=True)
class Seeming:
    """Whether the candidate seemed better or worse at any look at all."""

    better: bool
    worse: bool


class Counts:
    """The customers of a simulated rollout by metric, share and arm, as a look counts them."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._metrics: dict[str, dict[int, dict[str, Cell]]] = {name: {} for name in ("ApprovalRate", *GUARDS)}

    def come(self, share: int, approval: float, harm: float) -> None:
        """One look's customers at this share; harm is of the candidate's approval alone."""
        to_candidate = self._random.binomialvariate(LOOK_EVERY, share / SHARES)
        numbers = dict(zip(ARMS, (LOOK_EVERY - to_candidate, to_candidate), strict=True))
        for metric, stages in self._metrics.items():
            arms = stages.setdefault(share, dict.fromkeys(ARMS, Cell()))
            for arm, n in numbers.items():
                truth = WELL.get(metric, approval - (harm if arm == "candidate" else 0))
                arms[arm] += Cell(n, self._random.binomialvariate(n, truth))

    def evidence(self) -> Evidence:
        """What a look sees: everybody's outcomes are mature, and the limits have nothing to go by."""
        exposed = {share: {arm: Cell(cell.n, cell.n) for arm, cell in arms.items()}
                   for share, arms in self._metrics["ApprovalRate"].items()}  # fmt: skip
        return Evidence(self._metrics, exposed, {})


def steady(_: int) -> float:
    """The truth lies five points above what is expected of the baseline."""
    return 0.85


def falling(customer: int) -> float:
    """Harder customers come: approval falls from 95 % to 75 % while the share rises, in both arms alike."""
    return 0.95 - 0.2 * min(1, customer / HORIZON)


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


def seemed(history: Sequence[Look], test: Test) -> Seeming:
    """How it seems is read at every look to the horizon, also at those that no rollout would have come to."""
    intervals = [test(stages) for _, stages in history]
    return Seeming(better=any(each.low > 0 for each in intervals), worse=any(each.high < 0 for each in intervals))


def rolled_out(random: Random, approval: Approval, harm: float) -> Outcome:
    """A rollout as the product decides it, look by look: what it advances to is the next customers' share."""
    counts, share, step_since = Counts(random), PLAN.steps[0], OPENED
    for look in range(1, HOURS + 1):
        counts.come(share, approval((look - 1) * LOOK_EVERY), harm)
        evidence, now = counts.evidence(), OPENED + timedelta(hours=look)
        standing = Standing(look, share, False, OPENED, timedelta(), step_since, now)
        decision = decisions.decide(PLAN, standing, evidence, decisions.compare(evidence, PLAN))
        if decision.outcome:
            return Outcome(decision.outcome, decision.reason, look * LOOK_EVERY)
        if decision.share:
            share, step_since = decision.share, now
    raise AssertionError("a rollout ends at its horizon")


def told(outcomes: Sequence[Outcome]) -> str:
    """How often rollouts ended in each way, and when half of them and nine in ten had."""
    ends = Counter(each.ended for each in outcomes)
    deciles = quantiles((each.customers for each in outcomes), n=10)
    rates = ", ".join(f"{end} {rate(times, len(outcomes))}" for end, times in ends.most_common())
    return f"{rates}; ended after {deciles[4]:,.0f} customers for half, {deciles[8]:,.0f} for nine in ten"


def rate(times: int, trials: int) -> str:
    low, high = clopper_pearson(times, trials)
    return f"{times / trials:.1%} [{low:.1%}, {high:.1%}]"


@pytest.mark.parametrize("approval", [steady, falling])
def test_arms_that_are_alike_seldom_seem_better_or_worse_at_any_look(
    approval: Approval, trials: Callable[[int, int], int], seed: int, tell: Callable[[str], None]
) -> None:
    random, count = Random(f"{seed} alike {approval.__name__}"), trials(40, 2_000)
    histories = [looks(random, approval, harm=0) for _ in range(count)]
    tell(f"alike, {approval.__name__} approval: {count:,} rollouts, {len(histories[0])} looks each; seed {seed}")

    better, worse = {}, {}
    for name, test in TESTS.items():
        seeming = [seemed(history, test) for history in histories]
        better[name], worse[name] = sum(each.better for each in seeming), sum(each.worse for each in seeming)
        tell(f"  {name}: at any look false better {rate(better[name], count)}, false worse {rate(worse[name], count)}")

    assert max(better["always valid"], worse["always valid"]) <= ALPHA * count
    # A campaign that finds nothing is worth something only if it finds the test that breaks the promise.
    assert max(better["z-test that peeks"], worse["z-test that peeks"]) > ALPHA * count


@pytest.mark.parametrize("approval", [steady, falling])
def test_a_candidate_that_is_alike_is_seldom_taken_back(
    approval: Approval, trials: Callable[[int, int], int], seed: int, tell: Callable[[str], None]
) -> None:
    random, count = Random(f"{seed} product alike {approval.__name__}"), trials(20, 1_000)
    outcomes = [rolled_out(random, approval, harm=0) for _ in range(count)]
    tell(f"the product, alike, {approval.__name__} approval: {count:,} rollouts; seed {seed}")
    tell(f"  {told(outcomes)}")
    taken_back = [each for each in outcomes if each.ended in {"rolled_back", "stopped"}]
    for reason, times in Counter(each.reason.split(",")[0].split(":")[0] for each in taken_back).most_common():
        tell(f"  {times} times: {reason}")

    assert len(taken_back) <= ALPHA * count
    assert sum(each.ended == "promoted" for each in outcomes) >= 0.9 * count


@pytest.mark.parametrize("harm", [0.05, 0.1, 0.2])
def test_planted_harm_is_caught(
    harm: float, trials: Callable[[int, int], int], seed: int, tell: Callable[[str], None]
) -> None:
    random, count = Random(f"{seed} harm {harm}"), trials(10, 500)
    outcomes = [rolled_out(random, steady, harm) for _ in range(count)]
    tell(f"the product, harm of {harm * 100:.0f} points: {count:,} rollouts; seed {seed}")
    tell(f"  {told(outcomes)}")

    assert sum(each.ended == "rolled_back" for each in outcomes) >= 0.9 * count
    assert sum(each.ended == "promoted" for each in outcomes) <= ALPHA * count
