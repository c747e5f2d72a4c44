"""One tenant's million events don't delay another's ten: what the small one waits, with and without the large one."""

import time
from collections.abc import Callable
from typing import Any

import pytest
import requests
from agent_platform.ingest.slots import Slots

from tests.campaigns.conftest import whole_only
from tests.campaigns.neighbours import Tenant, executions, lying_in
from tests.campaigns.shared_queue import SharedQueue
from tests.silence import silence
from tests.workflow.deployed import Deployed

MOST, FEW = 100, 10
# On the local AWS: so many slots, and so many events of the large tenant.
FEW_SLOTS, HUNDREDS = 4, 200
SLOW = {"kind": "stall", "seconds": 0.5, "role": "writer"}
PATIENCE_SECONDS = 600
# When the ten come, in seconds: the large tenant has every slot by then.
MEANWHILE = 120
MINUTES_AGO, AN_HOUR_AGO = -160.0, -3600.0


@pytest.fixture(autouse=True)
def _quiet():
    with silence("fairness"):
        yield


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


@pytest.fixture
def _slow_and_few(deployed: Deployed):
    """A model that takes its time, and few slots."""
    deployed.fault(SLOW)
    with deployed.given("OutreachStartExecutionFunction", MAX_OPEN_EXECUTIONS=str(FEW_SLOTS)):
        yield
    assert deployed.stack.local
    requests.delete(f"{deployed.stack.local.model_endpoint}/_control/faults", timeout=10).raise_for_status()


@pytest.fixture
def slots(deployed: Deployed) -> Slots:
    """The stack's slots."""
    stack = deployed.stack
    return Slots(table=stack.outputs["Admission"], dynamodb=stack.dynamodb, pause=time.sleep)


def through(deployed: Deployed, slots: Slots) -> int:
    """Wait until nothing waits and no run is open; how many slots were taken at most meanwhile."""
    fullest = 0

    def idle() -> bool:
        nonlocal fullest
        taken = sum(board.taken for board in slots.boards().values())
        fullest = max(fullest, taken)
        return not taken and not lying_in(deployed.stack, "OutreachQueueUrl")

    deployed.until(idle, "every slot to be free and the queue to be empty", patience=PATIENCE_SECONDS)
    return fullest


@whole_only
@pytest.mark.usefixtures("_slow_and_few")
def test_on_the_local_aws_ten_of_one_pass_hundreds_of_another(
    deployed: Deployed, slots: Slots, sample: Callable[..., dict[str, Any]], tell: Callable[[str], None]
) -> None:
    stack = deployed.stack
    before, dead = {each["name"] for each in executions(stack)}, lying_in(stack, "OutreachDeadLettersUrl")
    alone, large, small = (Tenant.new(stack, word) for word in ("alone", "large", "small"))
    alone.send([sample("good-referral") for _ in range(FEW)])
    through(deployed, slots)
    large.send([sample("good-referral") for _ in range(HUNDREDS)])
    small.send([sample("good-referral") for _ in range(FEW)])
    fullest = through(deployed, slots)

    began = [each for each in executions(stack) if each["name"] not in before]
    starts = {each["name"]: each["startDate"] for each in began}
    assert sorted(each["name"] for each in began) == sorted({*alone.sent, *large.sent, *small.sent})
    assert lying_in(stack, "OutreachDeadLettersUrl") == dead
    assert fullest <= FEW_SLOTS
    assert [slot for each in (alone, large, small) for slot in slots.held(each.name)] == []
    without, waits, others = (each.waits(starts) for each in (alone, small, large))
    last = max(starts[run] for run in small.sent)
    left = sum(starts[run] > last for run in large.sent)
    tell(f"{HUNDREDS} events of one and {FEW} of another, {FEW_SLOTS} slots: the ten waited {waits[FEW // 2]:.1f} s in"
         f" the middle and {waits[-1]:.1f} s at most (alone {without[FEW // 2]:.1f} and {without[-1]:.1f} s), the"
         f" others {others[HUNDREDS // 2]:.0f} and {others[-1]:.0f} s; {left} of them began after the last of the ten;"
         f" never more than {fullest} open, each once, none among the dead")  # fmt: skip
    assert left > HUNDREDS // 2
