"""With few slots, what comes at once waits in its queue and starts in its time; what leaked is freed."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from agent_platform.ingest.slot_board import Asking
from agent_platform.ingest.slots import Slots

from tests.workflow.deployed import Deployed, physical, said

FEW, MANY = 2, 6
# Who waits asks again after a part of the time waited so far: on a busy machine that adds up.
PATIENCE_SECONDS = 180


@pytest.fixture
def slots(deployed: Deployed) -> Slots:
    """The stack's slots."""
    stack = deployed.stack
    return Slots(table=stack.outputs["Admission"], dynamodb=stack.dynamodb, pause=time.sleep)


@pytest.fixture
def _few(deployed: Deployed) -> Iterator[None]:
    """A starter that is given two slots, until the test ends."""
    with deployed.given("OutreachStartExecutionFunction", MAX_OPEN_EXECUTIONS=str(FEW)):
        yield


@pytest.mark.usefixtures("_few")
def test_what_comes_at_once_waits_for_a_slot_and_comes_to_its_message(deployed, sample, slots):
    receipts = [deployed.send(sample("good-referral")).body["receipt"] for _ in range(MANY)]
    held = []

    def all_ended():
        # There is no board before the first run asks.
        held.append(sum(board.taken for board in slots.boards().values()))
        return all("outcome" in deployed.receipt(each) for each in receipts) or None

    deployed.until(all_ended, "every event to come to its end", patience=PATIENCE_SECONDS)
    assert max(held) <= FEW
    assert "greenedge" in slots.boards()["outreach"].waiting
    assert {deployed.outcome(each)["kind"] for each in receipts} == {"message"}
    deployed.until(lambda: slots.boards()["outreach"].held == {} or None, "every slot to be free")
    assert json.loads(said("executions", "slots", "--json"))["most"] > FEW


def test_a_slot_that_its_run_left_is_freed_by_the_sweep(deployed, slots):
    execution = deployed.stack.outputs["OutreachStateMachineArn"].replace(":stateMachine:", ":execution:") + ":never"
    then = datetime.now(UTC) - timedelta(minutes=6)
    slots.take("outreach", [Asking("greenedge", execution)], most=100, now=then)
    answer = deployed.stack.client("lambda").invoke(FunctionName=physical(deployed.stack, "ReleaseSlotsFunction"))
    assert "FunctionError" not in answer, answer["Payload"].read()
    assert execution not in {each.execution for each in slots.held("greenedge")}
