"""A synthetic run on the deployed stack: through its own URL, under its functions' roles, excluded from all else."""

import json
import subprocess
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from agent_platform.tenants import SYNTHETIC

from operations.stack import ROOT
from tests.workflow.deployed import Deployed

STATES = ["Validate", "Write to this customer?", "Enrich", "Retrieve", "Generate", "Judge", "Approved?", "Store"]


def sums(deployed: Deployed, workflow: str, metric: str) -> float:
    """All that was ever counted of a workflow's metric here."""
    now = datetime.now(UTC)
    points = deployed.stack.client("cloudwatch").get_metric_statistics(
        Namespace="ReferralSystem", MetricName=metric, Dimensions=[{"Name": "workflow", "Value": workflow}],
        Period=3600, StartTime=now - timedelta(hours=2), EndTime=now + timedelta(hours=1), Statistics=["Sum"],
    )["Datapoints"]  # fmt: skip
    return sum(point["Sum"] for point in points)


def settled(deployed: Deployed, workflow: str, metric: str) -> float:
    """The same once nothing is under way any more."""
    counted, still = sums(deployed, workflow, metric), 0
    while still < 5:
        time.sleep(0.2)
        before, counted = counted, sums(deployed, workflow, metric)
        still = still + 1 if counted == before else 0
    return counted


@dataclass(frozen=True)
class Before:
    """What was counted, and how many messages of nobody's there were, before the first run."""

    generated: float
    right: float
    milliseconds: float
    messages: int


@pytest.fixture(scope="module")
def before(deployed: Deployed) -> Before:
    return Before(
        settled(deployed, "outreach", "MessagesGenerated"),
        sums(deployed, "synthetic", "SyntheticOk"),
        sums(deployed, "synthetic", "SyntheticTime"),
        len(of_nobody(deployed)),
    )


def of_nobody(deployed: Deployed) -> list[dict[str, Any]]:
    return [each for each in deployed.items("OutreachMessages") if each["tenant"] == SYNTHETIC]


@pytest.fixture(scope="module")
def told(deployed: Deployed, before: Before) -> list[dict[str, Any]]:
    """What scripts/synthetic once told, step by step."""
    door = [ROOT / "scripts/synthetic", "once", "--json"]
    return list(json.loads(subprocess.run(door, capture_output=True, check=True).stdout))


@pytest.fixture(scope="module")
def scheduled(deployed: Deployed, told: list[dict[str, Any]], before: Before) -> None:
    """After the run by hand, one as the schedule begins it, until the watch has seen it."""
    send, asked = deployed.stack.outputs["SyntheticSend"], json.dumps({"workflow": "outreach"})
    answer = deployed.stack.client("lambda").invoke(FunctionName=send, Payload=asked)
    assert "FunctionError" not in answer
    deployed.until(lambda: sums(deployed, "synthetic", "SyntheticOk") > before.right, "SyntheticOk")


def test_it_goes_through_every_state_to_a_message_that_is_right(told: list[dict[str, Any]]) -> None:
    named = [each["what"].partition(",")[0] for each in told]

    assert named[0] == "sent"
    assert named[1:-2] == STATES
    assert named[-2].startswith("stored: approved")
    assert all(each["right"] for each in told)


@pytest.mark.usefixtures("scheduled")
def test_the_watch_counts_the_schedule_s_run_and_its_time_and_none_by_hand(deployed: Deployed, before: Before) -> None:
    assert settled(deployed, "synthetic", "SyntheticOk") == before.right + 1
    assert 0 < sums(deployed, "synthetic", "SyntheticTime") - before.milliseconds < 60_000


@pytest.mark.usefixtures("scheduled")
def test_it_is_in_no_metric_of_business_no_recording_and_no_list(deployed: Deployed, before: Before) -> None:
    assert sums(deployed, "outreach", "MessagesGenerated") == before.generated
    assert not [each for each in deployed.items("Recordings") if each["recording"].startswith(f"{SYNTHETIC}#")]
    assert len(of_nobody(deployed)) == before.messages + 2
    assert {each["status"] for each in of_nobody(deployed)} == {"approved"}
    listed = json.loads(subprocess.check_output([ROOT / "scripts/messages", "list", "--json"]))
    assert SYNTHETIC not in {each["tenant"] for each in listed}
