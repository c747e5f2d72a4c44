from random import Random

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from measurement.credit import (
    CERTAINTY,
    HARM,
    HARM_LIMIT,
    LEAST,
    MOST,
    SPREAD,
    WORSE_THAN,
    Counts,
    harm_limit,
    standing,
    uplift,
)
from measurement.proportions import newcombe
from scipy import stats

BASE = Counts(1_000, 250, 10)


@st.composite
def counts(draw: st.DrawFn, most: int = 2_000) -> Counts:
    uses = draw(st.integers(0, most))
    return Counts(uses, draw(st.integers(0, uses)), draw(st.integers(0, uses)))


@given(case=counts(), base=counts())
def test_a_factor_is_bounded_whatever_is_counted(case, base):
    assert LEAST <= standing(case, base).factor <= MOST


@given(base=counts())
def test_a_case_that_was_never_used_is_average_and_never_at_fault(base):
    assert standing(Counts(0, 0, 0), base) == (1.0, None, 0.0)


@given(base=counts(), case=counts(200))
def test_one_more_good_outcome_never_sinks_a_case_and_one_more_harm_never_lifts_it(base, case):
    assume(max(case.good, case.harmed) < case.uses)

    assert standing(Counts(case.uses, case.good + 1, case.harmed), base).factor >= standing(case, base).factor
    assert standing(Counts(case.uses, case.good, case.harmed + 1), base).factor <= standing(case, base).factor


def test_few_uses_are_drawn_to_the_base_and_many_speak_for_themselves():
    once, often = standing(Counts(1, 1, 0), BASE).factor, standing(Counts(400, 400, 0), BASE).factor
    rate = standing(Counts(4_000, 1_400, 0), Counts(40_000, 10_000, 0)).factor

    assert 1 < once < 1.3 < often == MOST
    assert rate == pytest.approx(1.4, rel=0.01)


def test_the_posterior_is_the_beta_that_is_stated():
    """Its prior has the base's mean and a spread of SPREAD of it; a harm counts as HARM uses without a good outcome."""
    case, mean = Counts(30, 4, 1), 250.5 / (1_000 + 10 * HARM + 1)
    strength = (1 - mean) / (mean * SPREAD**2) - 1
    prior = stats.beta(strength * mean, strength * (1 - mean))
    posterior = stats.beta(strength * mean + 4, strength * (1 - mean) + 30 + HARM - 4)

    assert prior.std() == pytest.approx(SPREAD * mean)
    assert standing(case, BASE).factor == pytest.approx(posterior.mean() / mean)


@given(case=counts(300))
def test_a_case_is_at_fault_exactly_when_a_posterior_is_sure(case):
    # The rate as counted, and all that it may be.
    rates = np.array([250.5 / 1_051, *stats.beta(250.5, 800.5).ppf((np.arange(2_000) + 0.5) / 2_000)])
    strength = (1 - rates) / (rates * SPREAD**2) - 1
    lost = case.uses + HARM * case.harmed - case.good
    below = stats.beta(strength * rates + case.good, strength * (1 - rates) + lost).cdf(WORSE_THAN * rates)
    worse = below[0] if below[0] < CERTAINTY else min(below[0], below[1:].mean())
    often = 10.5 / 1_001
    harms = stats.beta(20 * often + case.harmed, 20 * (1 - often) + case.uses - case.harmed).sf(HARM_LIMIT)
    assume(abs(max(worse, harms) - CERTAINTY) > 1e-3)
    assume(abs(worse - harms) > 1e-3)

    found = standing(case, BASE)

    if max(worse, harms) < CERTAINTY:
        assert found.fault is None
    else:
        assert found.fault == ("worse" if worse > harms else "harmful")
        assert found.certainty == pytest.approx(max(worse, harms), abs=1e-3)


def test_against_a_base_of_hardly_any_messages_no_case_is_surely_worse():
    assert standing(Counts(12, 0, 0), Counts(0, 0, 0)).fault is None
    assert standing(Counts(60, 0, 0), Counts(4, 1, 0)).fault is None
    assert standing(Counts(60, 0, 0), BASE).fault == "worse"


@pytest.mark.parametrize("held_out", [0.0, 0.1])
@pytest.mark.parametrize("rate", [0.05, 0.2])
def test_a_neutral_case_that_every_message_uses_is_hardly_ever_quarantined(held_out, rate):
    """The base is then the held out alone: the few, or none, that there are must not make it look bad."""
    random, blamed = Random(1), 0
    for _ in range(50):
        used, without = [0, 0], [0, 0]
        for message in range(200):
            counted = without if random.random() < held_out else used
            counted[0] += 1
            counted[1] += random.random() < rate
            if message % 10 == 0 and standing(Counts(*used, 0), Counts(*without, 0)).fault:
                blamed += 1
                break
    assert blamed <= 2


def test_where_customers_leave_anyway_a_case_is_not_blamed_for_it():
    leaving = Counts(1_000, 250, 60)

    assert harm_limit(leaving) == pytest.approx(0.12)
    assert standing(Counts(200, 50, 14), leaving).fault is None
    assert standing(Counts(200, 50, 50), leaving).fault == "harmful"


def test_average_cases_are_seldom_quarantined_however_often_one_looks():
    random, wrong = Random(11), 0
    for _ in range(200):
        good = harmed = 0
        for uses in range(1, 301):
            good += random.random() < 0.25
            harmed += random.random() < 0.01
            if standing(Counts(uses, good, min(harmed, uses)), BASE).fault:
                wrong += 1
                break

    assert wrong <= 200 * (1 - CERTAINTY)


@pytest.mark.parametrize(
    ("one", "n", "other", "m", "low", "high"),
    [
        (56, 70, 48, 80, 0.0524, 0.3339),
        (9, 10, 3, 10, 0.1705, 0.8090),
        (6, 7, 2, 7, 0.0582, 0.8062),
        (5, 56, 0, 29, -0.0381, 0.1926),
        (0, 10, 0, 20, -0.1611, 0.2775),
        (0, 10, 0, 10, -0.2775, 0.2775),
        (10, 10, 0, 20, 0.6791, 1.0),
        (10, 10, 0, 10, 0.6075, 1.0),
    ],
)
def test_the_interval_of_a_difference_is_the_one_that_newcombe_printed(one, n, other, m, low, high):
    """Table II of the paper, method 10."""
    assert newcombe(one, n, other, m) == pytest.approx((low, high), abs=5e-5)


def test_without_one_arm_nothing_is_known_but_how_many_are_needed():
    nothing = uplift(Counts(0, 0, 0), Counts(0, 0, 0))

    assert (nothing.difference, nothing.interval) == (None, None)
    assert uplift(Counts(50, 10, 0), Counts(0, 0, 0)).interval is None
    assert nothing.needed > 100


def test_a_difference_is_known_when_its_interval_excludes_none_or_is_narrow():
    plain = uplift(Counts(900, 300, 0), Counts(100, 10, 0))
    unclear = uplift(Counts(90, 20, 0), Counts(10, 2, 0))
    alike = uplift(Counts(90_000, 18_000, 0), Counts(10_000, 2_000, 0))

    assert (plain.needed, alike.needed) == (0, 0)
    assert plain.interval.low > 0 > unclear.interval.low
    assert unclear.needed > 0


@given(n=st.integers(100, 500), m=st.integers(10, 60), percent=st.integers(0, 50))
def test_what_is_needed_is_enough_at_the_rates_and_the_split_so_far_and_much_less_is_not(n, m, percent):
    found = uplift(Counts(n, n * percent // 100, 0), Counts(m, m * percent // 100, 0))
    assume(found.needed)

    def later(part: float) -> float:
        times = part * (n + m + found.needed) / (n + m)
        arms = [Counts(round(each * times), round((each * percent // 100) * times), 0) for each in (n, m)]
        low, high = uplift(*arms).interval
        return high - low

    assert later(1.2) <= 2 * 0.05 < later(0.6)


@pytest.mark.parametrize("wrong", [(1, 2, 0), (1, 0, 2), (-1, 0, 0), (5, -1, 0)])
def test_impossible_counts_are_refused(wrong):
    with pytest.raises(ValueError, match="are no counts"):
        Counts(*wrong)
