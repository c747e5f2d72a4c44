from datetime import UTC, datetime, timedelta

import pytest
from agent_platform.drift import windows
from agent_platform.drift.measured import MeasuredRun
from agent_platform.drift.windows import baseline_of, window_of
from agent_platform.moments import iso

START = datetime(2026, 11, 1, tzinfo=UTC)


def runs(number, *, every):
    """So many runs in their order."""
    moments = [iso(START + place * every) for place in range(number)]
    return [MeasuredRun(moment, f"{moment}#{place:05}", {}) for place, moment in enumerate(moments)]


def newest_first(found):
    return iter(found[::-1])


def test_a_baseline_is_a_week_of_runs_and_longer_until_there_are_enough():
    often, seldom = runs(1_000, every=timedelta(minutes=30)), runs(1_000, every=timedelta(hours=1))

    assert baseline_of(iter(often)) == (often[: 7 * 48], True)
    assert baseline_of(iter(seldom)) == (seldom[: windows.LEAST_OF_A_BASELINE], True)


def test_a_baseline_of_many_runs_is_complete_before_the_week_is_over():
    found = runs(2_500, every=timedelta(minutes=1))

    assert baseline_of(iter(found)) == (found[: windows.MOST_OF_A_BASELINE], True)


@pytest.mark.parametrize(
    ("number", "every"), [(150, timedelta(days=1)), (500, timedelta(minutes=1)), (0, timedelta(1))]
)
def test_a_baseline_is_not_complete_until_no_later_run_could_join_it(number, every):
    found = runs(number, every=every)

    assert baseline_of(iter(found)) == (found, False)


def test_a_window_is_the_last_day():
    found = runs(2_000, every=timedelta(minutes=2))
    until = START + timedelta(minutes=2 * 1_999)

    assert window_of(newest_first(found), after="", until=until) == found[-721:]


def test_of_few_runs_a_window_has_the_last_ones_and_none_that_is_older_than_four_weeks():
    hourly = runs(1_000, every=timedelta(hours=1))
    assert window_of(newest_first(hourly), after="", until=START + timedelta(hours=999)) == hourly[-200:]

    daily = runs(100, every=timedelta(days=1))
    assert window_of(newest_first(daily), after="", until=START + timedelta(days=99)) == daily[-29:]


def test_a_window_has_nothing_of_the_baseline():
    found = runs(300, every=timedelta(minutes=2))

    assert window_of(newest_first(found), after=found[250].key, until=START + timedelta(hours=10)) == found[251:]


def test_a_window_of_a_busy_day_is_its_last_runs():
    found = runs(6_000, every=timedelta(seconds=10))

    assert window_of(newest_first(found), after="", until=START + timedelta(days=1)) == found[-5_000:]
