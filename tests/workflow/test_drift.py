"""The nightly comparison as it is deployed: on schedule, under its functions' own roles, to the metric and the door."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from agent_platform.ingest.sources import Source
from agent_platform.items import to_item
from agent_platform.moments import epoch

from operations.drift import __main__ as drift
from operations.stack import ROOT
from tests.integration.drift.runs import keep, runs
from tests.workflow.deployed import Deployed
from tests.workflow.test_alarms import tickets  # noqa: F401 - who is told

COMPANY = "drift-co"
NOW = datetime.now(UTC).replace(microsecond=0)
PROMOTED = NOW - timedelta(days=20)
AGENTS = {role: {"agent_id": f"{COMPANY}#outreach-{role}", "version": 1} for role in ("writer", "judge")}


@pytest.fixture
def drifted(deployed: Deployed) -> Iterator[None]:
    """A company with agents of its own, whose customers speak French since yesterday; it is gone after the test."""
    stack = deployed.stack
    stack.sources.add(Source(f"{COMPANY}-crm", COMPANY, "none"))
    for role, agent in AGENTS.items():
        folder = ROOT / "agents" / f"outreach-{role}"
        config, prompt = json.loads((folder / "config.json").read_text()), (folder / "prompt.md").read_text()
        models = stack.outputs["Models"].split(",")
        stack.registry.register(config, prompt, owner=COMPANY, allowed_models=models, now=PROMOTED)
        stack.aliases.promote(agent["agent_id"], 1, by="a test", reason="its past", now=PROMOTED)
    for number, begin, locale in (
        (200, PROMOTED, None), (10, PROMOTED + timedelta(days=8), None), (200, NOW - timedelta(hours=10), "fr-CA"),
    ):  # fmt: skip
        # By a seed of their own: of runs drawn anew every time some drift by chance.
        found = runs(number, begin=begin, tenant=COMPANY, agents=AGENTS, locale=locale, seed=COMPANY)
        keep(found, dynamodb=stack.dynamodb, table=stack.outputs["Recordings"], expires_at=epoch(NOW, days=1))
    yield
    stack.dynamodb.delete_item(TableName=stack.outputs["Sources"], Key=to_item({"source": f"{COMPANY}-crm"}))
    for output, *key in (
        ("AgentRegistry", "agentId", "version"), ("Recordings", "recording"), ("DriftReports", "series", "subject"),
    ):  # fmt: skip
        for item in deployed.items(output):
            if item[key[0]].startswith(f"{COMPANY}#"):
                wanted = to_item({name: item[name] for name in key})
                stack.dynamodb.delete_item(TableName=stack.outputs[output], Key=wanted)


def test_a_night_s_comparison_finds_counts_tells_and_shows_what_drifted(
    deployed: Deployed,
    drifted: None,
    tickets: Callable[[], list[Any]],  # noqa: F811 - pytest's way to name a fixture
    capsys: pytest.CaptureFixture[str],
) -> None:
    drift.main(["run"])
    capsys.readouterr()
    drift.main(["show", "--tenant", COMPANY, "--json"])
    [report] = json.loads(capsys.readouterr().out)

    assert [each["subject"] for each in report["subjects"] if each["drifted"]] == ["inputs.locale"]
    assert report["cause"] == "inputs"
    dimensions = {"workflow": "drift", "agent": f"{COMPANY}#outreach-writer", "version": "1"}

    def counted() -> list[Any]:
        return deployed.stack.client("cloudwatch").get_metric_statistics(  # type: ignore[no-any-return]
            Namespace="ReferralSystem", MetricName="DriftedSubjects",
            Dimensions=[{"Name": name, "Value": value} for name, value in dimensions.items()],
            StartTime=NOW - timedelta(hours=1), EndTime=NOW + timedelta(hours=1), Period=3600, Statistics=["Maximum"],
        )["Datapoints"]  # fmt: skip

    # What an alarm tells meanwhile is an object.
    [told] = deployed.until(lambda: [each for each in tickets() if isinstance(each, str)], "the ticket")
    assert told == (
        f"Ticket. Runs of {COMPANY}#outreach-writer for {COMPANY} have drifted in their inputs, first of all "
        f"inputs.locale. First: scripts/drift list. See {deployed.stack.parameters['RunbookUrl']}#runs-have-drifted"
    )
    # A point an hour, and the hour may have turned since an earlier run.
    assert {point["Maximum"] for point in deployed.until(counted, "DriftedSubjects")} == {1}


def test_it_is_made_every_night(deployed: Deployed) -> None:
    scheduler = deployed.stack.client("scheduler")
    schedules = [scheduler.get_schedule(Name=each["Name"]) for each in scheduler.list_schedules()["Schedules"]]
    machine = deployed.stack.outputs["DriftStateMachineArn"]

    [own] = [each for each in schedules if each["Target"]["Arn"] == machine]
    assert own["ScheduleExpression"] == "cron(20 3 * * ? *)"
    assert own["State"] == "ENABLED"
