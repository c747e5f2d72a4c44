"""What the slots promise, whoever is faster and wherever a process dies."""

from datetime import UTC, datetime, timedelta

import pytest
from agent_platform.errors import TransientError
from agent_platform.ingest.slot_board import Asking
from agent_platform.ingest.slot_release import SlotRelease
from agent_platform.ingest.slots import Slots

from tests.admission_table import AdmissionTable

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
MOST = 3


class Executions:
    """Which executions are open, as Step Functions would say."""

    def __init__(self):
        self.open = set()

    def is_open(self, execution):
        return execution in self.open


def slots_of(table):
    return Slots(table="admission", dynamodb=table, pause=lambda _: None)


def asking(name, tenant="greenedge", **more):
    return Asking(tenant, f"arn:aws:states:here:1:execution:outreach:{name}", **more)


def take(slots, *names, **more):
    taken = slots.take("outreach", [asking(name, **more) for name in names], most=MOST, now=NOW)
    return {each.rpartition(":")[2] for each in taken.executions}


@pytest.fixture
def table():
    return AdmissionTable()


@pytest.fixture
def slots(table):
    return slots_of(table)


def test_so_many_start_and_the_others_wait(slots):
    assert take(slots, "a", "b", "c", "d") == {"a", "b", "c"}
    assert slots.boards()["outreach"].held == {"greenedge": 3}
    assert slots.free("greenedge", "a")
    assert take(slots, "d") == {"d"}


def test_a_slot_is_taken_once_and_freed_once(slots):
    assert take(slots, "a") == take(slots, "a") == {"a"}
    assert slots.boards()["outreach"].held == {"greenedge": 1}
    assert slots.free("greenedge", "a")
    assert not slots.free("greenedge", "a")
    assert slots.boards()["outreach"].held == {}


def test_a_run_without_a_slot_as_a_rerun_is_frees_none(slots):
    take(slots, "a")
    assert not slots.free("greenedge", "another")
    assert slots.boards()["outreach"].held == {"greenedge": 1}


def test_a_message_that_comes_again_finds_its_slot_even_if_all_are_taken(slots):
    take(slots, "a", "b", "c")
    assert take(slots, "a", received_before=True) == {"a"}


def test_two_workflows_have_slots_of_their_own(slots):
    take(slots, "a", "b", "c")
    taken = slots.take("support", [asking("s")], most=MOST, now=NOW)
    assert (len(taken.executions), taken.slots) == (1, 1)
    assert {word: board.taken for word, board in slots.boards().items()} == {"outreach": 3, "support": 1}


def test_who_was_slower_reads_again(slots, table):
    table.before_writing = once(table, lambda: take(slots_of(table), "b", "c"))
    assert take(slots, "a", "d") == {"a"}
    assert slots.boards()["outreach"].held == {"greenedge": 3}


def test_where_others_are_always_faster_who_asks_waits_and_who_frees_says_so(slots, table):
    take(slots, "a")
    others = iter(range(100))

    def faster():
        table.before_writing = lambda: None
        other = f"other-{next(others)}"
        take(slots_of(table), other)
        slots_of(table).free("greenedge", other)
        table.before_writing = faster

    table.before_writing = faster
    assert take(slots, "b") == set()
    with pytest.raises(TransientError):
        slots.free("greenedge", "a")


def test_a_slot_that_is_freed_twice_at_once_is_freed_once(slots, table):
    take(slots, "a", "b")
    table.before_writing = once(table, lambda: slots_of(table).free("greenedge", "a"))
    assert not slots.free("greenedge", "a")
    assert slots.boards()["outreach"].held == {"greenedge": 1}


def once(table, other):
    def do():
        table.before_writing = lambda: None
        other()

    return do


def test_the_sweep_frees_what_is_over_or_never_began_and_leaves_what_runs_or_is_new(slots, telemetry):
    take(slots, "running", "over")
    executions = Executions()
    executions.open.add(asking("running").execution)
    sweep = SlotRelease(slots, executions).sweep
    assert not sweep(now=NOW + timedelta(minutes=5), may_go_on=lambda: True).answers
    answers = sweep(now=NOW + timedelta(minutes=5, seconds=1), may_go_on=lambda: True).answers
    assert answers == {"still running": 1, "freed": 1}
    assert [slot.execution for slot in slots.held("greenedge")] == [asking("running").execution]
