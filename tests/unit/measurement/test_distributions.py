"""The distributions are scipy's, over all that a rollout or an evaluation can ask of them."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from measurement.distributions import (
    beta_probability,
    beta_quantile,
    binomial_probability,
    chi_square_quantile,
    chi_square_tail,
    kolmogorov_tail,
    normal_quantile,
    t_quantile,
    two_sided_binomial,
    two_sided_normal,
    two_sided_t,
)
from scipy import special, stats

SHAPES = st.floats(0.5, 100_000)
PROBABILITIES = st.floats(1e-6, 1 - 1e-6)


def close(value: float) -> object:
    return pytest.approx(value, rel=1e-7, abs=1e-12)


@given(PROBABILITIES)
def test_normal_quantiles_are_scipy_s(probability):
    assert normal_quantile(probability) == pytest.approx(stats.norm.ppf(probability), rel=1e-9, abs=1e-9)


@given(st.floats(0, 1), SHAPES, SHAPES)
@example(0.0, 1.0, 1.0)
@example(1.0, 1.0, 1.0)
# Just above the mean from either side, as floats are rounded.
@example(0.1336124555323636, 6.650663118424358, 48.60944102337264)
def test_beta_probabilities_are_scipy_s(value, a, b):
    assert beta_probability(value, a, b) == close(stats.beta.cdf(value, a, b))


@given(PROBABILITIES, SHAPES, SHAPES)
def test_beta_quantiles_are_scipy_s(probability, a, b):
    assert beta_quantile(probability, a, b) == pytest.approx(stats.beta.ppf(probability, a, b), rel=1e-6)


@given(st.integers(1, 100_000), st.floats(0, 1), st.floats(0.001, 0.999))
def test_binomial_probabilities_are_scipy_s(n, part, probability):
    most = round(part * n)

    assert binomial_probability(most, n, probability) == close(stats.binom.cdf(most, n, probability))
    assert binomial_probability(-1, n, probability) == 0


@given(st.integers(0, 2_000), st.integers(0, 2_000))
def test_the_two_sided_binomial_at_one_half_is_scipy_s_exact_test(wins, losses):
    expected = stats.binomtest(wins, wins + losses, 0.5).pvalue if wins + losses else 1

    assert two_sided_binomial(wins, wins + losses, 0.5) == close(expected)


@given(st.floats(-50, 50), st.integers(1, 10_000))
def test_t_probabilities_are_scipy_s(value, freedom):
    assert two_sided_t(value, freedom) == close(2 * stats.t.sf(abs(value), freedom))


@given(st.floats(0.5, 1 - 1e-6), st.integers(1, 10_000))
def test_t_quantiles_are_scipy_s(probability, freedom):
    assert t_quantile(probability, freedom) == pytest.approx(stats.t.ppf(probability, freedom), rel=1e-6, abs=1e-6)


@given(st.floats(-12, 12))
def test_normal_tails_are_scipy_s(value):
    assert two_sided_normal(value) == pytest.approx(2 * stats.norm.sf(abs(value)), rel=1e-9)


@given(st.floats(0, 600), st.integers(1, 200))
@example(0.0, 1)
# On both sides of where the series gives way to the fraction.
@example(11.99, 10)
@example(12.0, 10)
def test_chi_square_tails_are_scipy_s(value, freedom):
    assert chi_square_tail(value, freedom) == pytest.approx(stats.chi2.sf(value, freedom), rel=1e-8, abs=1e-13)


@given(PROBABILITIES, st.integers(1, 200))
def test_chi_square_quantiles_are_scipy_s(probability, freedom):
    assert chi_square_quantile(probability, freedom) == pytest.approx(
        stats.chi2.ppf(probability, freedom), rel=1e-6, abs=1e-8
    )


@given(st.floats(0, 20))
@example(0.2)
@example(1.0)
def test_kolmogorov_s_tail_is_scipy_s(value):
    assert kolmogorov_tail(value) == pytest.approx(special.kolmogorov(value), rel=1e-9, abs=1e-12)
