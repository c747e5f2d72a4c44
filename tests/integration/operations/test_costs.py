"""scripts/costs on the ledger's own rows: what is summed, whose it is, and what a tenant may spend."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from agent_platform.errors import OverBudget
from agent_platform.inference.budgets import Budget, Budgets
from agent_platform.inference.calls import Call
from agent_platform.inference.ledger import Ledger
from agent_platform.inference.prices import Usage
from agent_platform.tenants import SYNTHETIC

from operations import budgets, costs
from operations.spending import booked_since, summed, total
from operations.terminal import Problem, began

TABLE, NOW = "CostLedgerTable", datetime.now(UTC)
WRITER, JUDGE = "platform#outreach-writer", "platform#outreach-judge"


@pytest.fixture
def ledger(stack):
    budgets = Budgets(Budget(50_000_000, 500_000_000), table=TABLE, dynamodb=stack.clients("dynamodb"))
    return Ledger(budgets, table=TABLE, dynamodb=stack.clients("dynamodb"), pause=lambda _: None, clock=lambda: 0)


@pytest.fixture
def call(ledger):
    """Book a call: with its usage, or without any as one that was cut short."""
    made = iter(range(100))

    def call(cost, *, tenant="greenedge", agent=WRITER, version=1, line="runs", at=NOW, usage=Usage(100, 10, 5, 1)):  # noqa: B008 - frozen
        about = Call(tenant, "outreach", line, "e", "generate", 1, 1, agent, version, "a.model")
        hold = ledger.reserve(about, 1_000_000, hold=f"{next(made):02}", now=at, until=at + timedelta(minutes=3))
        assert ledger.settle(hold, usage, cost) if usage else ledger.expire(hold)

    return call


@pytest.fixture
def account(account, monkeypatch, crm, other_crm):
    account.outputs["CostLedger"] = TABLE
    account.parameters = {"TenantDailyUsd": "50", "TenantMonthlyUsd": "500"}
    monkeypatch.setattr(costs, "Stack", lambda name: account)
    return account


def listed(account, by, *, since=NOW - timedelta(days=1), tenants=("greenedge", "brightnest")):
    return summed(booked_since(account, tenants, since=since, now=NOW), by)


def test_each_call_is_counted_once_under_each_sum(account, call):
    call(3000)
    call(500, agent=JUDGE, version=7)
    call(40, tenant="brightnest", version=2)

    costs_by = {by: {name: each.cost_micros for name, each in listed(account, by).items()} for by in costs.GROUPS}
    today = f"{NOW:%Y-%m-%d}"

    assert costs_by == {
        "tenant": {"greenedge": 3500, "brightnest": 40},
        "workflow": {"outreach": 3540},
        "agent": {f"{WRITER}@1": 3000, f"{JUDGE}@7": 500, f"{WRITER}@2": 40},
        "day": {today: 3540},
    }
    whole = total(listed(account, "agent").values())
    assert (whole.calls, whole.tokens) == (3, {"input": 300, "output": 30, "cache_read": 15, "cache_write": 3})


def test_the_dearest_stand_first_and_days_in_their_order(account, call):
    call(10, version=1, at=NOW - timedelta(days=1))
    call(30, version=3)
    call(20, version=2)

    assert [each.cost_micros for each in listed(account, "agent", since=NOW - timedelta(days=2)).values()] == [
        30,
        20,
        10,
    ]
    days = listed(account, "day", since=NOW - timedelta(days=2))
    assert list(days) == sorted(days)
    assert len(days) == 2


def test_what_was_booked_before_is_not_counted_although_its_day_is_read(account, call):
    call(10, at=NOW - timedelta(seconds=90))
    call(30, at=NOW)

    assert total(listed(account, "tenant", since=NOW - timedelta(seconds=30)).values()).cost_micros == 30


def test_a_call_that_was_cut_short_costs_its_worst_case_and_has_no_tokens(account, call, capsys):
    call(0, usage=None)
    costs.main(["--since", "24h"])

    whole = total(listed(account, "tenant").values())
    assert (whole.cost_micros, whole.unseen, whole.tokens["input"]) == (1_000_000, 1, 0)
    assert "1 call of these cut short" in capsys.readouterr().out


def test_synthetic_runs_are_listed_by_their_name_alone(account, stack, call, capsys):
    stack.add_source("synthetic", SYNTHETIC)
    call(7, tenant=SYNTHETIC)
    call(8)

    costs.main(["--since", "24h", "--json"])
    assert [row["tenant"] for row in json.loads(capsys.readouterr().out)["rows"]] == ["greenedge"]
    costs.main(["--since", "24h", "--json", "--tenant", SYNTHETIC])
    assert json.loads(capsys.readouterr().out)["total"]["cost_micros"] == 7


def test_what_probes_of_the_platform_s_judge_cost_is_listed_as_its_own(account, call, capsys):
    call(300)
    call(70, tenant="platform", line="evaluations")
    costs.main(["--since", "24h", "--json"])
    assert {row["tenant"]: row["cost_micros"] for row in json.loads(capsys.readouterr().out)["rows"]} == {
        "greenedge": 300,
        "platform": 70,
    }


def test_the_table_names_what_it_is_about(account, call, capsys):
    call(1_234_500)
    costs.main(["--by", "agent", "--since", "24h"])

    printed = capsys.readouterr().out
    assert f"{WRITER}@1" in printed
    assert "$1.2345 in all, 1 call" in printed


def test_nothing_called_is_said_in_a_sentence(account, capsys):
    costs.main(["--since", "2026-11-01"])

    assert "No model was called since 2026-11-01 00:00 UTC." in capsys.readouterr().out


def test_a_budget_that_was_never_set_is_the_stack_s(account, call, capsys):
    call(2_000_000)
    costs.main(["budget", "greenedge", "--json"])

    lines = {line["line"]: line for line in json.loads(capsys.readouterr().out)}
    assert set(lines) == {"runs", "rollouts", "evaluations"}
    assert lines["runs"]["budget"] == {"day_micros": 50_000_000, "month_micros": 500_000_000}
    assert (lines["runs"]["today_micros"], lines["runs"]["month_micros"]) == (2_000_000, 2_000_000)
    assert lines["evaluations"]["today_micros"] == 0


def test_a_budget_that_is_set_holds_for_the_next_reservation_of_its_line_alone(account, call, ledger):
    costs.main(["budget", "greenedge", "--day", "0.5", "--month", "1"])

    with pytest.raises(OverBudget):
        call(1)
    call(1, line="evaluations")
    call(1, tenant="brightnest")


def test_the_platform_pays_for_probes_of_its_judges_under_a_budget_of_its_own(account, call, capsys):
    call(90_000, tenant="platform", agent=JUDGE, line="evaluations")
    costs.main(["budget", "platform", "--line", "evaluations", "--day", "0.5", "--month", "5"])
    capsys.readouterr()
    costs.main(["budget", "platform", "--json"])
    lines = {line["line"]: line for line in json.loads(capsys.readouterr().out)}

    assert lines["evaluations"]["today_micros"] == 90_000
    assert lines["evaluations"]["budget"] == {"day_micros": 500_000, "month_micros": 5_000_000}
    with pytest.raises(OverBudget, match="scripts/costs budget platform"):
        call(1, tenant="platform", agent=JUDGE, line="evaluations")
    costs.main(["--tenant", "platform", "--json"])
    assert json.loads(capsys.readouterr().out)["total"]["cost_micros"] == 90_000


def test_who_is_no_tenant_has_no_budget(account):
    with pytest.raises(Problem, match="There is no tenant nobody"):
        costs.main(["budget", "nobody"])


def test_what_is_not_given_stays(account, capsys):
    costs.main(["budget", "greenedge", "--line", "rollouts", "--month", "70"])
    costs.main(["budget", "greenedge", "--line", "rollouts", "--day", "7"])
    capsys.readouterr()
    costs.main(["budget", "greenedge", "--json"])

    [rollouts] = [line for line in json.loads(capsys.readouterr().out) if line["line"] == "rollouts"]
    assert rollouts["budget"] == {"day_micros": 7_000_000, "month_micros": 70_000_000}


def test_a_day_that_could_cost_more_than_its_month_is_refused_and_nothing_is_set(account, capsys):
    with pytest.raises(Problem, match=r"A day of runs may then cost \$50\.00 and the whole month \$20\.00\. Give both"):
        costs.main(["budget", "greenedge", "--month", "20"])
    costs.main(["budget", "greenedge", "--json"])

    assert json.loads(capsys.readouterr().out)[0]["budget"]["month_micros"] == 500_000_000


@pytest.mark.parametrize(
    ("caps", "told"),
    [
        (("--day", "0.50"), "runs: today's cap is reached: no model is called until 00:00 UTC"),
        (("--day", "0.50", "--month", "0.60"), "runs: this month's cap is reached: no model is called until the 1st"),
    ],
)
def test_which_cap_is_reached_and_until_when_is_said(account, call, capsys, caps, told):
    call(600_000)
    costs.main(["budget", "greenedge", *caps])

    assert told in capsys.readouterr().out


def test_what_is_used_stands_beside_its_cap_in_one_format(account, call, capsys):
    call(600_000)
    costs.main(["budget", "greenedge", "--day", "0.80"])

    printed = " ".join(capsys.readouterr().out.split())
    assert "runs $0.6000 $0.8000 75 % $0.6000 $500.0000 0 % $0.0000" in printed


def test_what_is_set_is_told_with_what_it_was(account, capsys):
    costs.main(["budget", "greenedge", "--day", "7"])

    assert "✓ runs of greenedge: day cap $50.00 → $7.00, month cap $500.00\n" in capsys.readouterr().out


def test_an_amount_is_told_as_it_was_typed():
    assert [budgets.dollars(budgets.micros(given)) for given in ("50", "$1234.5", "0.0005")] == [
        "$50.00",
        "$1,234.50",
        "$0.000500",
    ]


@pytest.mark.parametrize("given", ["-1", "many", "nan", "inf"])
def test_an_amount_is_a_number_of_dollars(account, given, capsys):
    with pytest.raises(SystemExit):
        costs.main(["budget", "greenedge", f"--day={given}"])
    assert "is no amount in USD" in capsys.readouterr().err


@pytest.mark.parametrize("given", ["yesterday", "7y", "2026-13-01"])
def test_since_is_a_length_or_a_day(account, given, capsys):
    with pytest.raises(SystemExit):
        costs.main(["--since", given])
    assert "no length such as 90m, 24h, 7d or 2w" in capsys.readouterr().err


def test_since_reads_lengths_and_days_in_utc():
    assert began("2026-11-01") == datetime(2026, 11, 1, tzinfo=UTC)
    assert began("7d") == pytest.approx(datetime.now(UTC) - timedelta(days=7), abs=timedelta(seconds=5))
    assert began("2w") < began("7d") < began("36h") < began("1d") < began("90m")


def test_an_unknown_tenant_is_named(account):
    with pytest.raises(Problem, match="There is no tenant nobody"):
        costs.main(["budget", "nobody"])
