"""scripts/executions show: what became of an event that starts no run is said in words."""

import json

import pytest
from agent_platform.references import EventReference

from operations import executions, without_runs
from operations.terminal import Problem


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
