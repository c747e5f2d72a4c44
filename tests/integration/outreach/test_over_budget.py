"""A run whose tenant has used up what it may spend writes nothing, says so, and can be taken up again."""

import json

import pytest
from agent_platform.errors import OverBudget, TransientError
from agent_platform.inference.budgets import Budget, Budgets
from agent_platform.inference.holds import Hold
from agent_platform.inference.ledger import Ledger

from tests.integration.outreach.answers import draft, scores
from tests.integration.outreach.traces import measured, message
from tests.integration.stack import FUNCTIONS

LEDGER = "CostLedgerTable"


@pytest.fixture
def budgets(ready):
    return Budgets(Budget(0, 0), table=ready.table(LEDGER), dynamodb=ready.clients("dynamodb"))


@pytest.fixture
def cap(ready, budgets):
    """Leave a tenant's line room for so much more today than it has used."""

    def cap(room, *, line="runs", tenant="greenedge"):
        used = sum(row["used"] for row in caps(ready) if row["subject"].startswith(f"{line}#") and day(row))
        budgets.change(tenant, line, day=used + room, month=10**9)

    return cap


def day(row):
    return len(row["subject"].partition("#")[2]) == len("2026-11-21")


def caps(stack):
    return [item for item in stack.items(LEDGER) if item["series"] == "greenedge#caps"]


def rows(stack):
    return [item for item in stack.items(LEDGER) if "#calls#" in item["series"]]


def holds(stack):
    return [item for item in stack.items(LEDGER) if item["series"].endswith("#holds")]


def until(stack, document, last):
    for state in ("Validate", "Enrich", "Retrieve", "Generate", "Judge"):
        document, _ = stack.step(state, document)
        if state == last:
            break
    return document


def test_a_run_s_calls_are_booked_as_they_were(ready, begin, script):
    script(draft(cost_micros=30), scores(2), draft(), scores(5))
    document = ready.run(begin())
    booked = sorted(rows(ready), key=lambda row: (row["attempt"], row["state"]))

    assert [(row["attempt"], row["state"], row["agent"]) for row in booked] == [
        (attempt, state, agent)
        for attempt in (1, 2)
        for state, agent in (("Generate", "platform#outreach-writer"), ("Judge", "platform#outreach-judge"))
    ]
    assert {row["execution"] for row in booked} == {document["message"]["message_id"]}
    assert sum(row["costMicros"] for row in booked) == message(ready, document)["costMicros"] == 120
    assert [(row["used"], row["held"], row["settled"]) for row in caps(ready)] == [(120, 0, 120)] * 2
    assert holds(ready) == []


def test_generate_over_budget_calls_no_model_and_the_run_ends_as_a_skip(ready, begin, script, cap, capsys):
    models = script()
    cap(1)
    document = ready.run(begin())

    assert models.calls == []
    assert document["draft"] == {"skip": "over_budget"}
    assert document["verdict"] == {"skip": "over_budget", "attempts": [], "decision": "store"}
    stored = message(ready, document)
    assert (stored["status"], stored["skip"]["reason"]) == ("skipped", "over_budget")
    assert ready.items("OutreachContactsTable") == []
    # As of every skip.
    [recording] = ready.items("RecordingsTable")
    assert json.loads(recording["material"]) == {"measured": {"reason": "over_budget"}}
    assert (rows(ready), holds(ready)) == ([], [])
    logged = capsys.readouterr().out
    [(count, by)] = measured(logged, "OverBudget")
    assert (count, by["workflow"], by["agent"]) == (1, "outreach", "platform#outreach-writer")
    assert measured(logged, "Skips") == [(1, {"workflow": "outreach", "reason": "over_budget"})]
    assert measured(logged, "MessagesGenerated") == measured(logged, "Errors") == []


def test_a_draft_that_could_not_be_checked_is_not_written(ready, begin, script, cap, capsys, monkeypatch):
    monkeypatch.setitem(FUNCTIONS["OutreachGenerateFunction"]["Environment"]["Variables"], "GUARDRAIL", "local")
    models = script(draft(), scores(5))
    # Enough for the writer's call; a check of the longest draft is 2,500.
    cap(1_500)
    document = ready.run(begin())

    assert models.calls == []
    assert document["draft"] == {"skip": "over_budget"}
    assert (rows(ready), holds(ready)) == ([], [])
    assert len(measured(capsys.readouterr().out, "OverBudget")) == 1


def test_judge_over_budget_calls_no_model_either(ready, begin, script, cap):
    models = script(draft())
    document = until(ready, begin(), "Generate")
    cap(1)
    document, following = ready.step("Judge", document)

    assert len(models.calls) == 1
    assert document["verdict"] == {"skip": "over_budget", "attempts": [], "decision": "store"}
    document, following = ready.step(following, document)
    assert following == "Store"
    document, _ = ready.step("Store", document)
    assert message(ready, document)["skip"]["reason"] == "over_budget"
    assert len(rows(ready)) == 1, "what the writer cost is booked"


@pytest.mark.parametrize("state", ["Generate", "Judge"])
def test_a_rewrite_over_budget_skips_the_run_and_keeps_what_came_before(ready, begin, script, cap, state):
    script(draft(), scores(2), draft())
    document = until(ready, begin(), "Judge")
    [attempt] = document["verdict"]["attempts"]
    if state == "Judge":
        document, _ = ready.step("Generate", document)
    cap(1)
    if state == "Generate":
        document, _ = ready.step("Generate", document)
    document, _ = ready.step("Judge", document)

    assert document["verdict"] == {"skip": "over_budget", "attempts": [attempt], "decision": "store"}
    document, _ = ready.step("Store", document)
    assert message(ready, document)["skip"]["reason"] == "over_budget"


@pytest.fixture
def timed_out(ready, begin, script):
    """A run whose writer didn't answer in time, and what is held for that: nobody knows what it cost."""
    script(TransientError("converse: ReadTimeoutError"))
    document = until(ready, begin(), "Retrieve")
    with pytest.raises(TransientError):
        ready.step("Generate", document)
    [hold] = holds(ready)
    return document, hold


def test_a_run_waits_for_what_is_only_held(ready, script, cap, timed_out):
    document, hold = timed_out
    cap(hold["amount"] - 1)
    models = script()
    with pytest.raises(TransientError, match="held by calls under way"):
        ready.step("Generate", document)

    assert models.calls == []


def test_a_repair_over_budget_skips_the_run_too(ready, script, cap, budgets, timed_out):
    document, hold = timed_out
    ledger = Ledger(budgets, table=ready.table(LEDGER), dynamodb=ready.clients("dynamodb"), pause=lambda _: None,
                    clock=lambda: 0)  # fmt: skip
    ledger.expire(Hold.of(hold))
    # There is room for as much again, but not for a repair after it.
    cap(hold["amount"])
    models = script(draft(subject=""))
    document, _ = ready.step("Generate", document)

    assert len(models.calls) == 1
    assert document["draft"] == {"skip": "over_budget"}
    assert len(rows(ready)) == 2
    assert holds(ready) == []


def test_who_was_skipped_is_written_to_by_a_rerun_when_there_is_room(ready, begin, script, cap):
    cap(0)
    script()
    first = ready.run(begin())
    cap(10**8)
    script(draft(), scores(5))
    document = ready.run(begin_again(first))

    assert document["message"]["status"] == "approved"
    assert message(ready, first)["status"] == "superseded"
    # Storing the skip once more, as after a lost answer, finds that.
    again, _ = ready.step("Store", first)
    assert again["message"]["status"] == "superseded"


def begin_again(document):
    return {**{name: document[name] for name in ("tenant", "source", "event_id", "event_type")}, "run": 2}


def test_another_tenant_s_runs_go_on(ready, begin, script, cap, other_crm):
    cap(0)
    models = script(draft(), scores(5))
    ready.run(begin(sender=other_crm))

    assert len(models.calls) == 2


def test_an_evaluation_s_pair_fails_by_name(ready, begin, script, cap):
    script(draft(), scores(5))
    [recording] = [ready.run(begin())["message"]["message_id"]]
    cap(0, line="evaluations")
    script()
    replayed = {"tenant": "greenedge", "recording": recording,
                "agents": {"writer": {"agent_id": "platform#outreach-writer", "version": 1}}}  # fmt: skip

    with pytest.raises(OverBudget):
        ready.invoke("OutreachGenerateFunction", replayed)
