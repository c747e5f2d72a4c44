"""Who was forgotten stays so: what is sent of them afterwards is taken in, and nothing of it is kept."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from agent_platform.moments import iso

from operations.customers import reference_of
from tests.workflow.deployed import Deployed, said

type Sample = Callable[..., dict[str, Any]]


def test_an_event_of_somebody_who_was_forgotten_leaves_nothing(deployed: Deployed, sample: Sample) -> None:
    stack, event = deployed.stack, sample("good-referral")
    customer = event["data"]["customer"]["id"]
    message = deployed.message(deployed.send(event).body["receipt"])
    said("forget", deployed.tenant, customer)
    assert message["messageId"] not in {each["messageId"] for each in deployed.items("OutreachMessages")}

    now = iso(datetime.now(UTC) - timedelta(minutes=1))
    service = {"id": "job-again", "date": now, "type": "weekly mow", "price": 48.0, "currency": "USD"}
    told = {"customer": {"id": customer}, "service": service}
    again = deployed.send(event).body["receipt"]
    after = deployed.send({"type": "service.completed", "version": 1, "timestamp": now, "data": told}).body["receipt"]

    assert deployed.message(again)["skip"]["reason"] == "suppressed"
    assert deployed.message(after)["status"] == "skipped"
    reference = reference_of(stack, deployed.tenant, customer)
    assert f"{deployed.tenant}#{reference}" not in {each["entity"] for each in deployed.items("CustomerFeatures")}
    soon = (datetime.now(UTC) + timedelta(days=2)).timestamp()
    kept = [each for each in deployed.items("EventRecords") if each["record"] == again.replace(".", "#", 1)]
    for_long = [each for each in kept if each["expiresAt"] > soon]
    assert {each["part"] for each in for_long} == {"receipt", "prepared#1"}
    assert event["data"]["customer"]["email"] not in str(for_long)
