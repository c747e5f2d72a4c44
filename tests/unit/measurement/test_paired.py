import time
from random import Random

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from measurement.paired import FEWEST, compare_approvals, compare_slices, compare_values, tango
from scipy import optimize, stats

APPROVALS = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=200)
SCORES = st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=2, max_size=200)
COMPARES = pytest.mark.parametrize("compare", [compare_approvals, compare_values])


def swapped(pairs):
    return [(candidate, baseline) for baseline, candidate in pairs]


def approvals(wins: int, losses: int, ties: int) -> list[tuple[bool, bool]]:
    return [(False, True)] * wins + [(True, False)] * losses + [(True, True)] * ties


def tango_by_likelihood(wins: int, losses: int, n: int, difference: float) -> float:
    """The score statistic with its nuisance parameter found by searching the likelihood itself."""

    def unlikelihood(lost: float) -> float:
        won = lost + difference
        cells = [(wins, won), (losses, lost), (n - wins - losses, 1 - won - lost)]
        return -sum(k * np.log(max(p, 1e-300)) for k, p in cells if k)

    bounds = (max(0, -difference), (1 - difference) / 2)
    lost = optimize.minimize_scalar(unlikelihood, bounds=bounds, method="bounded", options={"xatol": 1e-12}).x
    variance = n * (2 * lost + difference - difference**2)
    return (wins - losses - n * difference) / np.sqrt(variance)


@pytest.mark.parametrize(("wins", "losses", "n"), [(5, 2, 40), (1, 0, 25), (30, 41, 200), (12, 12, 24), (0, 7, 60)])
@pytest.mark.parametrize("alpha", [0.05, 0.005])
def test_at_both_ends_of_tango_s_interval_the_score_is_the_normal_quantile(wins, losses, n, alpha):
    low, high = tango(wins, losses, n, alpha=alpha)

    z = stats.norm.ppf(1 - alpha / 2)
    assert tango_by_likelihood(wins, losses, n, low) == pytest.approx(z, rel=1e-3)
    assert tango_by_likelihood(wins, losses, n, high) == pytest.approx(-z, rel=1e-3)


def test_without_a_disagreement_tango_s_interval_is_known():
    z = stats.norm.ppf(0.975)

    assert tango(0, 0, 40) == pytest.approx((-(z**2) / (40 + z**2), z**2 / (40 + z**2)))


def test_tango_s_interval_covers_the_truth_as_often_as_it_says_also_with_forty_requests():
    trials = np.random.default_rng(3).multinomial(40, [0.08, 0.13, 0.79], size=2_000)
    covered = sum((found := tango(wins, losses, 40)).low <= -0.05 <= found.high for wins, losses, _ in trials.tolist())

    assert 0.935 <= covered / 2_000 <= 0.975


@given(APPROVALS)
def test_the_p_value_of_approvals_is_mcnemar_s(pairs):
    found = compare_approvals(pairs, margin=0.05)

    decided = found.wins + found.losses
    expected = stats.binomtest(found.wins, decided).pvalue if decided else 1
    assert found.p_value == pytest.approx(expected)


@given(SCORES)
def test_values_are_compared_as_scipy_s_paired_t_test(pairs):
    assume(len({candidate - baseline for baseline, candidate in pairs}) > 1)
    found = compare_values(pairs, margin=0.2)

    theirs = stats.ttest_rel([candidate for _, candidate in pairs], [baseline for baseline, _ in pairs])
    assert found.interval == pytest.approx(tuple(theirs.confidence_interval(0.95)))
    assert found.p_value == pytest.approx(theirs.pvalue, abs=1e-12)


def test_the_interval_of_skewed_latencies_covers_as_often_as_it_says_and_is_near_the_bootstrap_s():
    latencies = np.random.default_rng(5).lognormal(0, 1, size=(1_000, 200, 2))
    intervals = [compare_values(pairs, margin=0.1).interval for pairs in latencies[:, :, :].tolist()]
    covered = sum(low <= 0 <= high for low, high in intervals)
    differences = latencies[0, :, 1] - latencies[0, :, 0]
    theirs = stats.bootstrap((differences,), np.mean, method="BCa", rng=np.random.default_rng(5)).confidence_interval

    assert 930 <= covered <= 970
    assert intervals[0] == pytest.approx((theirs.low, theirs.high), abs=0.1 * (theirs.high - theirs.low))


@COMPARES
@given(pairs=APPROVALS)
def test_swapped_arms_give_the_mirrored_comparison(compare, pairs):
    assume(len(pairs) > 1)
    found, mirrored = compare(pairs, margin=0.05), compare(swapped(pairs), margin=0.05)

    assert (mirrored.wins, mirrored.ties, mirrored.losses) == (found.losses, found.ties, found.wins)
    assert mirrored.difference == pytest.approx(-found.difference)
    assert mirrored.interval == pytest.approx((-found.interval.high, -found.interval.low))
    assert mirrored.p_value == pytest.approx(found.p_value)


@COMPARES
@given(pairs=APPROVALS)
def test_more_certainty_needs_a_wider_interval_around_the_difference(compare, pairs):
    assume(len(pairs) > 1)
    narrow, wide = (compare(pairs, margin=0.05, alpha=alpha).interval for alpha in (0.05, 0.01))

    assert wide.low <= narrow.low <= compare(pairs, margin=0.05).difference + 1e-12
    assert narrow.low <= narrow.high <= wide.high


@given(APPROVALS)
def test_a_difference_of_approvals_lies_between_minus_one_and_one(pairs):
    found = compare_approvals(pairs, margin=0.05, alpha=0.001)

    assert -1 <= found.interval.low <= found.difference <= found.interval.high <= 1
    assert found.wins + found.ties + found.losses == found.n


@given(st.integers(1, 100), st.integers(0, 100), st.integers(0, 100))
def test_one_more_win_in_place_of_a_loss_never_lowers_the_interval(losses, wins, ties):
    n = wins + losses + ties
    before, after = tango(wins, losses, n), tango(wins + 1, losses - 1, n)

    assert after.low >= before.low - 1e-12
    assert after.high >= before.high - 1e-12


@pytest.mark.parametrize(
    ("pairs", "verdict"),
    [
        (approvals(30, 5, 165), "better"),
        (approvals(4, 4, 392), "not_worse"),
        (approvals(5, 40, 155), "worse"),
        (approvals(10, 12, 78), "inconclusive"),
        # Surely worse, and surely by less than what was declared acceptable.
        (approvals(0, 40, 3_960), "not_worse"),
        (approvals(FEWEST - 1, 0, 0), "inconclusive"),
        (approvals(FEWEST, 0, 0), "better"),
    ],
)
def test_the_verdict_says_what_the_interval_shows(pairs, verdict):
    assert compare_approvals(pairs, margin=0.03).verdict == verdict


def test_where_less_is_better_a_win_is_less_and_the_difference_stays_in_its_unit():
    cheaper = [(1.0 + each % 7 / 10, 0.5 + each % 5 / 10) for each in range(50)]
    found = compare_values(cheaper, margin=0.1, less_is_better=True)

    assert found.verdict == "better"
    assert found.difference < 0
    assert found.wins > found.losses
    assert compare_values(cheaper, margin=0.1).verdict == "worse"


def test_values_that_never_differ_are_not_worse_and_a_constant_gain_is_better():
    assert compare_values([(4, 4)] * 40, margin=0.1).verdict == "not_worse"
    assert compare_values([(4, 4)] * 40, margin=0.1).p_value == 1
    assert compare_values([(4, 5)] * 40, margin=0.1).verdict == "better"
    assert compare_values([(4, 5)] * 40, margin=0.1).p_value == 0


@COMPARES
def test_with_as_many_requests_as_are_needed_alike_arms_are_shown_not_to_be_worse_as_often_as_said(compare):
    random = Random(11)

    def alike(n: int) -> list[tuple[bool, bool]]:
        return [(random.random() < 0.85, random.random() < 0.85) for _ in range(n)]

    needed = compare(alike(5_000), margin=0.1).needed
    shown = sum(compare(alike(needed), margin=0.1).interval.low > -0.1 for _ in range(500))

    assert 0.74 <= shown / 500 <= 0.86


def test_seeing_no_disagreement_does_not_mean_that_one_request_is_enough():
    assert compare_approvals(approvals(0, 0, 20), margin=0.05).needed > 100


def test_slices_are_corrected_for_the_number_of_those_that_are_large_enough():
    slices = {"win_back": approvals(10, 4, 80), "reminder": approvals(3, 3, 60), "new": approvals(1, 0, 2)}
    found = compare_slices(compare_approvals, slices, margin=0.05, alpha=0.05)

    assert found == {
        name: compare_approvals(slices[name], margin=0.05, alpha=0.025) for name in ("win_back", "reminder")
    }
    assert compare_slices(compare_values, {"new": [(1.0, 2.0)]}, margin=0.05) == {}


@COMPARES
def test_what_can_t_be_compared_is_refused(compare):
    with pytest.raises(ValueError, match="pairs"):
        compare([], margin=0.05)
    with pytest.raises(ValueError, match="margin"):
        compare(approvals(10, 10, 10), margin=0)


@COMPARES
def test_five_thousand_pairs_are_compared_at_once(compare):
    random = Random(2)
    pairs = [(random.random() < 0.8, random.random() < 0.8) for _ in range(5_000)]
    started = time.process_time()
    compare(pairs, margin=0.02)

    assert time.process_time() - started < 0.2
