"""The on-call's four moves and the hourly sweep, on the deployed stack and under its own roles."""

import json
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from agent_platform.ingest.events import EventRecords
from agent_platform.items import to_item
from agent_platform.references import EventReference

from operations.seed import FIRST_SOURCE
from tests.workflow.deployed import Deployed, said

type Sample = Callable[..., dict[str, Any]]

NO_ACCESS = {"kind": "access_denied", "times": 1}
LONG_AGO = "2020-01-01T00:00:00Z"


def function(deployed: Deployed, logical_id: str) -> str:
    found = deployed.stack.client("cloudformation").describe_stack_resource(
        StackName=deployed.stack.profile["stack_name"], LogicalResourceId=logical_id
    )
    return str(found["StackResourceDetail"]["PhysicalResourceId"])


@pytest.fixture
def reconcile(deployed: Deployed) -> Callable[..., dict[str, Any]]:
    """Let a quarter of an hour pass for these events, and sweep."""

    def sweep(*receipts: str, how: str = "RequestResponse") -> dict[str, Any]:
        for receipt in receipts:
            deployed.stack.dynamodb.update_item(
                TableName=deployed.stack.outputs["EventRecords"],
                Key=to_item({"record": receipt.replace(".", "#", 1), "part": "receipt"}),
                UpdateExpression="SET dueAt = :due",
                ConditionExpression="attribute_exists(openShard)",
                ExpressionAttributeValues=to_item({":due": LONG_AGO}),
            )
        answer = deployed.stack.client("lambda").invoke(
            FunctionName=function(deployed, "ReconcileFunction"), InvocationType=how, Payload=b"{}"
        )
        assert "FunctionError" not in answer, answer["Payload"].read()
        return dict(answer)

    return sweep


@pytest.fixture
def failed(deployed: Deployed, sample: Sample) -> str:
    """The receipt of an event whose run failed, because the model could not be called."""
    deployed.fault(NO_ACCESS)
    receipt = str(deployed.send(sample("good-referral")).body["receipt"])
    assert deployed.outcome(receipt)["status"] == "ModelRefused"
    return receipt


def test_a_failed_run_is_found_run_again_and_comes_to_a_message(deployed: Deployed, failed: str) -> None:
    arn = deployed.receipt(failed)["executionArn"]
    assert arn.rpartition(":")[2][:12] in said("executions", "list", "--failed")
    assert "ModelRefused" in said("executions", "show", failed)

    printed = said("rerun", failed)

    assert f"started run 2 of {failed}" in printed
    assert "the failure, ModelRefused, of run 1 stays" in printed
    assert f"Next: scripts/executions show {failed}" in printed
    deployed.until(lambda: deployed.receipt(failed)["outcome"]["kind"] == "message", "a message")
    assert deployed.message(failed)["status"] == "approved"
    assert deployed.item("EventRecords", record=failed.replace(".", "#", 1), part="failure#1")["current"] is False
    assert "openShard" not in deployed.receipt(failed)


def test_a_run_that_fails_is_found_by_its_execution_too(deployed: Deployed, failed: str) -> None:
    name = deployed.receipt(failed)["executionArn"].rpartition(":")[2]
    assert f"started run 2 of {failed}" in said("rerun", name[:12])


def test_an_approved_message_is_replaced_only_on_request(deployed: Deployed, sample: Sample) -> None:
    receipt = deployed.send(sample("good-referral")).body["receipt"]
    first = deployed.message(receipt)
    assert "has an approved message" in said("rerun", receipt, status=1)

    said("rerun", receipt, "--replace")

    deployed.until(lambda: deployed.receipt(receipt)["outcome"]["run"] == 2, "the second run's message")
    assert deployed.message(receipt)["status"] == "approved"
    assert deployed.item("OutreachMessages", message=first["message"])["status"] == "superseded"
    assert first["messageId"][:8] not in said("messages", "list", "--status", "approved")


@pytest.fixture
def unpublished(deployed: Deployed, sample: Sample) -> Callable[[], EventReference]:
    """An event as a webhook leaves it that dies between the record and the bus."""

    def record() -> EventReference:
        reference = EventReference(
            deployed.tenant, FIRST_SOURCE, f"msg_{uuid.uuid4().hex}", "service.completed"
        )  # fmt: skip
        records = EventRecords(
            table=deployed.stack.outputs["EventRecords"], retention_days=30, dynamodb=deployed.stack.dynamodb
        )
        records.record(reference, json.dumps(sample("good-referral")), payload_hash="h", now=datetime.now(UTC))
        return reference

    return record


def bury(deployed: Deployed, body: str) -> None:
    """Put a message where the queue puts what failed five times; the emulator would take a quarter of an hour."""
    queue = deployed.stack.outputs["OutreachDeadLettersUrl"]
    deployed.stack.client("sqs").send_message(QueueUrl=queue, MessageBody=body)


def test_dead_letters_are_shown_and_sent_back_and_poison_stays(
    deployed: Deployed, unpublished: Callable[[], EventReference]
) -> None:
    client, queue = deployed.stack.client("sqs"), deployed.stack.outputs["OutreachDeadLettersUrl"]
    # Other tests of the suite bury messages, too.
    client.purge_queue(QueueUrl=queue)
    reference = unpublished()
    bury(deployed, json.dumps({"detail": vars(reference)}))
    bury(deployed, '{"detail": null}')

    assert "Nobody is there to ask" in said("redrive", status=1)
    printed = said("redrive", "--yes")

    assert "2 dead letters of outreach" in printed
    assert f"{reference.receipt}, run 1" in printed
    assert "not a reference to an event" in printed
    assert "sent back 1 message" in printed
    assert deployed.message(reference.receipt)["status"] == "approved"
    assert "1 dead letter of outreach" in said("redrive", "--yes")
    client.purge_queue(QueueUrl=queue)
    assert said("redrive") == "No dead letters wait.\n"


def test_the_cause_of_a_dead_letter_is_what_the_starter_s_log_says(deployed: Deployed) -> None:
    client, queue = deployed.stack.client("sqs"), deployed.stack.outputs["OutreachDeadLettersUrl"]
    message_id = client.send_message(QueueUrl=queue, MessageBody="{}")["MessageId"]
    # The queue keeps a message's id when it moves it; so the starter is given this one under the same id.
    batch = {"Records": [{"messageId": message_id, "body": "{}"}]}
    deployed.stack.client("lambda").invoke(
        FunctionName=function(deployed, "OutreachStartExecutionFunction"), Payload=json.dumps(batch).encode()
    )
    deployed.until(lambda: "why: KeyError" in said("redrive", "--yes"), "the log line")
    client.purge_queue(QueueUrl=queue)


def test_what_was_recorded_and_never_published_is_swept_up(
    deployed: Deployed, reconcile: Callable[..., Any], unpublished: Callable[[], EventReference]
) -> None:
    reference = unpublished()
    assert "hasn't started yet" in said("rerun", reference.receipt, status=1)

    reconcile(reference.receipt)

    assert deployed.message(reference.receipt)["status"] == "approved"


@pytest.fixture
def unseen(deployed: Deployed) -> Iterator[None]:
    """Nobody is told how executions end."""
    rule = {"Name": function(deployed, "OutreachFailureRule")}
    events = deployed.stack.client("events")
    events.disable_rule(**rule)
    yield
    events.enable_rule(**rule)


@pytest.mark.usefixtures("unseen")
def test_a_failure_that_nobody_saw_is_recorded_by_the_sweep(
    deployed: Deployed, sample: Sample, reconcile: Callable[..., Any]
) -> None:
    deployed.fault(NO_ACCESS)
    receipt = deployed.send(sample("good-referral")).body["receipt"]
    arn = deployed.until(lambda: deployed.receipt(receipt).get("executionArn"), "the start")
    states = deployed.stack.client("stepfunctions")
    deployed.until(lambda: states.describe_execution(executionArn=arn)["status"] == "FAILED", "the end")
    assert "outcome" not in deployed.receipt(receipt)

    reconcile(receipt)

    assert deployed.receipt(receipt)["outcome"]["status"] == "ModelRefused"
    failure = deployed.item("EventRecords", record=receipt.replace(".", "#", 1), part="failure#1")
    assert (failure["state"], failure["current"]) == ("Generate", True)


def test_a_sweep_that_fails_is_seen(deployed: Deployed, unpublished: Callable[[], EventReference],
                                    reconcile: Callable[..., Any]) -> None:  # fmt: skip
    broken, whole = unpublished(), unpublished()
    key = to_item({"record": broken.record, "part": "receipt"})
    table = deployed.stack.outputs["EventRecords"]
    deployed.stack.dynamodb.update_item(TableName=table, Key=key, UpdateExpression="REMOVE eventType")

    reconcile(broken.receipt, whole.receipt, how="Event")

    queue = deployed.stack.outputs["FailureDeadLettersUrl"]
    receive = deployed.stack.client("sqs").receive_message
    [message] = deployed.until(lambda: receive(QueueUrl=queue).get("Messages"), "the failed sweep")
    assert "IncompleteSweepError" in message["Body"]
    assert deployed.message(whole.receipt)["status"] == "approved"
    deployed.stack.dynamodb.delete_item(TableName=table, Key=key)
