"""The sequential test against a second one that bets customer by customer, and against the truth of every path."""

import itertools
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measurement.intervals import Interval
from measurement.sequential import Arm, Stage, confidence_sequence, decide

ALPHAS = (0.05, 0.01)


@st.composite
def arms(draw: st.DrawFn) -> Arm:
    n = draw(st.integers(0, 3_000))
    return Arm(n, draw(st.integers(0, n)))


STAGES = st.builds(lambda *each: [Stage(0.1, *each[:2]), Stage(0.5, *each[2:])], arms(), arms(), arms(), arms())
EXPECTED = st.sampled_from([0.5, 0.85, 0.97])


class Gamblers:
    """Five who bet customer by customer, with fractions, that the candidate is better by more than `difference`.

    Written from the papers: each bets a fixed part for the effect that it believes in, of what it has, on the weighted
    customer less the difference; together they start with 1.
    """

    def __init__(self, difference: Fraction, expected: Fraction) -> None:
        self._difference, self._expected = difference, expected
        self._purses = {Fraction(1, 2**power): Fraction(1, 5) for power in range(2, 7)}

    def see(self, value: Fraction, *, candidate: bool, share: Fraction) -> None:
        weight = 1 / share if candidate else -1 / (1 - share)
        excess = weight * (value - self._expected) - self._difference
        for effect in self._purses:
            self._purses[effect] *= 1 + self._bet(effect, share) * excess

    @property
    def wealth(self) -> Fraction:
        return sum(self._purses.values(), Fraction(0))

    def _bet(self, effect: Fraction, share: Fraction) -> Fraction:
        # Kelly's bet: the mean over the second moment, and at most nine tenths of what one customer can cost.
        variance = self._expected * (1 - self._expected)
        second_moment = variance / share + variance / (1 - share)
        cost = 1 + max(self._expected / share, (1 - self._expected) / (1 - share))
        return min(effect / second_moment, Fraction(9, 10) / cost)


def wealth(stages: list[Stage], difference: float, expected: Fraction, *, mirrored: bool = False) -> Fraction:
    """What the gamblers have after these customers; mirrored, they bet on failures instead."""
    gamblers = Gamblers(Fraction(difference), 1 - expected if mirrored else expected)
    for stage in stages:
        for arm, is_candidate in ((stage.candidate, True), (stage.baseline, False)):
            for customer in range(arm.n):
                succeeded = (customer < arm.total) != mirrored
                gamblers.see(Fraction(int(succeeded)), candidate=is_candidate, share=Fraction(str(stage.share)))
    return gamblers.wealth


@pytest.mark.parametrize(
    "stages",
    [
        [Stage(0.1, Arm(90, 80), Arm(11, 4))],
        [Stage(0.5, Arm(30, 29), Arm(31, 12))],
        [Stage(0.1, Arm(45, 12), Arm(6, 5)), Stage(0.5, Arm(35, 10), Arm(36, 33))],
    ],
    ids=["10 %", "50 %", "10 % and then 50 %"],
)
@pytest.mark.parametrize("alpha", ALPHAS)
def test_the_interval_ends_where_gamblers_who_see_one_customer_at_a_time_become_rich(stages, alpha):
    expected, nearby = Fraction(4, 5), 1e-5
    low, high = confidence_sequence(stages, expected=0.8, alpha=alpha)

    rich = 2 / alpha
    assert low == -1 or wealth(stages, low, expected) >= rich * 0.999
    assert wealth(stages, low + nearby, expected) < rich
    assert high == 1 or wealth(stages, -high, expected, mirrored=True) >= rich * 0.999
    assert wealth(stages, -high + nearby, expected, mirrored=True) < rich


@pytest.mark.parametrize("share", [Fraction(1, 10), Fraction(1, 2)])
@pytest.mark.parametrize("truth", [(Fraction(4, 5), Fraction(1, 2)), (Fraction(1, 3), Fraction(1, 3))])
def test_over_every_path_of_customers_the_odds_are_fair(share, truth):
    """The promise itself: against the true difference the mean wealth stays 1, whatever is expected of the baseline."""
    baseline, candidate = truth
    kinds = {
        (is_candidate, value): (share * candidate if is_candidate else (1 - share) * baseline)
        if value
        else (share * (1 - candidate) if is_candidate else (1 - share) * (1 - baseline))
        for is_candidate in (True, False)
        for value in (0, 1)
    }
    mean = Fraction(0)
    for path in itertools.product(kinds, repeat=3):
        gamblers, probability = Gamblers(candidate - baseline, Fraction(9, 10)), Fraction(1)
        for is_candidate, value in path:
            gamblers.see(Fraction(value), candidate=is_candidate, share=share)
            probability *= kinds[is_candidate, value]
        mean += probability * gamblers.wealth

    assert mean == 1


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30), st.lists(st.floats(0, 1), min_size=1, max_size=30))
@settings(max_examples=30, deadline=None)
def test_values_in_between_never_make_more_certain_than_seeing_each_would(baseline, candidate):
    stage = Stage(0.5, Arm(len(baseline), sum(baseline)), Arm(len(candidate), sum(candidate)))
    low, _ = confidence_sequence([stage], expected=0.5, alpha=0.5)
    gamblers = Gamblers(Fraction(low), Fraction(1, 2))
    for values, is_candidate in ((candidate, True), (baseline, False)):
        for value in values:
            gamblers.see(Fraction(value), candidate=is_candidate, share=Fraction(1, 2))

    assert low == -1 or gamblers.wealth >= 4 * 0.999


@given(STAGES, EXPECTED)
def test_an_interval_lies_between_minus_one_and_one_and_widens_with_certainty(stages, expected):
    narrow, wide = (confidence_sequence(stages, expected=expected, alpha=alpha) for alpha in ALPHAS)

    assert -1 <= wide.low <= narrow.low
    assert narrow.high <= wide.high <= 1


@given(STAGES, EXPECTED)
def test_swapped_arms_have_the_mirrored_interval(stages, expected):
    low, high = confidence_sequence(stages, expected=expected)
    swapped = [Stage(1 - each.share, each.candidate, each.baseline) for each in stages]

    assert confidence_sequence(swapped, expected=expected) == pytest.approx((-high, -low), abs=1e-5)


@given(STAGES, EXPECTED, st.integers(1, 50))
def test_more_successes_of_the_candidate_never_lower_the_interval(stages, expected, more):
    first, second = stages
    arm = first.candidate
    better = Stage(first.share, first.baseline, Arm(arm.n, min(arm.n, arm.total + more)))
    before, after = (confidence_sequence([each, second], expected=expected) for each in (first, better))

    assert after.low >= before.low - 1e-6
    assert after.high >= before.high - 1e-6


@given(STAGES, EXPECTED)
def test_the_order_of_stages_and_stages_without_customers_change_nothing(stages, expected):
    found = confidence_sequence(stages, expected=expected)

    empty = Stage(0.25, Arm(0, 0), Arm(0, 0))
    assert confidence_sequence([*reversed(stages), empty], expected=expected) == pytest.approx(found, abs=1e-5)


def test_no_customers_leave_everything_possible():
    assert confidence_sequence([], expected=0.9) == (-1, 1)


def test_customers_who_change_with_time_don_t_make_a_difference_between_arms():
    """Approval falls from 90 % to 60 % when the share rises: the plain means differ by 12 points, the arms by none."""
    stages = [Stage(0.1, Arm(9_000, 8_100), Arm(1_000, 900)), Stage(0.5, Arm(5_000, 3_000), Arm(5_000, 3_000))]
    low, high = confidence_sequence(stages, expected=0.8)

    assert low < 0 < high
    assert low > 3_900 / 6_000 - 11_100 / 14_000, "pooled, the arms would seem to differ by more than is possible"


@pytest.mark.parametrize(("share", "approval"), [(0.1, 0.97), (0.1, 0.5), (0.5, 0.97), (0.5, 0.8)])
def test_with_a_look_at_every_customer_from_the_first_on_the_truth_is_seldom_excluded(share, approval):
    """Small n is where approximations lie: here every one of the first 120 customers is a look, at a harsh alpha."""
    random, alpha, missed = Random(f"{share} {approval}"), 0.2, 0
    for _ in range(60):
        counts = {True: [0, 0], False: [0, 0]}
        for _ in range(120):
            arm = counts[random.random() < share]
            arm[0] += 1
            arm[1] += random.random() < approval
            stage = Stage(share, Arm(*counts[False]), Arm(*counts[True]))
            low, high = confidence_sequence([stage], expected=0.9, alpha=alpha)
            if not low <= 0 <= high:
                missed += 1
                break

    assert missed <= 60 * alpha


@pytest.mark.parametrize(
    ("interval", "decision"),
    [
        (Interval(-0.02, 0.01), "promote"),
        (Interval(0.01, 0.05), "promote"),
        (Interval(-0.02, -0.01), "promote"),
        (Interval(-0.03, 0.01), "hold"),
        (Interval(-0.1, 0.0), "hold"),
        (Interval(-0.1, -0.001), "roll_back"),
        (Interval(-1.0, 1.0), "hold"),
    ],
)
def test_the_decision_follows_from_the_interval_and_the_margin(interval, decision):
    assert decide(interval, 0.03) == decision


def test_what_can_t_be_is_refused():
    with pytest.raises(ValueError, match="no sum of 4"):
        Arm(3, 4)
    with pytest.raises(ValueError, match="share"):
        Stage(1, Arm(1, 1), Arm(1, 1))
    for wrong in ({"expected": 1.0}, {"expected": 0.5, "alpha": 0.0}):
        with pytest.raises(ValueError, match="between 0 and 1"):
            confidence_sequence([], **wrong)
