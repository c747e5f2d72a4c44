from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from agent_platform.drift import windows
from agent_platform.drift.measured import MeasuredRun, counted
from agent_platform.drift.windows import baseline_of, window_of
from agent_platform.moments import iso
from measurement.drift import movements

START, NOW = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)


def runs(number, *, every):
    """So many runs in their order."""
    moments = [iso(START + place * every) for place in range(number)]
    return [MeasuredRun(moment, f"{moment}#{place:05}", {}) for place, moment in enumerate(moments)]


def newest_first(found):
    return iter(found[::-1])


def at_night(found):
    """Which share of the runs came before six in the morning."""
    return sum(run.recorded_at[11:13] < "06" for run in found) / len(found)


def test_a_baseline_is_a_week_of_runs_and_longer_until_there_are_enough():
    often, seldom = runs(1_000, every=timedelta(minutes=30)), runs(1_000, every=timedelta(hours=1))
    enough = seldom[: windows.LEAST_OF_A_BASELINE]

    assert baseline_of(iter(often), now=NOW) == (often[: 7 * 48], "2026-11-08T00:00:00Z")
    assert baseline_of(iter(seldom), now=NOW) == (enough, enough[-1].key)


def test_a_baseline_of_many_runs_is_drawn_from_all_hours_of_all_its_days():
    found = runs(60 * 24 * 8, every=timedelta(minutes=1))
    taken, after = baseline_of(iter(found), now=NOW)
    days = Counter(run.recorded_at[:10] for run in taken)

    assert (len(taken), len(days), after) == (windows.MOST_OF_A_BASELINE, 7, "2026-11-08T00:00:00Z")
    assert min(days.values()) > 200
    assert at_night(taken) == pytest.approx(0.25, abs=0.04)
    assert taken == sorted(taken, key=lambda run: run.key)


def test_what_is_drawn_is_the_same_whenever_it_is_asked():
    found = runs(3_000, every=timedelta(minutes=3))

    assert baseline_of(iter(found), now=NOW) == baseline_of(iter(found), now=NOW + timedelta(days=1))


@pytest.mark.parametrize(("number", "every"), [(150, timedelta(days=1)), (0, timedelta(1))])
def test_a_baseline_is_not_complete_until_there_are_enough(number, every):
    found = runs(number, every=every)

    assert baseline_of(iter(found), now=NOW) == (found, None)


@pytest.mark.parametrize(("seconds", "complete"), [(-1, False), (0, True)])
def test_a_baseline_is_not_complete_until_its_week_is_over(seconds, complete):
    found = runs(500, every=timedelta(minutes=1))
    taken, after = baseline_of(iter(found), now=START + timedelta(days=7, seconds=seconds))

    assert (taken, after is not None) == (found, complete)


def test_no_run_of_the_baseline_is_in_a_window():
    for every in (timedelta(minutes=30), timedelta(hours=1)):
        found = runs(1_000, every=every)
        taken, after = baseline_of(iter(found), now=NOW)

        window = window_of(newest_first(found), after=after, until=START + len(taken) * every)
        assert window == found[len(taken) : len(taken) + len(window)]
        assert window


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


def test_a_window_of_a_busy_day_is_drawn_from_all_its_hours():
    found = runs(8_641, every=timedelta(seconds=10))
    taken = window_of(newest_first(found), after="", until=START + timedelta(days=1))

    assert len(taken) == windows.MOST_OF_A_WINDOW
    assert at_night(taken) == pytest.approx(0.25, abs=0.03)
    assert taken == sorted(taken, key=lambda run: run.key)


def test_days_that_are_alike_have_not_drifted_however_many_runs_they_have():
    """A third of the runs come at night, and are otherwise: one hour against another would be a drift."""
    every, days = timedelta(seconds=14.4), timedelta(days=9)
    found = [
        MeasuredRun(run.recorded_at, run.key, {"inputs.locale": "de-DE" if run.recorded_at[11:13] < "08" else "en-US"})
        for run in runs(days // every, every=every)
    ]
    baseline, after = baseline_of(iter(found), now=START + days)
    window = window_of(newest_first(found), after=after, until=START + days)

    [locale] = movements(counted(baseline, {}), counted(window, {}))
    assert (len(baseline), len(window), locale.drifted) == (2_000, 5_000, False)
