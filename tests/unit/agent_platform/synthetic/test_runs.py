"""A synthetic run is known by its event's id, and by nothing else."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from agent_platform.synthetic.runs import SyntheticRun
from hypothesis import given
from hypothesis import strategies as st

NOW = datetime(2026, 11, 21, 12, 0, 0, 345_678, tzinfo=UTC)
# Whose milliseconds since 1970 have thirteen digits.
MOMENTS = st.timedeltas(timedelta(0), timedelta(days=100_000)).map(
    lambda later: datetime(2001, 9, 10, tzinfo=UTC) + later
)


@given(MOMENTS, st.booleans())
def test_its_events_id_tells_which_run_it_was_to_the_millisecond_and_whose(sent_at, by_hand):
    run = SyntheticRun.begin(sent_at, by_hand=by_hand)
    again = SyntheticRun.of(run.event_id)

    assert (again.token, again.by_hand) == (run.token, by_hand)
    assert timedelta(0) <= run.sent_at - again.sent_at < timedelta(milliseconds=1)
    # What the webhook takes for an id.
    assert len(run.event_id) <= 128
    assert "." not in run.event_id


def test_two_runs_of_the_same_moment_are_two():
    assert SyntheticRun.begin(NOW).event_id != SyntheticRun.begin(NOW).event_id


@pytest.mark.parametrize("event_id", ["msg_1", "synthetic_1_0", "xsynthetic_1700000000000_0123456789abcdef", ""])
def test_an_event_that_a_person_sent_is_no_run(event_id):
    assert SyntheticRun.of(event_id) is None


def test_it_took_as_long_as_from_its_sending_until_now():
    run = SyntheticRun.begin(NOW)
    assert run.took(NOW + timedelta(seconds=2, milliseconds=5, microseconds=999)) == 2005


def test_its_body_is_the_workflows_event_with_what_is_its_own():
    run = SyntheticRun.begin(NOW)
    event = {"timestamp": "$now", "data": {"id": "$run", "comment": "Fine. $canary", "price": 5}}

    assert json.loads(run.body_of(event)) == {
        "timestamp": "2026-11-21T12:00:00Z",
        "data": {"id": run.token, "comment": f"Fine. {run.canary}", "price": 5},
    }


def test_an_event_that_asks_for_more_than_there_is_is_a_defect():
    with pytest.raises(KeyError):
        SyntheticRun.begin(NOW).body_of({"id": "$customer"})
