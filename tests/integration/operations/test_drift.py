"""scripts/drift: what is known of agents, drawn and as a page, and what somebody takes for the new normal."""

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
from agent_platform.drift.reports import Reports

from operations.drift import __main__ as drift
from operations.terminal import Problem
from tests.integration.drift.conftest import NOW, baseline, platform  # noqa: F401 - how reports come about


@pytest.fixture
def account(stack, monkeypatch):
    """The stack as the door sees it."""
    outputs = {"DriftReports": "DriftReportsTable", "DriftStateMachineArn": "arn:drift"}
    seen = SimpleNamespace(
        outputs=outputs, parameters={"Environment": "test"}, dynamodb=stack.clients("dynamodb"), client=stack.clients,
        sources=SimpleNamespace(all=lambda: [SimpleNamespace(tenant="greenedge")]),
    )  # fmt: skip
    monkeypatch.setattr(drift, "Stack", lambda _: seen)
    return seen


def said(capsys, *argv):
    drift.main(argv)
    return " ".join(capsys.readouterr().out.split())


def test_before_the_first_night_one_is_told_how_to_compare_now(account, platform, capsys):  # noqa: F811
    assert said(capsys, "list") == "No comparison was made yet. The first is made tonight; now: scripts/drift run"
    with pytest.raises(Problem, match="scripts/drift run"):
        drift.main(["show"])


def test_what_drifted_is_listed_shown_written_as_a_page_and_accepted(account, baseline, capsys, tmp_path):  # noqa: F811
    baseline.record(200, begin=NOW - timedelta(hours=10), locale="fr-CA")
    baseline.run()
    capsys.readouterr()

    assert "drifted 1 of 9 subjects drifted, first of all locale (input)" in said(capsys, "list")
    shown = said(capsys, "show", "--tenant", "greenedge")
    assert "locale (input) much (PSI" in shown
    assert "fr-CA" in shown
    drift.main(["show", "--html", str(tmp_path / "drift.html")])
    assert "locale (input)" in (tmp_path / "drift.html").read_text()
    capsys.readouterr()
    drift.main(["show", "--json"])
    assert [each["verdict"] for each in json.loads(capsys.readouterr().out)] == ["drifted"]
    assert "become the baseline" in said(capsys, "accept", "--reason", "we opened in Quebec", "--by", "anna", "--yes")
    [kept] = accepted(baseline.stack)
    assert (kept["by"], kept["reason"]) == ("anna", "we opened in Quebec")
    assert kept["since"] == baseline.report()["as_of"], "most runs of the window may be as they were"


@pytest.mark.parametrize("answer", [True, False])
def test_what_becomes_normal_is_shown_before_it_is_kept(account, baseline, capsys, monkeypatch, answer):  # noqa: F811
    baseline.record(200, begin=NOW - timedelta(hours=10), locale="fr-CA")
    baseline.run()
    yesterday = (NOW - timedelta(days=1)).isoformat()[:10]
    capsys.readouterr()

    def asked(question):
        assert f"the runs since {yesterday}T00:00:00Z become the baseline" in " ".join(capsys.readouterr().out.split())
        assert accepted(baseline.stack) == []
        return answer

    monkeypatch.setattr(drift, "confirmed", asked)
    drift.main(["accept", "--reason", "we opened in Quebec", "--since", yesterday])
    assert [each["since"] for each in accepted(baseline.stack)] == [f"{yesterday}T00:00:00Z"] * answer


def test_what_came_after_the_report_is_not_taken_for_normal(account, baseline):  # noqa: F811
    baseline.record(200, begin=NOW - timedelta(hours=10), locale="fr-CA")
    baseline.run()

    with pytest.raises(Problem, match="isn't known to be normal"):
        drift.main(["accept", "--reason", "because", "--since", "2999-01-01", "--yes"])


def accepted(stack):
    return [each for each in stack.items("DriftReportsTable") if each["subject"].startswith("accepted")]


def test_a_day_is_asked_for_by_its_date_and_nothing_else_is_accepted(account, baseline, capsys):  # noqa: F811
    baseline.record(200, begin=NOW - timedelta(hours=10), seed=2)
    baseline.run()
    today, reports = baseline.report(), Reports(table="DriftReportsTable", dynamodb=account.dynamodb)
    earlier = (NOW - timedelta(days=3)).isoformat()[:10]
    reports.put(today | {"as_of": f"{earlier}T03:20:00Z"})
    capsys.readouterr()

    assert earlier in said(capsys, "show", "--day", earlier)
    assert earlier not in said(capsys, "list")
    with pytest.raises(Problem, match="no report of 2020-01-01"):
        drift.main(["show", "--day", "2020-01-01"])
    with pytest.raises(Problem, match="Nothing of greenedge drifted"):
        drift.main(["accept", "--reason", "because", "--tenant", "greenedge"])


class _States:
    """Step Functions with one execution, which ends at the second question."""

    def __init__(self, status):
        self._statuses = iter(["RUNNING", status])

    def start_execution(self, **_):
        return {"executionArn": "arn:one"}

    def describe_execution(self, **_):
        return {"status": next(self._statuses), "error": "IncompleteSweepError"}


@pytest.mark.parametrize("status", ["SUCCEEDED", "FAILED"])
def test_a_comparison_now_is_waited_for(account, platform, monkeypatch, capsys, status):  # noqa: F811
    monkeypatch.setattr(drift, "_EVERY_SECONDS", 0)
    states, others = _States(status), account.client
    account.client = lambda name: states if name == "stepfunctions" else others(name)

    if status == "SUCCEEDED":
        assert "No comparison was made yet" in said(capsys, "run")
    else:
        with pytest.raises(Problem, match="ended as FAILED: IncompleteSweepError"):
            drift.main(["run"])
