"""With few slots, what comes at once waits in its queue and starts in its time."""

import json
import time
from collections.abc import Iterator

import pytest
from agent_platform.ingest.slots import Slots

from tests.campaigns.conftest import whole_only
from tests.workflow.deployed import Deployed, said

FEW, MANY = 2, 6
# Who waits asks again after a part of the time waited so far: on a busy machine that adds up.
PATIENCE_SECONDS = 180


@pytest.fixture
def slots(deployed: Deployed) -> Slots:
    """The stack's slots."""
    stack = deployed.stack
    return Slots(table=stack.outputs["Admission"], dynamodb=stack.dynamodb, pause=time.sleep)


def taken(slots: Slots) -> int:
    """How many slots are held; there is no board before the first run asks."""
    return sum(board.taken for board in slots.boards().values())


@pytest.fixture
def most(deployed: Deployed, slots: Slots) -> Iterator[int]:
    """A starter that is given two slots more than others left behind, until the test ends."""
    most = taken(slots) + FEW
    with deployed.given("OutreachStartExecutionFunction", MAX_OPEN_EXECUTIONS=str(most)):
        yield most


@whole_only
def test_what_comes_at_once_waits_for_a_slot_and_comes_to_its_message(deployed, sample, slots, most):
    receipts = [deployed.send(sample("good-referral")).body["receipt"] for _ in range(MANY)]
    held = []

    def all_ended():
        held.append(taken(slots))
        return all("outcome" in deployed.receipt(each) for each in receipts) or None

    deployed.until(all_ended, "every event to come to its end", patience=PATIENCE_SECONDS)
    assert max(held) <= most
    assert "greenedge" in slots.boards()["outreach"].waiting
    assert {deployed.outcome(each)["kind"] for each in receipts} == {"message"}
    deployed.until(lambda: taken(slots) <= most - FEW or None, "every slot to be free")
    assert json.loads(said("executions", "slots", "--json"))["most"] > FEW
