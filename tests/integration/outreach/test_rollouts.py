"""What a run keeps of an open rollout: its arm and why, chosen by the customer's reference and kept to the end."""

from datetime import UTC, datetime

import pytest
from agent_platform.registry.resolution import bucket

from tests.builders import service_completed

WRITER = "platform#outreach-writer"
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
ANNA = {"by": "anna", "reason": "because", "now": NOW}


@pytest.fixture
def rollout(ready, registry):
    """A second version of the writer, given to half of the customers."""
    first = registry.version(WRITER, 1)
    config = {**first.config, "max_attempts": 2}
    registry.register(config, first.prompt, owner="platform", allowed_models=["amazon.nova-lite-v1:0"], now=NOW)
    return ready.aliases().open_rollout(WRITER, {"alpha": 0.05}, candidate=2, share=5000, **ANNA)


def validated(ready, begin, customer):
    event = service_completed()
    event["data"]["customer"]["id"] = customer
    document, _ = ready.step("Validate", begin(event, event_id=f"msg_{customer}"))
    return document["request"]


def test_without_a_rollout_the_document_says_no_more_than_the_version(ready, begin):
    agents = validated(ready, begin, "cust-1")["agents"]
    assert agents["writer"] == {"agent_id": WRITER, "version": 1}


def test_in_a_rollout_it_says_the_arm_and_why_and_the_customer_keeps_it(ready, begin, rollout):
    seen = {}
    for number in range(8):
        request = validated(ready, begin, f"cust-{number}")
        writer, place = request["agents"]["writer"], bucket("greenedge", WRITER, f"{WRITER}#1", request["customer"])
        arm = "candidate" if place < 5000 else "baseline"
        assert writer == {
            "agent_id": WRITER,
            "version": 2 if arm == "candidate" else 1,
            "rollout": rollout,
            "arm": arm,
            "bucket": place,
            "share": 5000,
        }
        assert request["agents"]["judge"].keys() == {"agent_id", "version"}
        seen[arm] = request["customer"]
    assert set(seen) == {"baseline", "candidate"}


def test_another_event_of_the_same_customer_has_the_same_arm(ready, begin, rollout):
    one = validated(ready, begin, "cust-1")["agents"]["writer"]
    ready.aliases().set_share(WRITER, rollout, 10_000, **ANNA)
    event = service_completed()
    event["data"]["customer"]["id"] = "cust-1"
    other, _ = ready.step("Validate", begin(event, event_id="msg_other"))
    assert other["request"]["agents"]["writer"]["bucket"] == one["bucket"]
