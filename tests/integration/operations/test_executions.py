"""scripts/executions: why runs failed, and what became of an event that starts no run, is said in words."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from agent_platform.ingest.conclusions import conclusion, superseded_failure
from agent_platform.ingest.receipts import Outcome
from agent_platform.references import EventReference
from agent_platform.tenants import SYNTHETIC

from operations import executions, failures, without_runs
from operations.terminal import Problem
from tests.integration import stack as module


@pytest.fixture
def noted(account, accept, monkeypatch):
    """A receipt of an event that was taken in without a run."""
    receipt, queued = accept()
    account.records.note(EventReference.of(json.loads(queued["Records"][0]["body"])["detail"]), "features updated")
    monkeypatch.setattr(executions, "Stack", lambda _: account)
    return receipt


def test_an_event_that_starts_no_run_is_said_in_words(noted, capsys):
    executions.main(["show", noted])
    said = " ".join(capsys.readouterr().out.split())
    assert f"{noted} is of type service.completed, from 20" in said
    assert "it was taken in (features updated), and such an event starts no run." in said


def test_as_json_it_has_no_execution(noted, capsys):
    executions.main(["show", noted, "--json"])
    assert json.loads(capsys.readouterr().out) == {
        "receipt": noted, "execution": None, "status": "NOTED", "noted": "features updated",
    }  # fmt: skip


def test_who_needs_its_execution_is_told_that_there_is_none(noted, account):
    with pytest.raises(Problem, match="starts no run"):
        executions.execution_arn(account, noted)


def test_an_event_that_waits_to_be_started_is_none_of_them(account, accept):
    receipt, _ = accept()
    assert without_runs.ended(account, receipt) is None
    with pytest.raises(Problem, match="hasn't started yet"):
        executions.execution_arn(account, receipt)


@pytest.fixture
def fail(stack, account, started, monkeypatch):
    """Let an event's first run have failed, written down or not yet; its reference."""
    monkeypatch.setattr(executions, "Stack", lambda _: account)

    def fail(event_id, *, error="ModelRefused", state="Generate", written=True):
        _, arn = started(event_id)
        stack.clients("stepfunctions").stop_execution(executionArn=arn, error=error)
        (reference,) = [
            EventReference.of(each["input"]) for each in stack.executions() if each["input"]["event_id"] == event_id
        ]
        if written:
            failure = {"execution": arn, "error": error, "state": state, "cause": "no access", "status": "FAILED"}
            account.records.record_failure(reference, failure, now=datetime.now(UTC))
        return reference

    return fail


def listed(capsys):
    capsys.readouterr()
    executions.main(["list", "--failed", "--json"])
    return {each["name"]: each for each in json.loads(capsys.readouterr().out)}


def test_failed_runs_are_listed_with_where_and_why_and_counted_alike(fail, capsys):
    fail("one")
    fail("two")
    fail("three", error="InvalidEvent", state="Validate")
    executions.main(["list", "--failed"])

    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert sum(line.endswith("Generate ModelRefused") for line in lines) == 2
    assert lines[-2:] == ["2 × ModelRefused at Generate", "1 × InvalidEvent at Validate"]


def test_one_that_a_later_run_healed_says_so_and_is_not_counted(fail, stack, account, capsys):
    reference = fail("one")
    later, failure = replace(reference, run=2), account.records.outcome(reference)
    message = Outcome("message", 2, "approved", later.execution_name)
    stack.clients("dynamodb").transact_write_items(TransactItems=[
        conclusion(account.records.table, later, message, before=failure),
        superseded_failure(account.records.table, later, failure),
    ])  # fmt: skip

    assert listed(capsys)[reference.execution_name]["healed_by"] == 2
    executions.main(["list", "--failed"])
    printed = capsys.readouterr().out
    assert "healed by run 2" in printed
    assert "×" not in printed


def test_one_that_is_not_written_down_yet_is_told_by_its_history(fail, capsys):
    reference = fail("one", written=False)

    found = listed(capsys)[reference.execution_name]
    assert (found["tenant"], found["error"], found["healed_by"]) == ("greenedge", "Aborted", None)


def test_the_synthetic_customer_s_are_marked():
    assert failures.Why(SYNTHETIC, None, "X", None, 2).note == "of the synthetic customer, healed by run 2"
    assert failures.Why("greenedge", None, "X", None, None).note == ""


def test_what_several_executions_begin_with_is_told_with_them(fail, account):
    names = [fail(str(number), written=False).execution_name for number in range(17)]
    first = next(name[0] for name in names if sum(each.startswith(name[0]) for each in names) > 1)

    with pytest.raises(Problem, match=f"executions begin with {first}. The newest:") as told:
        executions.execution_arn(account, first)
    assert all(name[:12] in str(told.value) for name in names if name.startswith(first))


def test_who_holds_slots_and_who_waits_is_shown(account, accept, stack, monkeypatch, capsys):
    monkeypatch.setitem(module.PARAMETERS, "MaxOpenExecutions", 1)
    for event_id in ("msg_1", "msg_2"):
        stack.invoke("OutreachStartExecutionFunction", accept(event_id)[1])
    account.parameters = {"MaxOpenExecutions": "1"}
    monkeypatch.setattr(executions, "Stack", lambda _: account)
    capsys.readouterr()
    executions.main(["slots", "--json"])
    row = {"workflow": "outreach", "tenant": "greenedge", "open": 1, "waits": True}
    assert json.loads(capsys.readouterr().out) == {"most": 1, "tenants": [row]}
    executions.main(["slots"])
    assert "outreach: 1 of 1 slots are taken" in capsys.readouterr().out
