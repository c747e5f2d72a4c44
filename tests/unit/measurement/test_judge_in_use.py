"""Probes of a judge, and what people made of the messages that he approved."""

import pytest
from measurement.imperfect_judge import Probes, corrected
from measurement.judge_in_use import InUse, joined

PROBES = Probes(good=80, approved=72, bad=150, refused=120)
# Of a truth of 80 %, a judge who is right about 90 % of the good and 80 % of the bad approves 720 + 40 of 1,000.
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


def test_people_who_reject_more_than_the_probes_allow_say_that_the_judge_lets_more_pass():
    both = joined(PROBES, InUse(1000, 760, 190, 150))

    assert both.at_odds
    assert both.probes.specificity < PROBES.specificity


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
