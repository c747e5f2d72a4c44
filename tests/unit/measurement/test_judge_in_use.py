"""Probes of a judge, and what people made of the messages that it approved."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from measurement.imperfect_judge import Probes, corrected
from measurement.judge_in_use import InUse, Joined, _measured, _moved, _off, joined

PROBES = Probes(good=80, approved=72, bad=150, refused=120)
# Of a truth of 80 %, a judge that is right about 90 % of the good and 80 % of the bad approves 720 + 40 of 1,000.
AGREEING = InUse(judged=1000, approved=760, seen=190, upheld=180)


def width(interval):
    return interval.high - interval.low


@pytest.mark.parametrize("used", [InUse(1000, 760, 0, 0), InUse(0, 0, 5, 5)], ids=["unseen", "not judged"])
def test_without_people_or_messages_the_probes_stand_as_they_are(used):
    assert joined(PROBES, used).probes == PROBES


def test_people_who_say_the_same_make_it_surer_and_move_nothing():
    both = joined(PROBES, AGREEING)

    assert not both.at_odds
    assert both.probes.sensitivity == pytest.approx(0.9, abs=0.01)
    assert both.probes.specificity == pytest.approx(0.8, abs=0.01)
    assert both.probes.good > PROBES.good
    assert both.probes.bad > PROBES.bad
    assert width(both.probes.specificity_interval()) < width(PROBES.specificity_interval())


def test_a_decision_is_no_probe():
    """Every message that people see was approved: the upheld ones would say that a judge never refuses a good one."""
    counted = Probes(80 + 180, 72 + 180, 150 + 10, 120)

    assert counted.sensitivity > 0.96
    assert counted.specificity == 0.75
    assert joined(PROBES, AGREEING).probes.sensitivity < 0.92


def test_the_more_people_saw_the_surer_is_what_is_corrected():
    widths = []
    for seen in (19, 190, 760):
        both = joined(PROBES, InUse(1000, 760, seen, round(seen * 180 / 190)))
        found = corrected(760, 1000, both.probes)
        assert found
        assert found.rate == pytest.approx(0.8, abs=0.02)
        widths.append(width(found.interval))
    assert widths == sorted(widths, reverse=True)


def test_sources_at_odds_leave_the_probes_as_they_are():
    assert joined(PROBES, InUse(1000, 760, 190, 150)) == Joined(PROBES, at_odds=True)


def test_where_no_share_near_the_measured_ones_is_bound_the_sources_are_at_odds():
    """At this level the distance alone wouldn't say so."""
    few = Probes(40, 36, 80, 73)

    assert joined(few, InUse(5, 4, 5, 2), alpha=0.02) == Joined(few, at_odds=True)


def test_people_who_uphold_all_they_saw_lower_no_rate():
    probes = Probes(100, 95, 100, 90)
    alone = corrected(940, 1000, probes)
    both = corrected(940, 1000, joined(probes, InUse(1000, 940, 20, 20)).probes)

    assert both.rate == pytest.approx(alone.rate, abs=0.001)
    assert both.interval.low >= alone.interval.low


def test_a_share_that_is_held_at_its_end_leaves_the_others_where_they_are_bound():
    """The uphold rate can't pass 1: sensitivity takes what it can't, and meets the share of approvals."""
    both = joined(Probes(80, 60, 150, 148), InUse(1000, 800, 100, 100))
    bound = (both.probes.approved + 1) / (both.probes.good + 2)

    assert not both.at_odds
    assert bound == pytest.approx(0.796, abs=0.001)
    assert corrected(800, 1000, both.probes).rate > 0.99


@given(
    good=st.integers(60, 300), bad=st.integers(60, 300), sensitivity=st.floats(0.75, 1), specificity=st.floats(0.65, 1),
    judged=st.sampled_from([50, 1_000, 100_000]), truth=st.floats(0.3, 1), seen=st.integers(5, 500),
)  # fmt: skip
def test_what_is_moved_is_bound_as_it_must_be(good, bad, sensitivity, specificity, judged, truth, seen):
    approvals = truth * sensitivity + (1 - truth) * (1 - specificity)
    probes = Probes(good, round(good * sensitivity), bad, round(bad * specificity))
    used = InUse(judged, round(judged * approvals), seen, round(seen * truth * sensitivity / approvals))
    moved = _moved(*_measured(probes, used))

    assert moved
    assert all(0 <= share <= 1 for share in moved)
    assert _off(moved)[0] == pytest.approx(0, abs=1e-6)


def test_people_who_reject_nothing_agree_with_a_judge_who_lets_nothing_pass():
    both = joined(Probes(80, 78, 150, 150), InUse(1000, 900, 300, 300))

    assert not both.at_odds
    assert both.probes.specificity > 0.97
    assert 0 <= both.probes.refused <= both.probes.bad


def test_a_judge_without_discrimination_is_not_mended_by_people():
    coin = Probes(100, 90, 200, 20)

    assert joined(coin, AGREEING).probes == coin


@pytest.mark.parametrize("used", [InUse(10, 11, 0, 0), InUse(10, -1, 0, 0), InUse(10, 5, 5, 6), InUse(10, 5, 5, -1)])
def test_what_can_t_be_is_refused(used):
    with pytest.raises(ValueError, match="can't be"):
        joined(PROBES, used)
