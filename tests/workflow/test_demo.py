"""The demo, whole: every outcome that it promises happens, and its JSON is one document."""

import json

import pytest

from operations import demo, demo_report
from operations.scenarios import SCENARIOS
from tests.workflow.deployed import Deployed

FIELDS = {"id", "sent", "http_status", "outcome", "reason", "execution", "attempts", "score", "subject", "body"}


def test_the_demo_shows_every_outcome_that_it_promises(deployed: Deployed, capsys: pytest.CaptureFixture[str]) -> None:
    assert demo.demonstrate("offline", len(SCENARIOS), keep=True, as_json=True) == 0

    document = json.loads(capsys.readouterr().out)
    assert set(document) == {"model", "seconds", "events", "tokens", "cost"}
    assert document["model"] == "offline stand-in (deterministic; no language model)"
    assert all(set(event) == FIELDS for event in document["events"])
    assert [event["outcome"] for event in document["events"]] == [scenario.expected for scenario in SCENARIOS]
    assert document["tokens"]["input"] > 0
    assert document["cost"]["usd"] > 0


def test_a_demo_that_did_not_show_it_says_so(deployed: Deployed, capsys: pytest.CaptureFixture[str]) -> None:
    scenario, line = SCENARIOS[0], demo_report.Shown("id", "x", 202, "rejected", "", "run", 3, 2.0, None, None)
    assert list(demo_report.unexpected(scenario, line, offline=True))
    assert not list(demo_report.unexpected(scenario, line, offline=False))
