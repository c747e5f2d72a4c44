"""How sure a proportion is, and whether customers were split as they should have been."""

from math import exp, lgamma, log, log1p, sqrt

from measurement.distributions import beta_quantile, normal_quantile
from measurement.intervals import Interval


def clopper_pearson(successes: float, n: float, *, alpha: float = 0.05) -> Interval:
    """The exact interval of Clopper and Pearson: covers with at least 1 - alpha, whatever the truth and n."""
    _check(successes, n)
    low = beta_quantile(alpha / 2, successes, n - successes + 1) if successes > 0 else 0.0
    high = beta_quantile(1 - alpha / 2, successes + 1, n - successes) if successes < n else 1.0
    return Interval(low, high)


def wilson(successes: float, n: float, *, alpha: float = 0.05) -> Interval:
    """Wilson's score interval: covers with 1 - alpha on average over the truths, and narrower than the exact one.

    Parts of a customer are allowed, to ask how wide it would be.
    """
    _check(successes, n)
    if n == 0:
        return Interval(0.0, 1.0)
    z = normal_quantile(1 - alpha / 2)
    middle = (successes + z * z / 2) / (n + z * z)
    half = z * sqrt(successes * (n - successes) / n + z * z / 4) / (n + z * z)
    return Interval(0.0 if successes == 0 else middle - half, 1.0 if successes == n else middle + half)


def newcombe(one: float, n: float, other: float, m: float, *, alpha: float = 0.05) -> Interval:
    """The interval for one of n less other of m, of independent arms (Newcombe, Statistics in Medicine 17, 1998)."""
    first, second = wilson(one, n, alpha=alpha), wilson(other, m, alpha=alpha)
    p, q = one / n, other / m
    below = sqrt((p - first.low) ** 2 + (second.high - q) ** 2)
    above = sqrt((first.high - p) ** 2 + (q - second.low) ** 2)
    return Interval(p - q - below, p - q + above)


def sample_ratio_at_any_look(candidate: int, baseline: int, share: float, *, strength: float = 100.0) -> float:
    """The p-value that customers went to the candidate with this share, always valid.

    It is below a at any of all looks with probability a at most, however often one looks: one over the Bayes factor
    of a beta prior around the share, of `strength` customers (Lindon and Malek, "Anytime-valid inference for
    multinomial count data", NeurIPS 2022).
    """
    a, b = strength * share, strength * (1 - share)
    mixed = _log_beta(a + candidate, b + baseline) - _log_beta(a, b)
    return exp(min(0.0, candidate * log(share) + baseline * log1p(-share) - mixed))


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def _check(successes: float, n: float) -> None:
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} is no proportion")
