import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from measurement.proportions import clopper_pearson, newcombe, sample_ratio_at_any_look, wilson
from scipy import integrate, stats

ALPHAS = st.sampled_from([0.2, 0.05, 0.01, 0.001])


@st.composite
def counted(draw: st.DrawFn) -> tuple[int, int]:
    n = draw(st.integers(1, 5_000))
    return draw(st.integers(0, n)), n


@given(counts=counted(), alpha=ALPHAS)
def test_intervals_are_scipy_s(counts, alpha):
    theirs = stats.binomtest(*counts).proportion_ci(1 - alpha, method="exact")

    assert clopper_pearson(*counts, alpha=alpha) == pytest.approx((theirs.low, theirs.high), rel=1e-6, abs=1e-12)


@given(counts=counted(), alpha=ALPHAS)
def test_score_intervals_are_scipy_s(counts, alpha):
    theirs = stats.binomtest(*counts).proportion_ci(1 - alpha, method="wilson")

    assert wilson(*counts, alpha=alpha) == pytest.approx((theirs.low, theirs.high), rel=1e-9, abs=1e-12)


@given(one=counted(), other=counted(), alpha=ALPHAS)
def test_the_interval_of_a_difference_holds_it_and_mirrors(one, other, alpha):
    low, high = newcombe(*one, *other, alpha=alpha)
    difference = one[0] / one[1] - other[0] / other[1]

    assert -1 <= low <= difference <= high <= 1 or pytest.approx(difference) in (low, high)
    assert newcombe(*other, *one, alpha=alpha) == pytest.approx((-high, -low))


@given(counts=counted())
def test_an_interval_holds_its_proportion_lies_in_0_to_1_and_widens_with_certainty(counts):
    successes, n = counts
    wide, narrow = clopper_pearson(successes, n, alpha=0.01), clopper_pearson(successes, n, alpha=0.05)

    assert 0 <= wide.low <= narrow.low <= successes / n <= narrow.high <= wide.high <= 1


@given(counts=counted())
def test_failures_have_the_mirrored_interval_of_successes(counts):
    successes, n = counts
    low, high = clopper_pearson(successes, n)

    assert clopper_pearson(n - successes, n) == pytest.approx((1 - high, 1 - low), abs=1e-12)


def test_no_trials_say_nothing():
    assert clopper_pearson(0, 0) == (0, 1)


@pytest.mark.parametrize("counts", [(2, 1), (-1, 1), (0, -1)])
def test_more_successes_than_trials_are_refused(counts):
    with pytest.raises(ValueError, match="no proportion"):
        clopper_pearson(*counts)


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
