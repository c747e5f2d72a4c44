"""Two versions compared on the same requests: each pair is (baseline, candidate) of one request."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from statistics import fmean, stdev
from typing import Literal, NamedTuple

from measurement.distributions import normal_quantile, t_quantile, two_sided_binomial, two_sided_t
from measurement.intervals import Interval, last_where

type Verdict = Literal["better", "not_worse", "worse", "inconclusive"]
type Pairs = Sequence[tuple[float, float]]

# How probably the margin would be seen with as many requests as are said to be needed, if both arms are alike.
POWER = 0.8
# Fewer pairs decide nothing: they may all be alike by chance, and t trusts the spread that it saw.
FEWEST = 10


@dataclass(frozen=True)
class Comparison:
    """The candidate against the baseline; a win is a request on which the candidate did better.

    `difference` and `interval` are candidate less baseline in the values' own unit, also where less is better. `needed`
    is how many requests would show that a candidate like its baseline is not worse by the margin.
    """

    n: int
    baseline: float
    candidate: float
    difference: float
    interval: Interval
    method: str
    p_value: float
    wins: int
    ties: int
    losses: int
    needed: int
    margin: float
    alpha: float
    verdict: Verdict


class _Found(NamedTuple):
    """What a method found: its interval and p-value, and how far the differences of pairs spread."""

    method: str
    interval: Interval
    p_value: float
    spread: float


def compare_approvals(pairs: Sequence[tuple[bool, bool]], *, margin: float, alpha: float = 0.05) -> Comparison:
    """Compare what was approved: Tango's score interval for the difference, with McNemar's exact p-value."""
    if (n := len(pairs)) == 0:
        raise ValueError("there are no pairs to compare")
    wins, losses = _count(pairs, 1), _count(pairs, -1)
    found = _Found(
        "Tango's score interval, McNemar's exact test",
        tango(wins, losses, n, alpha=alpha),
        two_sided_binomial(wins, wins + losses, 0.5),
        # One more disagreement than was seen: a few pairs without any are no proof that there never is one.
        sqrt((wins + losses + 1) / (n + 1)),
    )
    return _comparison(pairs, found, margin=margin, alpha=alpha)


def compare_values(pairs: Pairs, *, margin: float, alpha: float = 0.05, less_is_better: bool = False) -> Comparison:
    """Compare scores, costs or latencies: Student's t on the differences of the pairs, of which it needs two."""
    if (n := len(pairs)) < 2:
        raise ValueError(f"an interval needs two pairs, and there are {n}")
    differences = [candidate - baseline for baseline, candidate in pairs]
    middle, spread = fmean(differences), stdev(differences)
    half = t_quantile(1 - alpha / 2, n - 1) * spread / sqrt(n)
    found = _Found(
        "Student's t on paired differences",
        Interval(middle - half, middle + half),
        two_sided_t(middle / spread * sqrt(n), n - 1) if spread else float(middle == 0),
        spread,
    )
    return _comparison(pairs, found, margin=margin, alpha=alpha, less_is_better=less_is_better)


def compare_slices(
    compare: Callable[..., Comparison], slices: Mapping[str, Pairs], *, alpha: float = 0.05, **how: float
) -> dict[str, Comparison]:
    """Compare each slice so that with probability 1 - alpha all their intervals cover: Bonferroni's correction.

    A slice of fewer than FEWEST pairs is left out: it would decide nothing, and make the others wider. The p-values
    are each slice's own.
    """
    enough = {name: pairs for name, pairs in slices.items() if len(pairs) >= FEWEST}
    return {name: compare(pairs, alpha=alpha / len(enough), **how) for name, pairs in enough.items()}


def tango(wins: int, losses: int, n: int, *, alpha: float = 0.05) -> Interval:
    """The score interval for a paired difference of proportions (Tango, Statistics in Medicine 17, 1998)."""
    z = normal_quantile(1 - alpha / 2)
    high = last_where(lambda difference: _score(wins, losses, n, difference) >= -z, (wins - losses) / n, 1.0)
    low = last_where(lambda difference: _score(losses, wins, n, difference) >= -z, (losses - wins) / n, 1.0)
    return Interval(-low, high)


def _score(wins: int, losses: int, n: int, difference: float) -> float:
    """How many standard errors the data lie above this difference, its nuisance parameter at its likeliest value."""
    linear = -wins - losses + (2 * n - wins + losses) * difference
    constant = -losses * difference * (1 - difference)
    likeliest = (sqrt(max(0.0, linear * linear - 8 * n * constant)) - linear) / (4 * n)
    variance = n * (2 * likeliest + difference * (1 - difference))
    distance = wins - losses - n * difference
    return distance / sqrt(variance) if variance > 0 else 0.0 if distance == 0 else distance * float("inf")


def _comparison(
    pairs: Pairs, found: _Found, *, margin: float, alpha: float, less_is_better: bool = False
) -> Comparison:
    if margin <= 0:
        raise ValueError(f"the margin is what may be lost at most, so it is above 0 and not {margin}")
    interval, n, sign = found.interval, len(pairs), -1 if less_is_better else 1
    wins, losses = _count(pairs, sign), _count(pairs, -sign)
    gain = Interval(-interval.high, -interval.low) if less_is_better else interval
    return Comparison(
        n=n,
        baseline=fmean(baseline for baseline, _ in pairs),
        candidate=fmean(candidate for _, candidate in pairs),
        difference=fmean(candidate - baseline for baseline, candidate in pairs),
        interval=interval,
        method=found.method,
        p_value=found.p_value,
        wins=wins,
        ties=n - wins - losses,
        losses=losses,
        needed=_needed(found.spread, margin, alpha),
        margin=margin,
        alpha=alpha,
        verdict=_verdict(gain, margin) if n >= FEWEST else "inconclusive",
    )


def _count(pairs: Pairs, sign: int) -> int:
    return sum((candidate - baseline) * sign > 0 for baseline, candidate in pairs)


def _needed(spread: float, margin: float, alpha: float) -> int:
    z = normal_quantile(1 - alpha / 2) + normal_quantile(POWER)
    return max(FEWEST, ceil((z * spread / margin) ** 2))


def _verdict(gain: Interval, margin: float) -> Verdict:
    """Within the margin comes before worse: the margin is what was declared acceptable before anything was measured."""
    if gain.low > 0:
        return "better"
    if gain.low > -margin:
        return "not_worse"
    return "worse" if gain.high < 0 else "inconclusive"
