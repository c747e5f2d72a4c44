"""What became of a message, on the deployed stack: from the sender's signed event to whoever goes by it."""

import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from agent_platform.items import to_item
from agent_platform.moments import iso

from tests.workflow.deployed import Deployed
from tests.workflow.test_on_call import function, said

type Sample = Callable[..., dict[str, Any]]

LONG_AGO = "2020-01-01T00:00:00Z"


@pytest.fixture
def tell(deployed: Deployed) -> Callable[..., str]:
    """Tell what became of a message, as its sender would; the receipt of the event."""

    def tell(message_id: str, kind: str, **data: Any) -> str:
        now = iso(datetime.now(UTC))
        told = {"message_id": message_id, "outcome": kind, "time": now} | data
        answer = deployed.send({"type": "outcome.recorded", "version": 1, "timestamp": now, "data": told})
        assert answer.status == 202, answer.body
        return str(answer.body["receipt"])

    return tell


def test_what_became_of_a_message_is_attached_concluded_and_known_of_the_customer(
    deployed: Deployed, sample: Sample, tell: Callable[..., str]
) -> None:
    message = deployed.message(deployed.send(sample("good-referral")).body["receipt"])
    receipts = [tell(message["messageId"], "sent"), tell(message["messageId"], "booked", value=245.5)]

    for receipt in receipts:
        assert deployed.outcome(receipt) == {
            "kind": "noted", "run": 1, "status": "attached to its message", "execution": "",
        }  # fmt: skip
        assert "openShard" not in deployed.receipt(receipt)
    attached = deployed.item("OutreachMessages", message=message["message"])
    assert attached["outcomes"].keys() == {"sent", "booked"}
    assert attached["outcomes"]["booked"]["value"] == 245.5
    assert attached["maturesAt"] > attached["outcomes"]["sent"]["at"]
    row = deployed.item("CustomerFeatures", entity=f"greenedge#{message['customer']}", view="customer@1")
    assert json.loads(row["packed"])["responses"][0] == {"sent": 1, "booked": 1}
    assert "worth 245.5" in said("messages", "show", message["messageId"][:12])
    assert message["messageId"][:8] in said("outcomes", "list")


def test_who_unsubscribed_is_not_written_to_again(deployed: Deployed, sample: Sample, tell: Callable[..., str]) -> None:
    event = sample("good-referral")
    message = deployed.message(deployed.send(event).body["receipt"])
    deployed.outcome(tell(message["messageId"], "unsubscribed"))

    contact = deployed.item("OutreachContacts", contact=f"greenedge#{message['customer']}")
    assert contact["suppressed"] == "unsubscribed"
    assert "expiresAt" not in contact
    again = deployed.message(deployed.send(event).body["receipt"])
    assert (again["status"], again["skip"]["reason"]) == ("skipped", "suppressed")


def test_an_outcome_of_no_message_is_kept_listed_and_said_how_to_send_again(
    deployed: Deployed, tell: Callable[..., str]
) -> None:
    unheard_of = uuid.uuid4().hex * 2
    receipt = tell(unheard_of, "complained")

    outcome = deployed.outcome(receipt)
    assert (outcome["kind"], outcome["status"]) == ("failure", "UnknownMessage")
    listed = json.loads(said("outcomes", "list", "--unknown", "--json"))
    assert [(each["outcome"], each["receipt"]) for each in listed if each["message_id"] == unheard_of] == [
        ("complained", receipt)
    ]
    assert receipt in said("executions", "list", "--failed", "--json")
    assert "with the same webhook-id" in said("rerun", receipt, status=1)


def test_a_mature_message_is_counted_once_and_leaves_the_list(
    deployed: Deployed, sample: Sample, tell: Callable[..., str]
) -> None:
    message = deployed.message(deployed.send(sample("good-referral")).body["receipt"])
    deployed.outcome(tell(message["messageId"], "sent"))
    deployed.outcome(tell(message["messageId"], "referred"))
    for name in ("sent", "referred"):
        deployed.stack.dynamodb.update_item(
            TableName=deployed.stack.outputs["OutreachMessages"],
            Key=to_item({"message": message["message"]}),
            UpdateExpression="SET outcomes.#kind.#at = :past, maturesAt = :past",
            ExpressionAttributeNames={"#kind": name, "#at": "at"},
            ExpressionAttributeValues=to_item({":past": LONG_AGO}),
        )
    for _ in range(2):
        answer = deployed.stack.client("lambda").invoke(
            FunctionName=function(deployed, "OutreachSettleOutcomesFunction"), Payload=b"{}"
        )
        assert "FunctionError" not in answer, answer["Payload"].read()

    settled = deployed.item("OutreachMessages", message=message["message"])
    assert settled["settled"]["good"]
    assert {"maturesShard", "maturesAt"}.isdisjoint(settled)
    if settled["retrieval"] == "found":
        series = f"{deployed.tenant}#{message['purpose']}"
        counted = [deployed.item("CaseCredits", series=series, subject=case) for case in message["passages"]]
        assert all(each["uses"] >= each["good"] >= 1 for each in counted)
