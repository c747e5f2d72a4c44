"""The stream's promise: whatever lies beside it and whatever fails meanwhile, a genuine event comes to one message, a
customer's events are taken in in their order, and what is refused is told by its place and holds nobody up.
"""

import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from operations import events
from operations.stack import Stack
from tests.campaigns.conftest import whole_only
from tests.campaigns.crashes import Crashes
from tests.campaigns.grants import grants, removed
from tests.campaigns.streamed import READER, Shore, give
from tests.workflow.deployed import Deployed, said

type Sample = Callable[..., dict[str, Any]]

# The emulator reads a stream by itself, and takes what functions log and trace without asking.
UNCHECKED = {"kinesis", "logs", "xray"}
# How many of the points at which the reader can be killed; each costs seconds.
KILLED = 5

pytestmark = whole_only


@pytest.fixture(scope="module")
def streamed(deployed: Deployed) -> Iterator[Deployed]:
    """The stack with a stream, which is taken from it again."""
    give(deployed.stack, StreamIngest="on")
    yield Deployed.now()
    give(deployed.stack, StreamIngest="off")
    assert "EventStreamName" not in Stack("local").outputs


@pytest.fixture
def shore(streamed: Deployed) -> Shore:
    return Shore(streamed)


def assert_kept(shore: Shore) -> None:
    """What was promised about all that was put there."""
    shore.deployed.until(shore.all_taken_in, "every event to be taken in")
    for receipt in (each for of in shore.receipts.values() for each in of):
        shore.deployed.outcome(receipt)
    assert shore.senders.violations() == []
    # A customer is written to once; the brand then waits.
    assert shore.senders.outcomes().keys() <= {"approved", "skipped"}
    assert shore.taken_in() == shore.receipts
    assert shore.refused() == shore.places


def test_what_a_person_puts_there_comes_to_a_message(shore: Shore) -> None:
    said("send-event", "--sample", "good-referral", "--stream", "--id", "msg_by_hand")
    shore.expect(events.sample("good-referral"), "msg_by_hand")
    assert_kept(shore)


def test_a_customer_s_events_stay_in_order_though_what_is_refused_lies_between(
    shore: Shore, sample: Sample, trials: Callable[[int, int], int], seed: int, tell: Callable[[str], None]
) -> None:
    """One in five events is put there twice."""
    rng, began = random.Random(seed), time.monotonic()
    customers = [sample("good-referral") for _ in range(trials(2, 4))]
    for _ in range(trials(4, 8)):
        for event in rng.sample(customers, len(customers)):
            used_id = shore.put(event, twice=rng.random() < 0.2)
            if rng.random() < 0.2:
                shore.spoil(event, used_id)
    assert_kept(shore)

    assert shore.senders.outcomes()["approved"] == len(customers)
    put = sum(map(len, shore.receipts.values()))
    tell(f"stream: seed {seed}, {put} events of {len(customers)} customers, each in its order, {len(shore.places)}"
         f" refused among them, in {time.monotonic() - began:.0f} s: {shore.senders.outcomes()}")  # fmt: skip


def test_what_the_reader_may_not_do_stops_it_there_and_it_goes_on_once_it_may(
    shore: Shore, sample: Sample, trials: Callable[[int, int], int], tell: Callable[[str], None]
) -> None:
    granted = [each for each in grants(shore.deployed.stack) if each.function == f"{READER}Function"]
    checked = [each for each in granted if each.action.partition(":")[0] not in UNCHECKED]
    for grant in checked:
        event, failed = sample("good-referral"), shore.failures()
        with removed(shore.deployed.stack, grant):
            first = shore.put(event)
            shore.spoil(event, first)
            shore.put(event)
            # The second time is the batch that came again.
            shore.deployed.until(lambda failed=failed: shore.failures() >= failed + 2, f"failures without {grant}")
            assert shore.last_of(event) not in shore.accepted(), grant
    assert_kept(shore)

    tell("stream: the reader stopped without each of " + ", ".join(f"{each.action} {each.shown}" for each in checked))


def test_a_reader_that_is_killed_anywhere_loses_nothing_and_repeats_nothing(
    shore: Shore, sample: Sample, tmp_path: Path, seed: int, tell: Callable[[str], None]
) -> None:
    crashes = Crashes(shore.deployed.stack, tmp_path)
    with crashes.installed():
        crashes.refresh(READER)
        lead(shore, sample("good-referral"))
        every = crashes.points(READER)
        points = random.Random(seed).sample(every, min(KILLED, len(every)))
        for point in points:
            crashes.arm(point)
            lead(shore, sample("good-referral"))
            assert crashes.fired(), point
        assert_kept(shore)

    tell(f"stream: seed {seed}, {len(points)} of {len(every)} points: " + "; ".join(map(str, points)))


def lead(shore: Shore, event: dict[str, Any]) -> None:
    """Put an event there, what is refused, and an event; wait until the last is taken in."""
    shore.spoil(event, shore.put(event))
    shore.put(event)
    shore.deployed.until(lambda: shore.last_of(event) in shore.accepted(), "the last to be taken in")
    # Before the next is planned: whoever reads a plan that is half written fails.
    for receipt in shore.receipts[event["data"]["customer"]["id"]]:
        shore.deployed.outcome(receipt)
