"""A day as a flow: what comes in and isn't written waits."""

from dataclasses import replace

import pytest

from capacity.backlog import day, writes_a_second
from capacity.inputs import demand
from capacity.message import Message

# A message a second all day, and 3,600 at once at ten.
STEADY = replace(demand(), messages_a_day=86_400, hours=(1,) * 24, campaign_share=1 / 24, campaign_minutes=1)


def test_nothing_waits_where_more_can_be_written_than_comes():
    quiet = day(1, 100, STEADY)

    assert quiet.most == quiet.left == 0
    assert quiet.drained == 1


def test_a_campaign_waits_until_what_is_left_over_has_carried_it():
    """Two a second are written, one comes: of 3,600 and a minute's own, sixty a minute go."""
    busy = day(1, 2, STEADY)

    assert busy.most == pytest.approx(3600 - 60)
    assert busy.drained == 60
    assert busy.longest_wait == pytest.approx(3540 / 2)


def test_what_never_fits_is_left_to_the_next_day():
    full = day(2, 1, STEADY)

    assert full.left == pytest.approx(86_400 + 2 * 3600)
    assert full.drained is None


def test_open_runs_write_as_many_a_second_as_leave():
    message = Message.recorded()

    assert writes_a_second(message, 10 * message.open_seconds) == pytest.approx(10)
