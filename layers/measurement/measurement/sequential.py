"""An always-valid interval for the difference of two arms, over a rollout whose share of customers changes.

A betting confidence sequence (Waudby-Smith and Ramdas, "Estimating means of bounded random variables by betting",
JRSS B 86, 2024) on inverse-propensity-weighted customers (Waudby-Smith, Wu, Ramdas, Karampatziakis and Mineiro,
"Anytime-valid off-policy inference for contextual bandits", ACM/IMS J. Data Science 1, 2024).

A customer with the value y, who came to the candidate with probability `share`, counts as (y - expected) / share, or as
-(y - expected) / (1 - share) in the baseline: its mean is the true difference d, whatever the share is and however the
customers change with time, so 10 % and then 50 % may be pooled where their plain means may not. Whoever bets at fair
odds that the difference is more than d has a wealth of mean 1, and by Ville's inequality it ever reaches 1/a with
probability a at most: the d that it was reached against are excluded. So the interval covers at all looks together,
with any number of customers, and one may look, stop or go on as one likes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, log1p
from typing import Literal

from measurement.intervals import Interval, last_where

type Decision = Literal["promote", "roll_back", "hold"]

# The differences that the bets are best for; their wealth is the mean of all, so not knowing which it is costs log(5).
_EFFECTS = [2.0**-k for k in range(2, 7)]
# The part of its wealth that a bet risks at most on one customer.
_MOST = 0.9


@dataclass(frozen=True)
class Arm:
    """What came of one arm's customers: how many, and the sum of their values, each from 0 to 1."""

    n: int
    total: float

    def __post_init__(self) -> None:
        if not 0 <= self.total <= self.n:
            raise ValueError(f"{self.n} values from 0 to 1 have no sum of {self.total}")


@dataclass(frozen=True)
class Stage:
    """The customers who came while the candidate's share was this, each counted once; at 0 or 1 nothing compares.

    Which of them count yet may depend on time, as with a maturity window, and never on their values.
    """

    share: float
    baseline: Arm
    candidate: Arm

    def __post_init__(self) -> None:
        if not 0 < self.share < 1:
            raise ValueError(f"a stage compares two arms, so its share lies between 0 and 1, not at {self.share}")


def confidence_sequence(stages: Sequence[Stage], *, expected: float, alpha: float = 0.05) -> Interval:
    """The candidate's mean less the baseline's: covered at every look together with probability 1 - alpha.

    `expected` is the value that the baseline usually has, and is fixed before the first customer: a wrong one costs
    customers, and never honesty. Each side may be wrong with probability alpha / 2.
    """
    if not 0 < expected < 1 or not 0 < alpha < 1:
        raise ValueError(f"expected ({expected}) and alpha ({alpha}) lie between 0 and 1")
    mirrored = [Stage(each.share, _mirrored(each.baseline), _mirrored(each.candidate)) for each in stages]
    return Interval(_low(stages, expected, alpha / 2), -_low(mirrored, 1 - expected, alpha / 2))


def decide(interval: Interval, harm_margin: float) -> Decision:
    """Promote what is not worse by more than the margin, roll back what is worse at all, and otherwise hold.

    Harm is a difference below 0 and not only below the margin: that is shown with a fraction of the customers, and no
    candidate that is surely worse is worth waiting for. One that is surely inside the margin is promoted also when it
    is surely below 0, for the margin is what was declared acceptable before.
    """
    if interval.low > -harm_margin:
        return "promote"
    return "roll_back" if interval.high < 0 else "hold"


def _low(stages: Sequence[Stage], expected: float, alpha: float) -> float:
    cells = [[cell for stage in stages for cell in _cells(stage, expected, effect)] for effect in _EFFECTS]
    return last_where(lambda difference: _log_wealth(cells, difference) >= -log(alpha), -1.0, 1.0, precision=1e-6)


def _cells(stage: Stage, expected: float, effect: float) -> list[tuple[float, float, float]]:
    """How many customers (those in between by parts) with which weighted value, and what is bet on each."""
    spread = expected * (1 - expected) / (stage.share * (1 - stage.share))
    worst = 1 + max(expected / stage.share, (1 - expected) / (1 - stage.share))
    bet = min(effect / spread, _MOST / worst)
    weighted = [(stage.candidate, 1 / stage.share), (stage.baseline, -1 / (1 - stage.share))]
    # The logarithm is concave: a value in between, counted as part 1 and part 0, never overstates the wealth.
    ones = [(arm.total, weight * (1 - expected), bet) for arm, weight in weighted]
    return ones + [(arm.n - arm.total, -weight * expected, bet) for arm, weight in weighted]


def _log_wealth(cells: Sequence[Sequence[tuple[float, float, float]]], difference: float) -> float:
    logs = [sum(n * log1p(bet * (value - difference)) for n, value, bet in each) for each in cells]
    most = max(logs)
    return most + log(sum(exp(each - most) for each in logs) / len(logs))


def _mirrored(arm: Arm) -> Arm:
    return Arm(arm.n, arm.n - arm.total)
