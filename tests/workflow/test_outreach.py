"""The way of an event, whole: from a signed request to a stored message, or to the recorded reason for none."""

import json
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from operations.events import new_event_id
from tests.workflow.deployed import Deployed

type Sample = Callable[..., dict[str, Any]]


def _claimless(message: dict[str, Any]) -> bool:
    return not [finding for finding in message["findings"] if finding["result"] in {"contradicted", "unsupported"}]


def test_a_happy_customers_event_becomes_an_approved_message(deployed: Deployed, sample: Sample) -> None:
    event = sample("good-referral")
    answer = deployed.send(event)

    assert answer.status == 202
    message = deployed.message(answer.body["receipt"])
    assert message["status"] == "approved"
    assert _claimless(message)
    first_name = event["data"]["customer"]["name"].split()[0]
    assert "{{customer.first_name}}" in message["slots"]["body"]
    assert first_name in message["text"]
    assert "{{" not in message["subject"] + message["text"] + message["html"]
    assert message["costMicros"] > 0
    assert message["passages"]


def test_a_run_takes_six_steps_and_nine_transitions(deployed: Deployed, sample: Sample) -> None:
    receipt = deployed.send(sample("good-referral")).body["receipt"]
    deployed.message(receipt)

    entered = [
        e["stateEnteredEventDetails"]["name"] for e in deployed.history(receipt) if "stateEnteredEventDetails" in e
    ]
    assert entered == [
        "Validate",
        "Write to this customer?",
        "Enrich",
        "Retrieve",
        "Generate",
        "Judge",
        "Approved?",
        "Store",
    ]


def test_no_identity_enters_the_execution_history(deployed: Deployed, sample: Sample) -> None:
    event = sample("good-referral")
    customer = event["data"]["customer"]
    receipt = deployed.send(event).body["receipt"]
    deployed.message(receipt)

    history = json.dumps(deployed.history(receipt), default=str)
    people = [customer["name"], customer["name"].split()[0], customer["email"], customer["phone"], customer["id"]]
    comments = [
        line["comment"] for line in [event["data"]["service"], *customer["service_history"]] if line.get("comment")
    ]
    assert comments
    assert [found for found in [*people, *comments] if found in history] == []


@pytest.mark.parametrize(
    ("name", "reason"), [("no-consent", "no_consent"), ("unhappy-customer", "satisfaction_too_low")]
)
def test_a_skip_is_stored_with_its_reason(deployed: Deployed, sample: Sample, name: str, reason: str) -> None:
    message = deployed.message(deployed.send(sample(name)).body["receipt"])

    assert (message["status"], message["skip"]["reason"]) == ("skipped", reason)
    assert "text" not in message


def test_who_was_written_to_is_not_written_to_again_within_the_interval(deployed: Deployed, sample: Sample) -> None:
    event = sample("good-referral")
    assert deployed.message(deployed.send(event).body["receipt"])["status"] == "approved"

    second = deployed.message(deployed.send(event).body["receipt"])
    assert second["skip"]["reason"] == "contacted_recently"


def test_an_injected_comment_is_neither_obeyed_nor_quoted(deployed: Deployed, sample: Sample) -> None:
    message = deployed.message(deployed.send(sample("injected-comment")).body["receipt"])

    assert message["status"] == "approved"
    assert "90" not in message["slots"]["body"]
    assert "ignore" not in message["text"].lower()


def test_what_code_can_t_check_waits_for_a_person_with_its_claims(deployed: Deployed, sample: Sample) -> None:
    message = deployed.message(deployed.send(sample("spanish")).body["receipt"])

    assert (message["status"], message["review"]["reasons"]) == ("pending_review", ["not_checked"])
    results = {entry["result"] for entry in message["ledger"]}
    assert {"slot", "not_checked"} <= results
    assert message["customer"] not in {row["contact"].partition("#")[2] for row in deployed.items("OutreachContacts")}


def test_messy_data_is_repaired_and_said(deployed: Deployed, sample: Sample) -> None:
    event = sample("messy-data")
    message = deployed.message(deployed.send(event).body["receipt"])

    assert message["status"] == "approved"
    assert message["repairs"]
    assert event["data"]["customer"]["email"].strip() not in json.dumps(message["repairs"])


def test_the_same_event_twenty_times_at_once_is_one_message(deployed: Deployed, sample: Sample) -> None:
    event, event_id = sample("good-referral"), new_event_id()
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: deployed.send(event, event_id), range(20)))

    assert {answer.status for answer in answers} == {202}
    [receipt] = {answer.body["receipt"] for answer in answers}
    message = deployed.message(receipt)
    mine = [each for each in deployed.items("OutreachMessages") if each["eventId"] == event_id]
    assert mine == [message]


def test_a_faulty_draft_is_written_again_with_the_reason(deployed: Deployed, sample: Sample) -> None:
    deployed.fault({"kind": "invented_amount", "times": 1, "contains": "hedge trimming"})
    message = deployed.message(deployed.send(sample("good-referral", type="hedge trimming")).body["receipt"])

    assert message["status"] == "approved"
    first, second = message["attempts"]
    assert not first["approved"]
    assert any(finding["kind"] == "amount" for finding in first["findings"])
    assert second["approved"]


def test_a_draft_that_never_becomes_good_is_stored_as_rejected_with_all_attempts(
    deployed: Deployed, sample: Sample
) -> None:
    deployed.fault({"kind": "invented_amount", "contains": "fence painting"})
    message = deployed.message(deployed.send(sample("good-referral", type="fence painting")).body["receipt"])

    assert message["status"] == "rejected"
    assert [attempt["attempt"] for attempt in message["attempts"]] == [1, 2, 3]


def test_a_throttled_model_is_tried_again_by_the_state_machine_alone(deployed: Deployed, sample: Sample) -> None:
    deployed.fault({"kind": "throttle", "times": 2, "contains": "roof washing", "role": "writer"})
    before = len(deployed.model_calls())
    message = deployed.message(deployed.send(sample("good-referral", type="roof washing")).body["receipt"])

    assert message["status"] == "approved"
    writer = [call for call in deployed.model_calls()[before:] if call["role"] == "writer"]
    assert len(writer) == 3


def test_a_refused_call_fails_at_once_under_its_name_and_is_recorded(deployed: Deployed, sample: Sample) -> None:
    deployed.fault({"kind": "access_denied", "contains": "pool cleaning", "role": "writer"})
    before = len(deployed.model_calls())
    receipt = deployed.send(sample("good-referral", type="pool cleaning")).body["receipt"]

    outcome = deployed.outcome(receipt)
    assert (outcome["kind"], outcome["status"]) == ("failure", "ModelRefused")
    failure = deployed.item("EventRecords", record=receipt.replace(".", "#", 1), part="failure#1")
    assert (failure["state"], failure["error"], failure["current"]) == ("Generate", "ModelRefused", True)
    assert len([call for call in deployed.model_calls()[before:] if call["role"] == "writer"]) == 1


def test_personal_data_expires_and_receipts_stay_longer(deployed: Deployed, sample: Sample) -> None:
    receipt = deployed.send(sample("good-referral")).body["receipt"]
    deployed.message(receipt)

    now, retention = datetime.now(UTC), timedelta(days=int(deployed.stack.parameters["RetentionDays"]))
    limits = {"EventRecords": timedelta(days=400), "OutreachMessages": retention, "Recordings": retention,
              "CustomerFeatures": retention,
              # Whose a message was is known for two years more, by reference: who unsubscribes by it is heard.
              "OutreachContacts": retention + timedelta(days=730)}  # fmt: skip
    for output, longest in limits.items():
        # Suppression has no end.
        items = [item for item in deployed.items(output) if "suppressed" not in item]
        assert items
        for item in items:
            limit = retention if item.get("part") in {"body", "prepared#1"} else longest
            assert datetime.fromtimestamp(item["expiresAt"], UTC) <= now + limit, (output, item.get("part"))


def test_the_recording_holds_what_the_run_had_before_it(deployed: Deployed, sample: Sample) -> None:
    event = sample("good-referral")
    message = deployed.message(deployed.send(event).body["receipt"])

    recording = deployed.item("Recordings", recording=f"{deployed.tenant}#{message['messageId']}")
    material = json.loads(recording["material"])
    assert recording["series"] == "greenedge#outreach#referral"
    assert material["request"]["brand"]["version_id"]
    assert material["features"]["values"]
    assert material["passages"]["items"]
    assert event["data"]["customer"]["name"] not in recording["material"]


def test_message_stored_reaches_a_subscriber_on_the_bus(deployed: Deployed, sample: Sample) -> None:
    stack = deployed.stack
    events, sqs = stack.client("events"), stack.client("sqs")
    name = f"subscriber-{uuid.uuid4().hex[:8]}"
    queue = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    bus = stack.outputs["EventBusName"]
    pattern = json.dumps({"detail-type": ["message.stored"]})
    events.put_rule(Name=name, EventBusName=bus, EventPattern=pattern)
    events.put_targets(Rule=name, EventBusName=bus, Targets=[{"Id": "queue", "Arn": arn}])

    message = deployed.message(deployed.send(sample("good-referral")).body["receipt"])
    received = deployed.until(lambda: sqs.receive_message(QueueUrl=queue).get("Messages"), "the news")
    detail = json.loads(received[0]["Body"])["detail"]
    assert detail == {"tenant": "greenedge", "workflow": "outreach", "message_id": message["messageId"],
                      "status": "approved"}  # fmt: skip


def test_metrics_stand_under_the_workflow_and_under_the_agents_version(deployed: Deployed, sample: Sample) -> None:
    deployed.message(deployed.send(sample("good-referral")).body["receipt"])
    cloudwatch, now = deployed.stack.client("cloudwatch"), datetime.now(UTC)
    workflow = {"Name": "workflow", "Value": "outreach"}
    version = [workflow, {"Name": "agent", "Value": "platform#outreach-writer"}, {"Name": "version", "Value": "1"}]

    both = ("MessagesGenerated", "ApprovalRate", "JudgeScore", "GenerationTime", "RetryRate", "Findings")
    found_under = dict.fromkeys(both, ([workflow], version))
    for metric, sets in (found_under | dict.fromkeys(("EndToEndTime", "FeatureRowHit"), ([workflow],))).items():
        for dimensions in sets:

            def seen(metric: str = metric, dimensions: list[dict[str, str]] = dimensions) -> list[Any]:
                return cloudwatch.get_metric_statistics(
                    Namespace="ReferralSystem", MetricName=metric, Dimensions=dimensions, Period=3600,
                    StartTime=now - timedelta(hours=1), EndTime=now + timedelta(hours=1), Statistics=["SampleCount"],
                )["Datapoints"]  # fmt: skip

            assert deployed.until(seen, f"{metric} under {[each['Name'] for each in dimensions]}")
