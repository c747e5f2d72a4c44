"""What leaked is freed."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from agent_platform.ingest.slot_board import Asking
from agent_platform.ingest.slots import Slots

from tests.workflow.deployed import Deployed, physical


@pytest.fixture
def slots(deployed: Deployed) -> Slots:
    """The stack's slots."""
    stack = deployed.stack
    return Slots(table=stack.outputs["Admission"], dynamodb=stack.dynamodb, pause=time.sleep)


def test_a_slot_that_its_run_left_is_freed_by_the_sweep(deployed, slots):
    execution = deployed.stack.outputs["OutreachStateMachineArn"].replace(":stateMachine:", ":execution:") + ":never"
    then = datetime.now(UTC) - timedelta(minutes=6)
    slots.take("outreach", [Asking("greenedge", execution)], most=100, now=then)
    answer = deployed.stack.client("lambda").invoke(FunctionName=physical(deployed.stack, "ReleaseSlotsFunction"))
    assert "FunctionError" not in answer, answer["Payload"].read()
    assert execution not in {each.execution for each in slots.held("greenedge")}
