"""scripts/report on the deployed stack: the dashboard is there with its names filled in, and its questions answered."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from operations import report
from tests.workflow.deployed import Deployed


def test_what_a_message_took_is_on_the_dashboard(
    deployed: Deployed, sample: Callable[..., dict[str, Any]], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    deployed.message(deployed.send(sample("good-referral")).body["receipt"])
    name = deployed.stack.outputs["OutreachDashboard"]
    body = deployed.stack.client("cloudwatch").get_dashboard(DashboardName=name)["DashboardBody"]

    def answers() -> dict[str, list[dict[str, Any]]]:
        report.main(["--since", "1h", "--json", "--html", str(tmp_path / "report.html")])
        sections = json.loads(capsys.readouterr().out)["sections"]
        return {each["question"]: each["answers"] for section in sections for each in section["questions"]}

    deployed.until(lambda: answers()["How many messages are approved?"], "approval on the report")
    found = answers()
    assert "${Outreach" not in body
    assert "${PROP('Dim.version')}" in body
    assert sum(each["whole"] for each in found["How are the scores distributed?"]) >= 1
    assert {each["label"] for each in found["Which state takes the time?"]} >= {"Generate p50", "Store p99"}
    assert [each for each in found["How do executions end?"] if each["label"] == "succeeded" and each["whole"] >= 1]
    assert "outreach-writer v1" in {each["label"] for each in found["How many messages does each version write?"]}
    assert "How many messages are approved?" in (tmp_path / "report.html").read_text()
