"""One tenant's million events don't delay another's ten: what the small one waits, with and without the large one."""

import pytest
from agent_platform import telemetry

from tests.campaigns.shared_queue import SharedQueue

MOST, FEW = 100, 10
# When the ten come, in seconds: the large tenant has every slot by then.
MEANWHILE = 120
MINUTES_AGO, AN_HOUR_AGO = -160.0, -3600.0


@pytest.fixture(autouse=True)
def _quiet(monkeypatch):
    monkeypatch.setenv("WORKFLOW", "fairness")
    monkeypatch.setenv("LOG_LEVEL", "CRITICAL")
    monkeypatch.setattr(telemetry, "emit", lambda *_, **__: None)
    forget()
    yield
    forget()


def forget():
    for made in (telemetry._own, telemetry.workflow, telemetry.log):
        made.cache_clear()


def has_its_ten(world):
    return len(world.waits.get("small", ())) == FEW


def test_a_million_events_of_one_delay_ten_of_another_by_seconds(trials, seed, tell):
    many = trials(20_000, 1_000_000)
    alone = SharedQueue(seed, most=MOST)
    alone.send("small", FEW, at=MEANWHILE)
    alone.run(until=has_its_ten)

    world = SharedQueue(seed, most=MOST)
    # Those of an hour ago ask every few minutes, as the queue would have them by now.
    world.send("large", many, at=900, waiting_since=AN_HOUR_AGO)
    world.send("small", FEW, at=MEANWHILE)
    world.run(until=lambda now: now.seconds > MEANWHILE - 1)
    busy = world.open.total()
    world.run(until=has_its_ten)

    waits, before = sorted(world.waits["small"]), sorted(alone.waits["small"])
    tell(f"seed {seed}: {many} of the large one wait, {busy} of {MOST} slots are taken by it; the small one's"
         f" ten events waited {waits[FEW // 2]:.1f} s in the middle and {waits[-1]:.1f} s at most (alone"
         f" {before[-1]:.1f} s); {world.deliveries} deliveries, never more than {world.fullest} open")  # fmt: skip
    assert busy >= 0.9 * MOST, "the large tenant uses what nobody else wants"
    assert world.fullest <= MOST
    assert waits[-1] - before[-1] < trials(5, 30)


def test_two_large_tenants_come_to_hold_the_same(seed, tell):
    world = SharedQueue(seed, most=MOST)
    world.send("large", 2_000, at=40, waiting_since=MINUTES_AGO)
    world.send("other", 2_000, at=MEANWHILE)
    world.run(until=lambda now: now.seconds > MEANWHILE + 60)
    tell(f"seed {seed}: a minute after the other came: {dict(world.open)}")
    assert world.open["large"] <= MOST // 2
    assert world.open["other"] <= MOST // 2
    assert world.open.total() >= 0.9 * MOST


def test_every_event_starts_once_and_the_last_ones_do_not_wait_for_long_with_slots_free(trials, seed, tell):
    """What waited for longer asks seldomer; that costs at most a part of what it waited."""
    many = trials(1_000, 20_000)
    world = SharedQueue(seed, most=MOST)
    world.send("large", many, at=0)
    world.run(until=lambda now: len(now.waits.get("large", ())) == many)
    world.run(until=lambda _: False)
    shortest = many / MOST * 8
    tell(f"seed {seed}: {many} events at once were through after {max(world.waits['large']):.0f} s;"
         f" {shortest:.0f} s is what {MOST} slots need")  # fmt: skip
    assert len(world.waits["large"]) == many
    assert world.slots.boards()["outreach"].held == {}
    assert max(world.waits["large"]) < 1.5 * shortest
