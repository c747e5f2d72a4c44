"""The distributions that the intervals stand on, where Python's statistics has none: beta, binomial, Student's t."""

from math import exp, fabs, lgamma, log, log1p
from statistics import NormalDist

from measurement.intervals import last_where

_TINY = 1e-300
_ENOUGH = 1e-15


def normal_quantile(probability: float) -> float:
    """The value that a standard normal variable stays below with this probability."""
    return NormalDist().inv_cdf(probability)


def beta_probability(value: float, a: float, b: float) -> float:
    """How probably a beta(a, b) variable is at most this value: the regularised incomplete beta function."""
    if not 0 < value < 1:
        return 0.0 if value <= 0 else 1.0
    # The fraction converges fast below the mean only; above it the other side is worked out.
    if value > (a + 1) / (a + b + 2):
        return 1 - _lower_part(1 - value, b, a)
    return _lower_part(value, a, b)


def _lower_part(value: float, a: float, b: float) -> float:
    front = a * log(value) + b * log1p(-value) + lgamma(a + b) - lgamma(a) - lgamma(b) - log(a)
    return exp(front) / _continued_fraction(value, a, b)


def beta_quantile(probability: float, a: float, b: float) -> float:
    """The value that a beta(a, b) variable stays below with this probability."""
    return last_where(lambda value: beta_probability(value, a, b) <= probability, 0.0, 1.0)


def binomial_probability(most: int, n: int, probability: float) -> float:
    """How probably at most so many of n happen, each with this probability."""
    if most < 0 or most >= n:
        return 0.0 if most < 0 else 1.0
    return beta_probability(1 - probability, n - most, most + 1)


def two_sided_binomial(happened: int, n: int, probability: float) -> float:
    """The exact p-value that each of n happens with this probability: twice its smaller tail."""
    below = binomial_probability(happened, n, probability)
    above = binomial_probability(n - happened, n, 1 - probability)
    return min(1.0, 2 * min(below, above))


def two_sided_t(value: float, freedom: float) -> float:
    """How probably a variable of Student's t is at least so far from 0, either way."""
    square = value * value
    # A part near 1 would have lost what a small value is.
    if square < 1:
        return 1 - beta_probability(square / (freedom + square), 0.5, freedom / 2)
    return beta_probability(freedom / (freedom + square), freedom / 2, 0.5)


def t_quantile(probability: float, freedom: float) -> float:
    """The value that a variable of Student's t stays below with this probability, from one half on."""
    outside, high = 2 * (1 - probability), 1.0
    while two_sided_t(high, freedom) > outside:
        high *= 2
    return last_where(lambda value: two_sided_t(value, freedom) >= outside, 0.0, high)


def _continued_fraction(value: float, a: float, b: float) -> float:
    """The continued fraction of the incomplete beta function, by Lentz's method: DLMF 8.17.22."""
    fraction, c, d = 1.0, 1.0, 0.0
    for step in range(1, 100_000):
        m = step // 2
        if step % 2:
            factor = -(a + m) * (a + b + m) * value / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            factor = m * (b - m) * value / ((a + 2 * m - 1) * (a + 2 * m))
        d = 1 / _not_zero(1 + factor * d)
        c = _not_zero(1 + factor / c)
        fraction *= c * d
        if fabs(c * d - 1) < _ENOUGH:
            return fraction
    raise ArithmeticError(f"the incomplete beta function of {value}, {a}, {b} did not converge")


def _not_zero(value: float) -> float:
    return value if fabs(value) > _TINY else _TINY
