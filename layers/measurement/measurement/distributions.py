"""The distributions that intervals and tests stand on, where Python's statistics has none."""

from collections.abc import Callable
from functools import cache
from math import erfc, exp, fabs, lgamma, log, log1p, pi, sqrt
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


def two_sided_normal(value: float) -> float:
    """How probably a standard normal variable is at least so far from 0, either way."""
    return erfc(fabs(value) / sqrt(2))


def chi_square_tail(value: float, freedom: int) -> float:
    """How probably a chi-square variable is more than this: the regularised upper incomplete gamma function."""
    shape, scaled = freedom / 2, value / 2
    if scaled <= 0:
        return 1.0
    front = exp(shape * log(scaled) - scaled - lgamma(shape))
    # The series converges fast below the mean only, the fraction above it.
    return 1 - front * _gamma_series(scaled, shape) if scaled < shape + 1 else front * _gamma_fraction(scaled, shape)


@cache
def chi_square_quantile(probability: float, freedom: int) -> float:
    """The value that a chi-square variable stays below with this probability."""
    high = float(freedom)
    while chi_square_tail(high, freedom) > 1 - probability:
        high *= 2
    return last_where(lambda value: chi_square_tail(value, freedom) >= 1 - probability, 0.0, high, precision=1e-9)


def kolmogorov_tail(value: float) -> float:
    """How probably the greatest distance of two distribution functions, scaled by their sizes, is more than this."""
    if value < 0.2:
        return 1.0
    # The two forms of the theta function, each where three or four terms are exact.
    if value < 1:
        parts = [exp(-((2 * k - 1) ** 2) * pi * pi / (8 * value * value)) for k in range(1, 5)]
        return 1 - sqrt(2 * pi) / value * sum(parts)
    return 2 * sum((-1.0) ** (k - 1) * exp(-2 * k * k * value * value) for k in range(1, 5))


def _gamma_series(value: float, shape: float) -> float:
    """The lower incomplete gamma function over its front: DLMF 8.11.4."""
    term = total = 1 / shape
    for step in range(1, 100_000):
        term *= value / (shape + step)
        total += term
        if term < total * _ENOUGH:
            return total
    raise ArithmeticError(f"the incomplete gamma function of {value}, {shape} did not converge")


def _gamma_fraction(value: float, shape: float) -> float:
    """The upper incomplete gamma function over its front: DLMF 8.9.2, every second step taken with the one before."""
    first = value + 1 - shape
    return 1 / (first * _lentz(lambda step: _gamma_factor(step, value, shape)))


def _gamma_factor(step: int, value: float, shape: float) -> float:
    def denominator(of: int) -> float:
        return value + 2 * of + 1 - shape

    return -step * (step - shape) / (denominator(step - 1) * denominator(step))


def _continued_fraction(value: float, a: float, b: float) -> float:
    """The continued fraction of the incomplete beta function: DLMF 8.17.22."""

    def factor(step: int) -> float:
        m = step // 2
        if step % 2:
            return -(a + m) * (a + b + m) * value / ((a + 2 * m) * (a + 2 * m + 1))
        return m * (b - m) * value / ((a + 2 * m - 1) * (a + 2 * m))

    return _lentz(factor)


def _lentz(factor: Callable[[int], float]) -> float:
    """1 + factor(1) / (1 + factor(2) / …), by Lentz's method, as far as a float goes."""
    fraction, c, d = 1.0, 1.0, 0.0
    for step in range(1, 100_000):
        d = 1 / _not_zero(1 + factor(step) * d)
        c = _not_zero(1 + factor(step) / c)
        fraction *= c * d
        if fabs(c * d - 1) < _ENOUGH:
            return fraction
    raise ArithmeticError("a continued fraction did not converge")


def _not_zero(value: float) -> float:
    return value if fabs(value) > _TINY else _TINY
