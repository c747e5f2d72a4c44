"""What a model call may cost is held under two caps before it, and what it did cost stands in its place after it."""

import itertools
import json
from datetime import UTC, datetime, timedelta

import pytest
from agent_platform.errors import OverBudget, TransientError
from agent_platform.inference.budgets import Budget, Budgets
from agent_platform.inference.calls import Call, Calls
from agent_platform.inference.caps import Caps, Spent
from agent_platform.inference.expiry import Expiry
from agent_platform.inference.holds import LISTING
from agent_platform.inference.ledger import Ledger
from agent_platform.inference.prices import Usage, price_version
from agent_platform.moments import iso
from agent_platform.sweeps import IncompleteSweepError
from agent_platform.worklists import WorkList
from botocore.exceptions import ClientError, ConnectionClosedError

NOW = datetime(2026, 11, 30, 23, 59, 30, tzinfo=UTC)
TODAY, MONTH = "2026-11-30", "2026-11"
OVER = NOW + timedelta(minutes=3)
CALL = Call(
    tenant="greenedge", workflow="outreach", line="runs", execution="e" * 64, state="generate", attempt=1, number=1,
    agent="platform#outreach-writer", version=3, model="us.amazon.nova-lite-v1:0",
)  # fmt: skip
HOLD = "0123456789abcdef"
TABLE = "CostLedgerTable"


class Between:
    """A DynamoDB client whose next transactions are told to fail, and not made; or whose answers are lost."""

    def __init__(self, dynamodb):
        self._dynamodb = dynamodb
        self.told, self.lost = [], 0

    def __getattr__(self, name):
        return getattr(self._dynamodb, name)

    def transact_write_items(self, **asked):
        if self.told and (codes := self.told.pop(0)):
            reasons = [{"Code": code} for code in codes]
            error = {"Error": {"Code": "TransactionCanceledException"}, "CancellationReasons": reasons}
            raise ClientError(error, "TransactWriteItems")
        answer = self._dynamodb.transact_write_items(**asked)
        if self.lost:
            self.lost -= 1
            raise ConnectionClosedError(endpoint_url="https://dynamodb")
        return answer


@pytest.fixture
def dynamodb(stack):
    return Between(stack.clients("dynamodb"))


@pytest.fixture
def pauses():
    return []


@pytest.fixture
def clock(pauses):
    """Time that passes while somebody pauses, and in no other way."""
    return lambda: sum(pauses)


@pytest.fixture
def ledger_of(stack, dynamodb, pauses, clock):
    """The ledger under these default caps."""

    def ledger_of(day=1000, month=10_000):
        budgets = Budgets(Budget(day, month), table=stack.table(TABLE), dynamodb=dynamodb)
        return Ledger(budgets, table=stack.table(TABLE), dynamodb=dynamodb, pause=pauses.append, clock=clock)

    return ledger_of


@pytest.fixture
def ledger(ledger_of):
    return ledger_of()


@pytest.fixture
def used(stack):
    """What a line has used: (settled, held)."""

    def used(line="runs", period=TODAY, tenant="greenedge"):
        caps = Caps(table=stack.table(TABLE), dynamodb=stack.clients("dynamodb"))
        found = {spent.line: (spent.settled, spent.held) for spent in caps.of(tenant, period)}
        return found.get(line)

    return used


@pytest.fixture
def rows(stack):
    return lambda day=TODAY, **of: list(
        Calls(table=stack.table(TABLE), dynamodb=stack.clients("dynamodb")).on("greenedge", day, **of)
    )


def reserve(ledger, amount, *, call=CALL, hold=HOLD, now=NOW):
    return ledger.reserve(call, amount, hold=hold, now=now, until=now + timedelta(minutes=3))


@pytest.fixture
def sweep(stack, ledger, dynamodb, monkeypatch):
    monkeypatch.setenv("WORKFLOW", "costs")
    return Expiry(WorkList(LISTING, table=stack.table(TABLE), dynamodb=dynamodb), ledger).sweep


def yes():
    return True


def test_what_is_held_is_freed_and_what_it_cost_is_settled(ledger, used, rows):
    hold = reserve(ledger, 400)
    assert (used(), used(period=MONTH)) == ((0, 400), (0, 400))

    assert ledger.settle(hold, Usage(1000, 200, 10, 20), 108, service_tier="default")

    assert (used(), used(period=MONTH)) == ((108, 0), (108, 0))
    assert ledger.hold({"series": "greenedge#holds", "subject": HOLD}) is None
    [row] = rows()
    assert (row.call, row.usage, row.service_tier) == (CALL, Usage(1000, 200, 10, 20), "default")
    assert (row.day, row.at, row.cost_micros, row.price_version) == (TODAY, iso(NOW), 108, price_version())


def test_a_call_is_booked_on_the_day_of_its_reservation(ledger, used, rows):
    # Half a minute before midnight.
    hold = reserve(ledger, 400)
    reserve(ledger, 5, hold="b", now=NOW + timedelta(minutes=1))
    ledger.settle(hold, Usage(1, 1), 100)

    assert used() == (100, 0)
    assert (used(period="2026-12-01"), used(period="2026-12")) == ((0, 5), (0, 5))
    assert len(rows()) == 1
    assert not rows("2026-12-01")


@pytest.mark.parametrize("caps", [{"day": 1000}, {"month": 1000}], ids=["day", "month"])
def test_neither_cap_is_ever_passed(ledger_of, used, caps):
    ledger = ledger_of(**{"day": 10_000, "month": 10_000} | caps)
    reserve(ledger, 600)
    with pytest.raises(TransientError, match="what greenedge may spend on runs is held by calls under way"):
        reserve(ledger, 401, hold="b")
    assert (used(), used(period=MONTH)) == ((0, 600), (0, 600)), "a refused reservation holds nothing of either"

    reserve(ledger, 400, hold="c")
    assert used() == (0, 1000)


@pytest.mark.parametrize("caps", [{"day": 1000}, {"month": 1000}], ids=["day", "month"])
def test_only_what_is_settled_uses_a_cap_up(ledger_of, used, caps):
    ledger = ledger_of(**{"day": 10_000, "month": 10_000} | caps)
    ledger.settle(reserve(ledger, 600), Usage(1, 1), 600)
    reserve(ledger, 300, hold="b")
    with pytest.raises(OverBudget, match=r"greenedge may spend 0\.\d\d USD a day and 0\.\d\d USD a month on runs"):
        reserve(ledger, 401, hold="c")
    with pytest.raises(TransientError, match="held"):
        reserve(ledger, 400, hold="d")
    assert used() == (600, 300)


def test_of_a_burst_that_fills_a_cap_only_with_what_it_holds_nobody_is_over_budget(ledger, used):
    waiting, rounds = [f"{number:02x}" for number in range(20)], 0
    while waiting:
        held, again, rounds = [], [], rounds + 1
        for each in waiting:
            try:
                held.append(reserve(ledger, 100, hold=each))
            except TransientError:
                again.append(each)
        for hold in held:
            ledger.settle(hold, Usage(1, 1), 15)
        waiting = again

    assert (used(), rounds) == ((300, 0), 3)


def test_a_hold_that_never_settles_makes_others_wait_until_it_runs_out(ledger, sweep):
    reserve(ledger, 900)
    with pytest.raises(TransientError):
        reserve(ledger, 200, hold="b")
    sweep(now=OVER, may_go_on=yes)
    with pytest.raises(OverBudget):
        reserve(ledger, 200, hold="b")


def test_the_first_call_of_a_period_may_not_pass_its_cap_either(ledger, used):
    with pytest.raises(OverBudget):
        reserve(ledger, 1001)
    assert used() is None


def test_what_was_freed_can_be_held_again(ledger):
    ledger.settle(reserve(ledger, 1000), Usage(1, 1), 100)
    reserve(ledger, 900, hold="b")
    with pytest.raises(TransientError):
        reserve(ledger, 1, hold="c")


def test_lines_and_tenants_have_their_own_caps(ledger, used):
    reserve(ledger, 1000)
    for number, (tenant, line) in enumerate(
        itertools.product(["greenedge", "brightnest"], ["rollouts", "evaluations"])
    ):
        other = Call(**vars(CALL) | {"tenant": tenant, "line": line})
        reserve(ledger, 1000, call=other, hold=f"{number}")
        assert used(line, tenant=tenant) == (0, 1000)


def test_a_reservation_whose_answer_was_lost_is_made_once(ledger, used):
    reserve(ledger, 600)
    # The second finds the hold, and a cap that its own first one used up.
    reserve(ledger, 600)

    assert used() == (0, 600)


def test_settling_twice_counts_once(ledger, used, rows):
    hold = reserve(ledger, 400)
    assert ledger.settle(hold, Usage(1, 1), 100)
    assert not ledger.settle(hold, Usage(1, 1), 100)

    assert used() == (100, 0)
    assert len(rows()) == 1


def test_a_call_that_cost_nothing_leaves_nothing(ledger, used, rows):
    hold = reserve(ledger, 400)
    assert ledger.release(hold)
    assert not ledger.release(hold)

    assert (used(), used(period=MONTH)) == ((0, 0), (0, 0))
    assert not rows()


def test_a_call_that_cost_more_than_was_held_is_booked_as_it_was(ledger, used):
    ledger.settle(reserve(ledger, 400), Usage(1, 1), 1500)

    assert used() == (1500, 0)


def test_who_meets_another_tries_again_a_little_later(ledger, dynamodb, pauses, used):
    dynamodb.told = [["TransactionConflict", "None", "None"], ["None", "TransactionConflict", "None"]]
    reserve(ledger, 400)

    assert used() == (0, 400)
    assert len(pauses) == 2
    assert all(0 <= pause <= 0.04 for pause in pauses)


@pytest.mark.parametrize("code", ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"])
def test_whatever_will_pass_is_tried_again(ledger, dynamodb, used, code):
    dynamodb.told = [[code, "None", "None"]]
    reserve(ledger, 400)

    assert used() == (0, 400)


def test_an_answer_that_was_lost_is_asked_for_again(ledger, dynamodb, used):
    dynamodb.lost = 1
    hold = reserve(ledger, 600)
    assert used() == (0, 600)
    dynamodb.lost = 1
    assert not ledger.settle(hold, Usage(1, 1), 100), "it was booked: by the first one"
    assert used() == (100, 0)


def test_who_reserves_among_many_gives_up_soon_for_the_state_machine_to_try(ledger, dynamodb, pauses, used):
    dynamodb.told = [["TransactionConflict", "None", "None"]] * 1000
    with pytest.raises(TransientError, match="busy"):
        reserve(ledger, 400)
    assert used() is None
    assert 2 <= sum(pauses) <= 3


@pytest.mark.parametrize("close", ["settle", "release"])
def test_who_books_among_many_goes_on_until_its_function_ends(ledger, dynamodb, pauses, used, close):
    closing = {"settle": lambda hold: ledger.settle(hold, Usage(1, 1), 100, by=60),
               "release": lambda hold: ledger.release(hold, by=60)}[close]  # fmt: skip
    hold = reserve(ledger, 400)
    dynamodb.told = [["TransactionConflict", "None", "None"]] * 50
    assert closing(hold)

    assert used() == ({"settle": 100, "release": 0}[close], 0)
    assert max(pauses) <= 1
    dynamodb.told = [["TransactionConflict", "None", "None"]] * 1000
    with pytest.raises(TransientError, match="busy"):
        closing(hold)
    assert 60 <= sum(pauses) <= 61


def test_who_books_at_the_last_moment_has_a_moment_all_the_same(ledger, dynamodb):
    hold = reserve(ledger, 400)
    dynamodb.told = [["TransactionConflict", "None", "None"]] * 3

    assert ledger.settle(hold, Usage(1, 1), 100, by=-1)


def test_another_failure_is_not_tried_again(ledger, dynamodb, pauses):
    dynamodb.told = [["ValidationError", "None", "None"]]
    with pytest.raises(ClientError):
        reserve(ledger, 400)
    assert not pauses


def test_one_run_s_calls_are_found_by_its_name(ledger, rows):
    other = Call(**vars(CALL) | {"execution": "f" * 64})
    for hold, call in (("a", CALL), ("b", CALL), ("c", other)):
        ledger.settle(reserve(ledger, 10, call=call, hold=hold), Usage(1, 1), 1)

    assert len(rows()) == 3
    assert [row.call for row in rows(execution="f" * 64)] == [other]


def test_a_hold_that_nobody_settled_is_booked_at_its_worst_case(ledger, sweep, used, rows):
    reserve(ledger, 400)
    assert not sweep(now=NOW + timedelta(minutes=2), may_go_on=yes).answers, "the call may be under way"

    assert sweep(now=OVER, may_go_on=yes).answers == {"booked": 1}

    assert (used(), used(period=MONTH)) == ((400, 0), (400, 0))
    [row] = rows()
    assert (row.call, row.cost_micros, row.usage, row.service_tier) == (CALL, 400, None, None)
    assert not sweep(now=OVER + timedelta(hours=1), may_go_on=yes).answers


@pytest.mark.parametrize(
    ("changed", "counted"),
    [({}, [0.0004]), ({"line": "evaluations"}, []), ({"tenant": "synthetic"}, [])],
    ids=["a run's", "an evaluation's", "a synthetic run's"],
)
def test_what_was_booked_at_its_worst_case_is_in_the_metrics_of_its_workflow(ledger, sweep, capsys, changed, counted):
    reserve(ledger, 400, call=Call(**vars(CALL) | changed))
    sweep(now=OVER, may_go_on=yes)

    blobs = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "_aws" in line]
    assert [cost for blob in blobs for cost in blob["Cost"]] == counted
    for blob in blobs:
        assert (blob["workflow"], blob["agent"], blob["version"]) == ("outreach", "platform#outreach-writer", "3")
        assert blob["ModelCalls"] == [1]


def test_who_settles_too_late_changes_nothing(ledger, sweep, used, rows):
    hold = reserve(ledger, 400)
    sweep(now=OVER, may_go_on=yes)

    assert not ledger.settle(hold, Usage(1, 1), 100)
    assert not ledger.release(hold)

    assert used() == (400, 0)
    assert len(rows()) == 1


def test_a_hold_that_is_settled_while_the_sweep_looks_at_it_is_booked_once(stack, ledger, dynamodb, used, monkeypatch):
    monkeypatch.setenv("WORKFLOW", "costs")
    hold = reserve(ledger, 400)
    due = WorkList(LISTING, table=stack.table(TABLE), dynamodb=dynamodb)
    found = list(due.due(OVER))
    ledger.settle(hold, Usage(1, 1), 100)
    due.due = lambda now: found

    assert Expiry(due, ledger).sweep(now=OVER, may_go_on=yes).answers == {"settled meanwhile": 1}
    assert used() == (100, 0)


def test_one_hold_that_fails_does_not_stop_the_others_and_comes_again(ledger, sweep, dynamodb, used):
    for hold in ("0", "1", "2"):
        reserve(ledger, 100, hold=hold)
    dynamodb.told = [None, ["ValidationError", "None", "None", "None"]]

    with pytest.raises(IncompleteSweepError, match="1 of 3 holds failed"):
        sweep(now=OVER, may_go_on=yes)
    assert used() == (200, 100)
    assert not sweep(now=OVER + timedelta(minutes=1), may_go_on=yes).answers, "it doesn't stay first on the list"
    assert sweep(now=OVER + timedelta(minutes=5), may_go_on=yes).answers == {"booked": 1}


def test_the_function_books_what_ran_out(stack, ledger, used):
    reserve(ledger, 400, now=datetime.now(UTC) - timedelta(hours=1))
    stack.invoke("ReleaseHoldsFunction", {})

    assert [item for item in stack.items(TABLE) if item["series"] == "greenedge#holds"] == []


@pytest.fixture
def budgets(stack):
    return Budgets(Budget(1000, 10_000), table=stack.table(TABLE), dynamodb=stack.clients("dynamodb"))


def test_a_tenant_s_own_budget_holds_for_its_line(ledger, budgets, used):
    changed = budgets.change("greenedge", "runs", day=100)

    assert changed == Budget(100, 10_000)
    assert budgets.all_of("greenedge") == {
        "runs": changed, "rollouts": Budget(1000, 10_000), "evaluations": Budget(1000, 10_000)
    }  # fmt: skip
    with pytest.raises(OverBudget):
        reserve(ledger, 101)
    assert budgets.change("greenedge", "runs", month=500) == Budget(100, 500)


def test_the_cap_of_the_latest_reservation_stands_beside_what_is_used(stack, ledger, budgets):
    reserve(ledger, 10)
    budgets.change("greenedge", "runs", day=500)
    reserve(ledger, 20, hold="b")
    caps = Caps(table=stack.table(TABLE), dynamodb=stack.clients("dynamodb"))

    assert list(caps.of("greenedge", TODAY)) == [Spent("runs", TODAY, cap=500, settled=0, held=30)]
    assert next(caps.of("greenedge", MONTH)).used == 30
