"""Messages as Store leaves them, without the run before them, and what is told of them."""

import json
from datetime import UTC, datetime, timedelta

from agent_platform.experiments.outcomes import Outcomes
from agent_platform.features.store import FeatureStore
from agent_platform.ingest.bus import Bus
from agent_platform.ingest.events import EventRecords
from agent_platform.items import from_item, to_item
from agent_platform.moments import epoch
from agent_platform.references import EventReference
from outreach.contacts import Contacts
from outreach.outcomes.attaching import MessageOutcomes
from outreach.outcomes.recording import Recorder

from tests.builders import outcome_recorded
from tests.integration.stack import PARAMETERS

RECORD = "OutreachRecordOutcomeFunction"
TENANT, CUSTOMER = "greenedge", "c-" + "7" * 32
# When they were written: as long ago as features are kept, and what is told of them is received in the days after.
WRITTEN = datetime.now(UTC).replace(microsecond=0) - timedelta(days=20)


def day(number):
    """A moment so many days after the messages were written."""
    return WRITTEN + timedelta(days=number)


def put_message(stack, number=1, *, tenant=TENANT, customer=CUSTOMER, **changes):
    """An approved message of this number; its id."""
    message_id = f"{number:064x}"
    message = {
        "message": f"{tenant}#{message_id}",
        "messageId": message_id,
        "tenant": tenant,
        "storedAt": f"{WRITTEN:%Y-%m-%dT%H:%M:%SZ}#{message_id}",
        "asOf": f"{WRITTEN:%Y-%m-%dT%H:%M:%SZ}",
        "customer": customer,
        "customerId": "crm-77",
        "purpose": "referral",
        "status": "approved",
        "passages": [],
        "agents": {"writer": {"agent_id": "platform#outreach-writer", "version": 1}},
        "expiresAt": epoch(WRITTEN, days=PARAMETERS["RetentionDays"]),
    } | changes
    stack.clients("dynamodb").put_item(TableName="OutreachMessagesTable", Item=to_item(message))
    return message_id


def item_of(stack, table, **key):
    """One item as it stands; None if there is none."""
    found = stack.clients("dynamodb").get_item(TableName=table, Key=to_item(key), ConsistentRead=True)
    return from_item(found["Item"]) if "Item" in found else None


def message_of(stack, message_id, *, tenant=TENANT):
    """The message with this id, as it stands."""
    return item_of(stack, "OutreachMessagesTable", message=f"{tenant}#{message_id}")


def contact_of(stack, customer=CUSTOMER):
    """What outreach remembers of a customer."""
    return item_of(stack, "OutreachContactsTable", contact=f"{TENANT}#{customer}")


def records_of(stack):
    """The stack's events, as the webhook writes them."""
    return EventRecords(table="EventRecordsTable", retention_days=400, dynamodb=stack.clients("dynamodb"))


def tell(stack, outcome, message_id, *, at, event_id, tenant=TENANT, received=None, value=None):
    """An `outcome.recorded` that was received a minute later, or when it is said; its reference."""
    moment = f"{at:%Y-%m-%dT%H:%M:%SZ}"
    worth = {} if value is None else {"value": value}
    event = outcome_recorded(message_id=message_id, outcome=outcome, time=moment, **worth) | {"timestamp": moment}
    reference = EventReference(tenant, f"{tenant}-sender", event_id, "outcome.recorded")
    now = received or at + timedelta(minutes=1)
    records_of(stack).record(reference, json.dumps(event), payload_hash=event_id, now=now)
    return reference


def deliver(stack, *references):
    """Give the function these events in one batch; the ids of those that come again."""
    bodies = [json.dumps({"detail": vars(each)}) for each in references]
    batch = [{"messageId": str(number), "body": body} for number, body in enumerate(bodies)]
    return [each["itemIdentifier"] for each in stack.invoke(RECORD, {"Records": batch})["batchItemFailures"]]


def recorder_of(stack):
    """What the function does with one event, without the start of a process before each."""
    dynamodb = stack.clients("dynamodb")
    return Recorder(
        records_of(stack),
        MessageOutcomes(table="OutreachMessagesTable", dynamodb=dynamodb),
        Contacts(table="OutreachContactsTable", dynamodb=dynamodb),
        FeatureStore(table="FeatureStoreTable", dynamodb=dynamodb),
        Outcomes(table="ExperimentsTable", dynamodb=dynamodb),
        Bus(name="the-bus", events=stack.clients("events")),
    )


def attached(stack, message_id):
    """The outcomes that a message has, each with its time."""
    return {kind: each["at"] for kind, each in message_of(stack, message_id).get("outcomes", {}).items()}
