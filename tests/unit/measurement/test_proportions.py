import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from measurement.proportions import clopper_pearson, sample_ratio, sample_ratio_at_any_look, wilson
from scipy import integrate, stats

ALPHAS = st.sampled_from([0.2, 0.05, 0.01, 0.001])
INTERVALS = pytest.mark.parametrize("interval", [wilson, clopper_pearson])
NAMES = {wilson: "wilson", clopper_pearson: "exact"}


@st.composite
def counted(draw: st.DrawFn) -> tuple[int, int]:
    n = draw(st.integers(1, 5_000))
    return draw(st.integers(0, n)), n


@INTERVALS
@given(counts=counted(), alpha=ALPHAS)
def test_intervals_are_scipy_s(interval, counts, alpha):
    theirs = stats.binomtest(*counts).proportion_ci(1 - alpha, method=NAMES[interval])

    assert interval(*counts, alpha=alpha) == pytest.approx((theirs.low, theirs.high), rel=1e-6, abs=1e-12)


@INTERVALS
@given(counts=counted())
def test_an_interval_holds_its_proportion_lies_in_0_to_1_and_widens_with_certainty(interval, counts):
    successes, n = counts
    wide, narrow = interval(successes, n, alpha=0.01), interval(successes, n, alpha=0.05)

    assert 0 <= wide.low <= narrow.low <= successes / n <= narrow.high <= wide.high <= 1


@INTERVALS
@given(counts=counted())
def test_failures_have_the_mirrored_interval_of_successes(interval, counts):
    successes, n = counts
    low, high = interval(successes, n)

    assert interval(n - successes, n) == pytest.approx((1 - high, 1 - low), abs=1e-12)


@INTERVALS
def test_no_trials_say_nothing(interval):
    assert interval(0, 0) == (0, 1)


@INTERVALS
@pytest.mark.parametrize("counts", [(2, 1), (-1, 1), (0, -1)])
def test_more_successes_than_trials_are_refused(interval, counts):
    with pytest.raises(ValueError, match="no proportion"):
        interval(*counts)


@pytest.mark.parametrize("share", [0.1, 0.5])
@given(candidate=st.integers(0, 3_000), baseline=st.integers(0, 3_000))
def test_the_sample_ratio_s_p_is_twice_the_smaller_tail(share, candidate, baseline):
    split = stats.binom(candidate + baseline, share)

    expected = min(1, 2 * min(split.cdf(candidate), split.sf(candidate - 1)))
    assert sample_ratio(candidate, baseline, share) == pytest.approx(expected, rel=1e-6, abs=1e-12)


@pytest.mark.parametrize("share", [0.1, 0.5])
def test_with_many_customers_the_exact_p_is_the_chi_square_s(share):
    n, away = 200_000, 1.02
    candidate = round(n * share * away)
    chi_square = stats.chisquare([candidate, n - candidate], [n * share, n * (1 - share)]).pvalue

    assert sample_ratio(candidate, n - candidate, share) == pytest.approx(chi_square, rel=0.05)


@pytest.mark.parametrize(("candidate", "baseline", "share"), [(3, 40, 0.1), (30, 12, 0.5), (130, 870, 0.1)])
def test_the_always_valid_p_is_one_over_the_bayes_factor(candidate, baseline, share):
    prior = stats.beta(100 * share, 100 * (1 - share))

    def relative(other: float) -> float:
        return math.exp(candidate * math.log(other / share) + baseline * math.log((1 - other) / (1 - share)))

    factor, _ = integrate.quad(lambda other: prior.pdf(other) * relative(other), 0, 1, points=[candidate / 1000, share])

    assert sample_ratio_at_any_look(candidate, baseline, share) == pytest.approx(min(1, 1 / factor), rel=1e-5)


@pytest.mark.parametrize("share", [0.1, 0.5])
def test_a_right_split_is_seldom_called_wrong_at_any_look_and_a_wrong_one_soon(share):
    random, alpha = Random(7), 0.05

    def called_wrong(truth: float) -> bool:
        candidate = 0
        for n in range(1, 2_001):
            candidate += random.random() < truth
            if n % 20 == 0 and sample_ratio_at_any_look(candidate, n - candidate, share) < alpha:
                return True
        return False

    assert sum(called_wrong(share) for _ in range(200)) <= 200 * alpha
    assert sum(called_wrong(share * 1.3) for _ in range(50)) >= 40
