"""A run waits for a slot, and its slot is free when it is over, however it ends; what leaked is freed."""

import json
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


def test_a_run_that_came_to_a_message_has_no_slot(deployed, sample, slots):
    _let_go(deployed, slots, deployed.message(deployed.send(sample("good-referral")).body["receipt"])["messageId"])


def test_a_run_that_failed_has_no_slot(deployed, sample, slots):
    deployed.fault({"kind": "access_denied", "contains": "slot cleaning", "role": "writer"})
    outcome = deployed.outcome(deployed.send(sample("good-referral", type="slot cleaning")).body["receipt"])
    assert outcome["kind"] == "failure"
    _let_go(deployed, slots, outcome["execution"])


@pytest.fixture
def all_free(deployed, slots):
    """No run holds a slot any more: those of other tests' that are over and were never told so have let go."""
    states = deployed.stack.client("stepfunctions")
    for tenant in slots.boards()["outreach"].held:
        for each in slots.held(tenant):
            if states.describe_execution(executionArn=each.execution)["status"] != "RUNNING":
                slots.let_go(tenant, each.execution)
    deployed.until(lambda: not slots.boards()["outreach"].taken, "all slots to be free")


@pytest.mark.usefixtures("all_free")
def test_an_event_waits_for_a_slot_and_runs_once_there_is_one(deployed, sample, slots):
    machine, now = deployed.stack.outputs["OutreachStateMachineArn"], datetime.now(UTC)
    taken = machine.replace(":stateMachine:", ":execution:") + ":takes-the-only-slot"
    with deployed.given("OutreachStartExecutionFunction", MAX_OPEN_EXECUTIONS="1"):
        slots.take("outreach", [Asking("greenedge", taken)], most=100, now=now)
        receipt = deployed.send(sample("good-referral")).body["receipt"]
        time.sleep(3)
        waits = "executionArn" not in deployed.receipt(receipt)
        slots.let_go("greenedge", taken)
        message = deployed.message(receipt)
    assert waits
    assert message["status"] == "approved"


def test_an_event_that_the_queue_brings_again_runs_once_and_takes_no_slot(deployed, sample, slots):
    receipt = deployed.send(sample("no-consent")).body["receipt"]
    execution = deployed.message(receipt)["messageId"]
    _let_go(deployed, slots, execution)
    [begun] = [each for each in deployed.history(receipt) if each["type"] == "ExecutionStarted"]
    body = json.dumps({"detail": json.loads(begun["executionStartedEventDetails"]["input"])})
    again = {"Records": [{"messageId": "m-1", "body": body, "attributes": {"ApproximateReceiveCount": "2"}}]}
    start = physical(deployed.stack, "OutreachStartExecutionFunction")
    answer = deployed.stack.client("lambda").invoke(FunctionName=start, Payload=json.dumps(again))

    assert json.loads(answer["Payload"].read()) == {"batchItemFailures": []}
    assert execution not in {each.execution.rpartition(":")[2] for each in slots.held(deployed.tenant)}


def _let_go(deployed, slots, execution):
    """Free at once, and not only when the sweep comes."""

    def is_free():
        return execution not in {each.execution.rpartition(":")[2] for each in slots.held(deployed.tenant)}

    deployed.until(is_free, f"the slot of {execution} to be free")
