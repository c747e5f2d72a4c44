"""A synthetic run on the deployed stack: through its own URL, under its functions' roles, excluded from all else."""

import json
import subprocess
import time
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


@pytest.fixture(scope="module")
def generated_before(deployed: Deployed) -> float:
    """How many messages were counted once nothing is under way any more."""
    counted, still = sums(deployed, "outreach", "MessagesGenerated"), 0
    while still < 5:
        time.sleep(0.2)
        before, counted = counted, sums(deployed, "outreach", "MessagesGenerated")
        still = still + 1 if counted == before else 0
    return counted


@pytest.fixture(scope="module")
def told(deployed: Deployed, generated_before: float) -> list[dict[str, Any]]:
    """What scripts/synthetic once told, step by step."""
    door = [ROOT / "scripts/synthetic", "once", "--json"]
    return list(json.loads(subprocess.run(door, capture_output=True, check=True).stdout))


def test_it_goes_through_every_state_to_a_message_that_is_right(told: list[dict[str, Any]]) -> None:
    named = [each["what"].partition(",")[0] for each in told]

    assert named[0] == "sent"
    assert named[1:-2] == STATES
    assert named[-2].startswith("stored: approved")
    assert all(each["right"] for each in told)


def test_the_watch_counts_it_and_the_time_it_took(deployed: Deployed, told: list[dict[str, Any]]) -> None:
    assert deployed.until(lambda: sums(deployed, "synthetic", "SyntheticOk"), "SyntheticOk") == 1
    assert sums(deployed, "synthetic", "SyntheticTime") > max(each["after_ms"] for each in told[:-2])


def test_it_is_in_no_metric_of_business_no_recording_and_no_list(
    deployed: Deployed, told: list[dict[str, Any]], generated_before: float
) -> None:
    deployed.until(lambda: sums(deployed, "synthetic", "SyntheticOk"), "SyntheticOk")

    assert sums(deployed, "outreach", "MessagesGenerated") == generated_before
    assert not [each for each in deployed.items("Recordings") if each["recording"].startswith(f"{SYNTHETIC}#")]
    of_tenant = [each for each in deployed.items("OutreachMessages") if each["tenant"] == SYNTHETIC]
    assert [each["status"] for each in of_tenant] == ["approved"]
    listed = json.loads(subprocess.check_output([ROOT / "scripts/messages", "list", "--json"]))
    assert SYNTHETIC not in {each["tenant"] for each in listed}
