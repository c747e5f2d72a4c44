"""The ledger's promise: whoever calls models at once and is cut short wherever, no cap is passed at any moment, what is
settled and held covers the vendor's bill, every call that was answered is booked at its price, and no hold stays.
"""

import logging
import random
from datetime import timedelta
from functools import partial

import pytest
from agent_platform import telemetry
from agent_platform.inference.budgets import Budget
from agent_platform.inference.ledger import Ledger
from agent_platform.inference.prices import Usage

from tests.campaigns.spenders import IN_THE_WAY, SPENDERS, START, TABLE, World
from tests.integration.conftest import _clients, stack

__all__ = ["_clients", "stack"]

CALLS_EACH, HOURS = 2, timedelta(hours=4)


@pytest.fixture(autouse=True)
def _workflow(monkeypatch):
    monkeypatch.setenv("WORKFLOW", "outreach")
    # A line for every hold would outlive the test that it was written in.
    monkeypatch.setattr(telemetry, "log", partial(logging.getLogger, "nobody's"))


def spend(stack, seed, *, rounds, each=60, **more):
    """So many rounds of calls, over the end of a day and a month; then time passes, and what is left is swept."""
    # The ledger's pauses are drawn, and by them who takes the next turn.
    random.seed(seed)
    # Less than they would spend, so that the last of a day find no room.
    day = rounds * SPENDERS * CALLS_EACH * each
    world = World(stack, seed, budget=Budget(day, day * 3 // 2), **more)
    for number in range(rounds):
        world.now = START + HOURS * number / rounds
        world.round(CALLS_EACH)
    world.now += timedelta(minutes=10)
    while world.sweep(stack.clients("dynamodb")).answers:
        world.now += timedelta(minutes=10)
    world.look()
    world.archive()
    return world


def test_no_cap_is_passed_no_call_is_lost_and_no_hold_is_left(stack, trials, seed, tell, caplog):
    rounds = trials(2, 40)
    world = spend(stack, seed, rounds=rounds)

    assert world.violations == [], world.done
    done, unbooked = world.done, [record for record in caplog.records if record.message == "not booked"]
    tell(f"seed {seed}: {done['reservations']} reservations by {SPENDERS} threads, {done['crash']} crashes,"
         f" {done['conflict']} conflicts, {done['answer lost']} lost answers, {done['over budget']} over budget,"
         f" {done[IN_THE_WAY[0]]} {IN_THE_WAY[0]}, {done[IN_THE_WAY[1]]} gave up reserving, {len(unbooked)} booking,"
         f" the fullest cap at {float(world.peak):.1%}: no violation")  # fmt: skip
    seen = [row for row in world.rows if row["usage"]]
    for row in seen:
        assert row["costMicros"] == world.bill.cost(row["model"], Usage(**row["usage"]))
    booked, billed = sum(row["costMicros"] for row in world.rows), world.bill.by_line.total()
    tell(f"{len(seen)} calls booked at Σ usage × price exactly, {len(world.rows) - len(seen)} at their worst case;"
         f" booked {booked / billed:.3f} of the bill")  # fmt: skip
    left = [item for item in stack.items(TABLE) if not item["series"].endswith("#caps")]
    assert left == [], "after expiry no hold is left"
    assert all(done[what] for what in ("over budget", "crash", "conflict", "answer lost", "late", "truncated"))


class Torn(Ledger):
    """A ledger that writes the items of a transaction one by one."""

    def _transact(self, items, *, by=None):
        failed = set()
        for place, item in enumerate(items):
            failed |= {place} if super()._transact([item], by=by) else set()
        return failed


class Forgetful(Ledger):
    """A ledger that counts a call of which nobody knows as one that cost nothing."""

    def expire(self, hold):
        return self._book(hold, hold.booked(0))


class Generous(Ledger):
    """A ledger that reserves what a call usually costs."""

    def reserve(self, call, amount, **more):
        return super().reserve(call, amount // 100, **more)


SEEN = {
    Torn: "what is held has no holds",
    Forgetful: "the bill is higher than what is settled and held",
    Generous: "the bill is higher than what is settled and held",
}


def test_the_campaign_would_see_a_ledger_that_does_less(stack, seed, tell):
    for ledger, seen in SEEN.items():
        world = spend(stack, seed, rounds=1, each=250, ledger=ledger)
        found = [each for each in world.violations if each.startswith(seen)]
        tell(f"{ledger.__name__}: {len(found)} times, {seen}")
        assert found, set(world.violations)
        world.clear()
