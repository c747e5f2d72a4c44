"""An imperfect judge's approvals, corrected."""

import pytest
from measurement.imperfect_judge import Probes, corrected, probes_needed
from measurement.proportions import clopper_pearson

GOOD_JUDGE = Probes(good=100, approved=90, bad=200, refused=160)
COIN = Probes(good=100, approved=90, bad=200, refused=20)


def test_probes_say_how_often_the_judge_is_right_about_either_kind():
    assert (GOOD_JUDGE.sensitivity, GOOD_JUDGE.specificity) == (0.9, 0.8)
    assert GOOD_JUDGE.sensitivity_interval() == clopper_pearson(90, 100)
    assert GOOD_JUDGE.specificity_interval() == clopper_pearson(160, 200)


def test_discrimination_is_youdens_index():
    found = GOOD_JUDGE.discrimination()
    assert found.low < 0.9 + 0.8 - 1 < found.high


def test_the_estimate_is_rogan_and_gladens():
    # Of a truth of 60 % such a judge approves 0.6 * 0.9 + 0.4 * 0.2 = 62 %.
    found = corrected(620, 1000, GOOD_JUDGE)
    assert found
    assert found.rate == pytest.approx(0.6)
    assert found.interval.low < 0.6 < found.interval.high


def test_the_interval_is_lang_and_reiczigels():
    """Worked by hand from their formulas for 100 of 200, sensitivity 0.9 of 100 and specificity 0.8 of 100."""
    z = 1.959964
    n, seen = 200 + z * z, (100 + z * z / 2) / (200 + z * z)
    of_good, of_bad = (91 / 102) * (11 / 102) / 102, (81 / 102) * (21 / 102) / 102
    index = 91 / 102 + 81 / 102 - 1
    rate = (seen + 81 / 102 - 1) / index
    middle = rate + 2 * z * z * (rate * of_good - (1 - rate) * of_bad)
    half = z * (seen * (1 - seen) / n + (1 - rate) ** 2 * of_bad + rate**2 * of_good) ** 0.5 / index

    found = corrected(100, 200, Probes(good=100, approved=90, bad=100, refused=80))

    assert found
    assert found.interval == pytest.approx((middle - half, middle + half), rel=1e-6)


def test_the_fewer_the_probes_the_wider_the_interval_however_many_were_judged():
    many = corrected(620_000, 1_000_000, GOOD_JUDGE)
    few = corrected(620_000, 1_000_000, Probes(good=50, approved=45, bad=50, refused=40))
    assert many
    assert few
    assert few.interval.high - few.interval.low > many.interval.high - many.interval.low > 0.1


@pytest.mark.parametrize("approved", [0, 1000])
def test_a_rate_stays_between_0_and_1(approved):
    found = corrected(approved, 1000, GOOD_JUDGE)
    assert found
    assert 0 <= found.interval.low <= found.rate <= found.interval.high <= 1


@pytest.mark.parametrize(
    "probes",
    [COIN, Probes(0, 0, 200, 200), Probes(100, 100, 0, 0), Probes(good=3, approved=3, bad=3, refused=3)],
    ids=["a coin", "no good drafts", "no bad drafts", "too few to tell"],
)
def test_who_is_not_shown_to_discriminate_is_not_corrected(probes):
    assert not probes.discriminates()
    assert corrected(620, 1000, probes) is None


def test_the_bound_is_stated():
    assert GOOD_JUDGE.discriminates(least=0.5)
    assert not GOOD_JUDGE.discriminates(least=0.65)


@pytest.mark.parametrize(("approved", "judged"), [(2, 1), (-1, 1), (0, 0)])
def test_what_is_no_proportion_is_refused(approved, judged):
    with pytest.raises(ValueError, match="no proportion"):
        corrected(approved, judged, GOOD_JUDGE)


def test_a_perfect_judge_with_many_probes_changes_little():
    found = corrected(600, 1000, Probes(100_000, 100_000, 100_000, 100_000))
    assert found
    assert found.rate == pytest.approx(0.6)
    assert found.interval == pytest.approx(clopper_pearson(600, 1000), abs=0.002)


@pytest.mark.parametrize("half_width", [0.3, 0.15, 0.1, 0.05])
def test_so_many_probes_make_a_usable_judge_s_interval_as_wide_as_was_wanted(half_width):
    needed = probes_needed(half_width)
    found = Probes(needed, round(0.9 * needed), needed, round(0.8 * needed)).discrimination()
    assert (found.high - found.low) / 2 == pytest.approx(half_width, rel=0.15)


@pytest.mark.parametrize("half_width", [0, 1, -0.1])
def test_no_number_of_probes_makes_an_interval_of_no_width(half_width):
    with pytest.raises(ValueError, match="no half width"):
        probes_needed(half_width)
