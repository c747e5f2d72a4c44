"""Ways that few events take, on the deployed stack: a customer of whom much is known, one who is written to by another
run just then, and one whom a rollout counts.
"""

import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from agent_platform.experiments.exposures import Exposures
from agent_platform.features.entries import Entry
from agent_platform.features.history import MOST_LOOSE, History
from agent_platform.items import to_item
from agent_platform.moments import epoch, iso

from operations.customers import reference_of
from tests.workflow.deployed import Deployed
from tests.workflow.test_on_call import LONG_AGO, function
from tests.workflow.test_outcomes import tell  # noqa: F401 - how a sender says what became of a message

type Sample = Callable[..., dict[str, Any]]

AGENT, ROLLOUT = "platform#outreach-writer", 7_000


def make_known(deployed: Deployed, customer: str) -> History:
    """Let so many events have told of a customer that the next one compacts what is kept of them."""
    now = datetime.now(UTC)
    history = History(deployed.stack.outputs["CustomerFeatures"], deployed.stack.dynamodb)
    for number in range(MOST_LOOSE):
        happened = iso(now - timedelta(days=number + 1))
        said = {"responses": {f"m{number}": {"sent": happened}}}
        entry = Entry(uuid.uuid4().hex, happened, happened, said)
        history.add(deployed.tenant, customer, entry, expires_at=epoch(now, days=30))
    return history


def is_compacted(deployed: Deployed, history: History, customer: str) -> bool:
    held = history.held(deployed.tenant, customer, now=datetime.now(UTC))
    return len(held.entries) > MOST_LOOSE and held.loose <= 1


def test_what_an_event_adds_to_a_long_history_is_compacted_with_it(deployed: Deployed, sample: Sample) -> None:
    event = sample("good-referral")
    customer = reference_of(deployed.stack, deployed.tenant, event["data"]["customer"]["id"])
    history = make_known(deployed, customer)
    deployed.send(event)

    deployed.until(lambda: is_compacted(deployed, history, customer), "a compacted history")


def test_what_became_of_a_message_is_compacted_with_a_long_history(
    deployed: Deployed,
    sample: Sample,
    tell: Callable[..., str],  # noqa: F811 - pytest's way to name a fixture
) -> None:
    message = deployed.message(deployed.send(sample("good-referral")).body["receipt"])
    history = make_known(deployed, message["customer"])
    deployed.outcome(tell(message["messageId"], "sent"))

    assert is_compacted(deployed, history, message["customer"])


def test_who_is_written_to_by_another_run_meanwhile_is_not_written_to_twice(deployed: Deployed, sample: Sample) -> None:
    event = sample("good-referral", type="chimney sweeping")
    customer = reference_of(deployed.stack, deployed.tenant, event["data"]["customer"]["id"])
    deployed.fault({"kind": "stall", "seconds": 1.0, "contains": "chimney sweeping", "role": "writer", "times": 1})
    receipt = deployed.send(event).body["receipt"]
    deployed.until(lambda: '"Generate"' in json.dumps(deployed.history(receipt), default=str), "the writer's turn")
    note = {"contact": f"{deployed.tenant}#{customer}", "lastWrittenAt": iso(datetime.now(UTC)), "receipt": "another"}
    deployed.stack.dynamodb.put_item(
        TableName=deployed.stack.outputs["OutreachContacts"],
        Item=to_item(note | {"expiresAt": epoch(datetime.now(UTC), days=1)}),
    )

    message = deployed.message(receipt)
    assert (message["status"], message["skip"]["reason"]) == ("skipped", "contacted_recently")


def test_what_became_of_a_rollout_s_message_counts_for_its_arm(
    deployed: Deployed,
    sample: Sample,
    tell: Callable[..., str],  # noqa: F811 - pytest's way to name a fixture
) -> None:
    message, writer = written_by_a_candidate(deployed, sample)
    for kind in ("sent", "booked"):
        deployed.outcome(tell(message["messageId"], kind))
    assert counted(deployed, message, writer).keys() == {"Complaint", "Unsubscribe"}
    let_it_mature(deployed, message)
    settle = deployed.stack.client("lambda").invoke(
        FunctionName=function(deployed, "OutreachSettleOutcomesFunction"), Payload=b"{}"
    )
    assert "FunctionError" not in settle, settle["Payload"].read()

    assert counted(deployed, message, writer)["Booked"]["value"] == 1


def written_by_a_candidate(
    deployed: Deployed, sample: Sample, name: str = "good-referral"
) -> tuple[dict[str, Any], dict[str, Any]]:
    """A message as one of a rollout, and its writer."""
    message, now = deployed.message(deployed.send(sample(name)).body["receipt"]), datetime.now(UTC)
    writer = {"agent_id": AGENT, "version": 1, "rollout": ROLLOUT, "arm": "candidate", "bucket": 0, "share": 10_000}
    exposures = Exposures(table=deployed.stack.outputs["Experiments"], dynamodb=deployed.stack.dynamodb)
    exposures.record(
        writer, tenant=deployed.tenant, customer=message["customer"], now=now, expires_at=epoch(now, days=1)
    )
    change(deployed, message, "SET agents.writer = :writer", {":writer": writer})
    return message, writer


def let_it_mature(deployed: Deployed, message: dict[str, Any]) -> None:
    changed = "SET outcomes.sent.#at = :past, outcomes.booked.#at = :past, maturesAt = :past"
    change(deployed, message, changed, {":past": LONG_AGO}, ExpressionAttributeNames={"#at": "at"})


def change(deployed: Deployed, message: dict[str, Any], how: str, values: dict[str, Any], **more: Any) -> None:
    deployed.stack.dynamodb.update_item(
        TableName=deployed.stack.outputs["OutreachMessages"], Key=to_item({"message": message["message"]}),
        UpdateExpression=how, ExpressionAttributeValues=to_item(values), **more,
    )  # fmt: skip


def counted(deployed: Deployed, message: dict[str, Any], writer: dict[str, Any]) -> dict[str, Any]:
    """What the rollout knows of the message's customer, by metric."""
    of_customer = [
        each for each in deployed.items("Experiments") if message["customer"] in json.dumps(each["customer"])
    ]
    [row] = [each for each in of_customer if str(writer["rollout"]) in each["experiment"]]
    return dict(row["outcomes"])
