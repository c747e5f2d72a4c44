"""Every event starts exactly once, with never too many open, though messages come doubled and starters die anywhere."""

import json
from collections import deque
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import pytest
from agent_platform.ingest.slot_release import SlotRelease
from agent_platform.ingest.slots import Slots
from agent_platform.ingest.starting import Starting
from agent_platform.references import EventReference
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.admission_table import AdmissionTable
from tests.silence import silence

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
MACHINE = "arn:aws:states:here:1:stateMachine:outreach"
MOST, EVENTS = 3, 12
BOARD = "platform#slots"


class Died(BaseException):
    """The process is gone: nothing after this line happens."""


class World:
    """Executions, receipts and a queue, with starters that may die just before or just after each of their writes."""

    def __init__(self):
        self.table, self.now = AdmissionTable(), NOW
        self.slots = Slots(table="admission", dynamodb=self.table, pause=lambda _: None)
        self.table.before_writing = self._maybe_die
        self.starting = Starting("outreach", MACHINE, MOST, self.slots, self, self, self)
        self.open, self.began, self.marked, self.deaths = {}, [], set(), 0
        self.queue = deque(self._message(number) for number in range(EVENTS))

    def deliver(self, many, *, dies_at=0):
        """Hand so many messages to a starter, which dies at its so-manieth write."""
        batch = [self.queue.popleft() for _ in range(min(many, len(self.queue)))]
        self.deaths = dies_at
        try:
            failed = self.starting.answer({"Records": batch}, now=self.now)["batchItemFailures"]
            assert failed == []
        except Died:
            again = ({**each, "attributes": each["attributes"] | {"ApproximateReceiveCount": "2"}} for each in batch)
            self.queue.extend(again)
        self.deaths = 0

    def start(self, machine, reference):
        self._maybe_die()
        execution = f"{machine.replace(':stateMachine:', ':execution:')}:{reference.execution_name}"
        if execution in self.began:
            return False
        self.began.append(execution)
        self.open[execution] = reference.tenant
        self._maybe_die()
        return True

    def is_open(self, execution):
        return execution in self.open

    def mark_started(self, reference, execution):
        self._maybe_die()
        self.marked.add(execution)

    def send_again(self, waiting):
        self._maybe_die()
        attributes = {"SentTimestamp": str(int(self.now.timestamp() * 1000)), "ApproximateReceiveCount": "1"}
        since = [{"waitedSince": each.entry(0)["MessageAttributes"]["waitedSince"]} for each in waiting]
        self.queue.extend(
            {**each.message, "attributes": attributes,
             "messageAttributes": {"waitedSince": {"stringValue": one["waitedSince"]["StringValue"]}}}
            for each, one in zip(waiting, since, strict=True)
        )  # fmt: skip
        self._maybe_die()
        return []

    def end(self, which, *, told):
        if self.open:
            execution = sorted(self.open)[which % len(self.open)]
            tenant = self.open.pop(execution)
            if told:
                self.slots.let_go(tenant, execution)

    def sweep(self):
        SlotRelease(self.slots, self).sweep(now=self.now, may_go_on=lambda: True)

    def look(self):
        holders = {key[1] for key in self.table.items if key[0] != BOARD}
        board = self.slots.boards().get("outreach")
        assert len(holders) == (board.taken if board else 0) <= MOST
        assert {each.rpartition(":")[2] for each in self.open} <= holders

    def _maybe_die(self):
        self.deaths -= 1
        if self.deaths == 0:
            raise Died

    def _message(self, number):
        tenant = ("greenedge", "brightnest")[number % 4 == 0]
        reference = EventReference(tenant, "a-crm", f"msg_{number}", "service.completed")
        attributes = {"SentTimestamp": str(int(NOW.timestamp() * 1000)), "ApproximateReceiveCount": "1"}
        return {"messageId": str(number), "body": json.dumps({"detail": asdict(reference)}), "attributes": attributes}


@pytest.fixture(autouse=True, scope="module")
def _quiet():
    with silence("slots-in-silence"):
        yield


TURN = st.tuples(st.sampled_from(["deliver", "deliver", "double", "end", "sweep"]), st.integers(0, 9), st.booleans())


@settings(deadline=None, max_examples=150)
@given(st.lists(TURN, max_size=60))
def test_never_too_many_are_open_no_slot_leaks_and_each_event_starts_once(turns):
    world = World()
    for what, number, yes in turns:
        world.now += timedelta(seconds=40)
        match what:
            case "deliver":
                world.deliver(1 + number % 4, dies_at=number if yes else 0)
            case "double" if world.queue:
                world.queue.append(world.queue[number % len(world.queue)])
            case "end":
                world.end(number, told=yes)
            case "sweep":
                world.sweep()
        world.look()
    for _ in range(200):
        world.now += timedelta(minutes=1)
        world.deliver(10)
        world.end(0, told=False)
        world.sweep()
        world.look()
    assert not world.queue
    assert len(world.began) == len(set(world.began)) == EVENTS
    assert world.marked == set(world.began)
    assert world.slots.boards()["outreach"].held == {}
