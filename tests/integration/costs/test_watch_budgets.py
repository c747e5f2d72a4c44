"""The hourly look at the budgets, as its function runs: what it emits of whom, and what its role allows."""

from datetime import UTC, datetime, timedelta

import pytest
from agent_platform.inference.budgets import Budget, Budgets
from agent_platform.inference.calls import Call
from agent_platform.inference.ledger import Ledger
from agent_platform.tenants import SYNTHETIC

from local_aws.embedded_metrics import data_in
from tests.integration.permissions import noting, refused, unused

WATCH, TABLE = "WatchBudgetsFunction", "CostLedgerTable"
NAMES = {"BudgetUsed", "SpendPace"}


@pytest.fixture
def budgets(stack):
    return Budgets(Budget(1000, 10_000), table=stack.table(TABLE), dynamodb=stack.clients("dynamodb"))


@pytest.fixture
def hold(stack, budgets):
    """Hold an amount on a tenant's line, now."""
    dynamodb, now = stack.clients("dynamodb"), datetime.now(UTC)
    ledger = Ledger(budgets, table=stack.table(TABLE), dynamodb=dynamodb, pause=lambda _: None, clock=lambda: 0)

    def hold(tenant, line, amount):
        call = Call(tenant, "outreach", line, "e", "generate", 1, 1, "platform#outreach-writer", 1, "a.model")
        ledger.reserve(call, amount, hold=f"{tenant}{line}0", now=now, until=now + timedelta(minutes=3))

    return hold


@pytest.fixture
def look(stack, capsys):
    """Invoke the function; what it emitted."""

    def look():
        capsys.readouterr()
        stack.invoke(WATCH, {})
        return [each for line in capsys.readouterr().out.splitlines() for each in data_in(line)]

    return look


def test_what_is_used_is_told_of_each_tenant_and_line_and_of_all_together(stack, crm, other_crm, hold, budgets, look):
    hold("greenedge", "runs", 900)
    hold("greenedge", "evaluations", 100)
    budgets.change("brightnest", "runs", day=400, month=400)
    hold("brightnest", "runs", 100)

    found = look()

    assert {each.name for each in found} == NAMES
    assert {each.unit for each in found} == {"Percent"}
    used = {(each.dimensions.get("tenant"), each.dimensions.get("line")): each.value
            for each in found if each.name == "BudgetUsed" and "tenant" in each.dimensions}  # fmt: skip
    # The stack's defaults are 50 USD a day and 500 a month.
    assert used == {
        ("brightnest", "runs"): 25,
        ("greenedge", "evaluations"): pytest.approx(100 / 50_000_000 * 100),
        ("greenedge", "runs"): pytest.approx(900 / 50_000_000 * 100),
    }
    alone = [each.value for each in found if each.name == "BudgetUsed" and each.dimensions == {"workflow": "costs"}]
    assert max(alone) == 25, "what the alarm reads"


def test_nobody_is_told_of_synthetic_runs_or_of_what_was_not_used(stack, crm, hold, look):
    stack.add_source("synthetic", SYNTHETIC)
    hold(SYNTHETIC, "runs", 1000)

    assert look() == []


def test_its_role_allows_what_it_does_and_no_table_more(stack, crm, hold, monkeypatch):
    hold("greenedge", "runs", 1)
    asked = noting(stack, monkeypatch)
    stack.invoke(WATCH, {})
    done = {WATCH: asked[WATCH]}

    assert refused(done) == {}
    assert unused(done) == {}
