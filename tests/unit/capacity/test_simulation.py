"""The simulation of a campaign: nothing is lost, nothing exceeds what there is, and chance follows its seed."""

from dataclasses import replace

import pytest

from capacity.message import Message
from capacity.scenarios import campaign, scenarios
from capacity.simulation.arrivals import BEFORE
from capacity.simulation.resources import Bucket, Places
from capacity.simulation.results import percentile
from capacity.simulation.settings import Settings

MESSAGE = Message.recorded()
DEPLOYED = Settings.deployed(MESSAGE)


def simulated(settings=DEPLOYED, scale=1.0, seed=1):
    return campaign(settings, scale, seed=seed)


def test_tokens_come_back_with_time_and_no_more_are_saved_than_allowed():
    bucket = Bucket(rate=2, seconds=5)

    assert bucket.take(10, now=0)
    assert not bucket.take(1, now=0.4)
    assert bucket.take(1, now=0.5)
    assert not bucket.take(11, now=1000)
    assert bucket.take(10, now=1000)
    bucket.give_back(3)
    assert bucket.take(3, now=1000)


def test_places_are_as_many_as_there_are():
    places = Places(2)

    assert [places.enter() for _ in range(3)] == [True, True, False]
    places.leave()
    assert places.enter()


def test_a_seed_repeats_its_campaign_and_another_is_another():
    assert simulated() == simulated()
    assert simulated().campaign != simulated(seed=2).campaign


def test_everything_that_was_sent_comes_to_an_end():
    found = simulated(scale=2)
    demand = MESSAGE.demand
    sent = 2 * (demand.campaign + demand.ordinary(demand.campaign_hour) * (BEFORE + 300 + 900))

    assert found.failed == 0
    assert found.over == pytest.approx(sent, rel=0.1)


def test_no_more_runs_are_open_than_there_are_slots():
    few = simulated(replace(DEPLOYED, slots=5))

    assert few.most_open == 5
    assert few.failed == 0
    assert percentile(few.campaign, 0.5) > 10 * percentile(simulated().campaign, 0.5)


def test_with_room_for_all_a_run_takes_as_long_as_little_s_law_assumes():
    room = replace(DEPLOYED, slots=None, stage=1e6, tenant=1e6, starters=50, retrieve=1e6, concurrency=1e6)
    times = simulated(room, scale=4).campaign
    before = MESSAGE.seconds("ReceiveWebhookFunction") + MESSAGE.batch_seconds(1)

    assert sum(times) / len(times) == pytest.approx(before + MESSAGE.open_seconds, rel=0.05)


def test_without_slots_a_campaign_beyond_the_quota_makes_runs_fail_and_with_them_hardly_any():
    part = DEPLOYED.part(0.1)

    assert simulated(part.without_slots(), scale=4).failed_share > 0.2
    # A tenth of Retrieve's quota, two a second, is sometimes refused five times in a row.
    assert simulated(part, scale=4).failed_share < 0.002


def test_a_tenth_of_everything_is_as_fast_as_all_of_it():
    """The document simulates a part where the whole would take minutes."""
    whole, part = simulated(DEPLOYED.part(0.2), scale=4), simulated(DEPLOYED.part(0.1), scale=2)

    for share in (0.5, 0.95):
        assert percentile(part.campaign, share) == pytest.approx(percentile(whole.campaign, share), rel=0.25)


def test_after_its_changes_a_cell_carries_what_it_is_made_for():
    told = scenarios()

    assert told.settings.slots == DEPLOYED.slots * told.settings.judge_tokens / DEPLOYED.judge_tokens
    assert told.changed(told.cell).drained < 60
    assert told.deployed(told.cell).drained > 4 * told.changed(told.cell).drained
