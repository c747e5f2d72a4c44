"""What a case is worth by what came of its uses, and what retrieval adds, when both are known from few messages.

A case's rate of good outcomes is drawn towards that of its tenant's purpose: a beta prior whose mean is the base rate
and whose spread says how much cases are thought to differ. A posterior is right however often one looks, so cases may
be weighed after every message. A message that harmed counts as several that came to nothing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import ceil, exp, log, log1p, sqrt
from statistics import fmean
from typing import Literal, NamedTuple

from measurement.distributions import beta_probability
from measurement.intervals import Interval, last_where
from measurement.proportions import newcombe

# How much cases differ: the standard deviation of their rates, as a part of the base rate (or of what is left to 1).
SPREAD = 0.5
# How many uses that came to nothing a complaint or an unsubscription counts as.
HARM = 5
LEAST, MOST = 0.5, 2.0

# A case is quarantined as soon as it is this sure that it does less than this part of the base, or that it harms more
# often than the limit (or than twice the base, where customers leave anyway).
CERTAINTY = 0.95
WORSE_THAN = 0.5
HARM_LIMIT = 0.05
# At how many points the base's own rate is taken.
_BASE_PARTS = 40
# How many uses the base rate of harm counts as, before a case has any of its own.
_HARM_STRENGTH = 20

type Fault = Literal["worse", "harmful"]


@dataclass(frozen=True)
class Counts:
    """Of so many messages, how many had a good outcome, and how many harmed; one may be both."""

    uses: int
    good: int
    harmed: int

    def __post_init__(self) -> None:
        if not 0 <= max(self.good, self.harmed) <= self.uses or min(self.good, self.harmed) < 0:
            raise ValueError(f"{self.good} good and {self.harmed} harmed of {self.uses} are no counts")

    @property
    def trials(self) -> int:
        """The uses, with those that harmed counted as several."""
        return self.uses + HARM * self.harmed


class Standing(NamedTuple):
    """A case's factor, and what is wrong with it, with how surely: the worst fault alone."""

    factor: float
    fault: Fault | None = None
    certainty: float = 0.0


class Uplift(NamedTuple):
    """The rate of good outcomes with retrieval less the rate without, as far as it is known.

    `needed` is how many more messages would tell the difference to within `worth`, 0 once it is known: the interval
    is that narrow, or excludes 0. The interval is None as long as an arm has no message.
    """

    difference: float | None
    interval: Interval | None
    needed: int


def standing(case: Counts, base: Counts) -> Standing:
    """Where a case stands against the other messages of its tenant's purpose."""
    rate = _smoothed(base.good, base.trials)
    a, b = _posterior(case, rate)
    factor = min(MOST, max(LEAST, a / (a + b) / rate)) if case.uses else 1.0
    surely_worse = _surely_worse(case, base)
    surely_harmful = _surely_harmful(case, base)
    if max(surely_worse, surely_harmful) < CERTAINTY:
        return Standing(factor)
    if surely_harmful >= surely_worse:
        return Standing(factor, "harmful", surely_harmful)
    return Standing(factor, "worse", surely_worse)


def _posterior(case: Counts, rate: float) -> tuple[float, float]:
    """The beta of a case's rate, where the rate of all is this."""
    strength = rate * (1 - rate) / (SPREAD * min(rate, 1 - rate)) ** 2 - 1
    return strength * rate + case.good, strength * (1 - rate) + case.trials - case.good


def _surely_worse(case: Counts, base: Counts) -> float:
    """How surely a case does less than its part of the base's rate: of the rate as counted, and of all it may be."""

    def below(rate: float) -> float:
        return beta_probability(WORSE_THAN * rate, *_posterior(case, rate))

    counted = below(_smoothed(base.good, base.trials))
    if counted < CERTAINTY:
        return counted
    rates, weights = zip(*_rates(base.good + 0.5, base.trials - base.good + 0.5), strict=True)
    return min(counted, fmean(map(below, rates), weights))


def _rates(a: float, b: float) -> Iterator[tuple[float, float]]:
    """Rates over the whole of a beta(a, b) with their weights: four standard deviations to both sides."""
    mean = a / (a + b)
    spread = 4 * sqrt(mean * (1 - mean) / (a + b + 1))
    low, high = max(0.0, mean - spread), min(1.0, mean + spread)
    rates = [low + (high - low) * (part + 0.5) / _BASE_PARTS for part in range(_BASE_PARTS)]
    logs = [(a - 1) * log(rate) + (b - 1) * log1p(-rate) for rate in rates]
    return zip(rates, (exp(each - max(logs)) for each in logs), strict=True)


def harm_limit(base: Counts) -> float:
    """The part of messages that may harm before a case is at fault."""
    return max(HARM_LIMIT, 2 * base.harmed / base.uses if base.uses else 0.0)


def _surely_harmful(case: Counts, base: Counts) -> float:
    expected = min(_smoothed(base.harmed, base.uses), harm_limit(base) / 2)
    a, b = _HARM_STRENGTH * expected + case.harmed, _HARM_STRENGTH * (1 - expected) + case.uses - case.harmed
    return 1 - beta_probability(harm_limit(base), a, b)


def uplift(retrieved: Counts, held_out: Counts, *, worth: float = 0.05, alpha: float = 0.05) -> Uplift:
    """What retrieval adds to the rate of good outcomes: customers count where they were assigned, whatever was found.

    The interval is Newcombe's, from Wilson's of both arms; how many are needed is said for the rates and the split so
    far, and an arm without messages is taken to be as the other, and a tenth of all.
    """
    n = retrieved.uses + held_out.uses
    pooled, share = _smoothed(retrieved.good + held_out.good, n), (held_out.uses + 1) / (n + 10)
    rates = [arm.good / arm.uses if arm.uses else pooled for arm in (retrieved, held_out)]

    def width(messages: float) -> float:
        sizes = messages * (1 - share), messages * share
        low, high = newcombe(rates[0] * sizes[0], sizes[0], rates[1] * sizes[1], sizes[1], alpha=alpha)
        return high - low

    enough = _first_where(lambda messages: width(messages) <= 2 * worth)
    if not retrieved.uses or not held_out.uses:
        return Uplift(None, None, max(1, enough - n))
    interval = newcombe(retrieved.good, retrieved.uses, held_out.good, held_out.uses, alpha=alpha)
    known = interval.low > 0 or interval.high < 0 or interval.high - interval.low <= 2 * worth
    return Uplift(rates[0] - rates[1], interval, 0 if known else max(1, enough - n))


def _first_where(holds: Callable[[float], bool]) -> int:
    """The first number from which on it holds, to the nearest one above."""
    high = 1.0
    while not holds(high):
        high *= 2
    return ceil(last_where(lambda number: not holds(number), high / 2, high, precision=0.5)) + 1


def _smoothed(happened: int, n: int) -> float:
    """A rate that is never 0 or 1 (Jeffreys' prior)."""
    return (happened + 0.5) / (n + 1)
