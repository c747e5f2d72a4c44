"""The store of messages: what was written to whom, why, by which versions, and what became of the event before.

One transaction puts the message and its recording, notes the contact, and makes the message the event's current
outcome; the outcome before it, of any kind, becomes superseded.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from agent_platform import aws, settings
from agent_platform.errors import ConflictingOutcome, TransientError
from agent_platform.ingest.events import EventRecords, Outcome, event_records
from agent_platform.items import Item, from_item, to_item
from agent_platform.recordings import Recording, put_recording
from agent_platform.references import EventReference
from botocore.exceptions import ClientError

from outreach.contacts import Contacts, contacts


@dataclass(frozen=True)
class _Settings:
    messages_table: str
    recordings_table: str


class Messages:
    """The table of messages, and the one transaction that an execution ends with."""

    def __init__(self, own: _Settings, *, dynamodb: Any, records: EventRecords, contacts: Contacts) -> None:
        self._own, self._dynamodb, self._records, self._contacts = own, dynamodb, records, contacts

    def store(self, message: Mapping[str, Any], recording: Recording, reference: EventReference) -> bool:
        """Store a message once; whether this call did it. A repeated Store finds its own message and changes nothing.

        ConflictingOutcome if a later run's outcome stands already. AWS errors are raised as they are, and when another
        writer was faster, the state machine's retry reads again.
        """
        if self.find(reference.tenant, message["messageId"]):
            return False
        before = self._records.outcome(reference)
        if before and before.run > reference.run:
            raise ConflictingOutcome(f"run {before.run} has an outcome already; run {reference.run} came too late")
        try:
            self._dynamodb.transact_write_items(TransactItems=self._writes(message, recording, reference, before))
        except ClientError as error:
            if "ConditionalCheckFailed" in aws.cancellation_codes(error):
                return self._lost_the_race(reference, message["messageId"])
            raise
        return True

    def find(self, tenant: str, message_id: str) -> dict[str, Any] | None:
        """A message by its id, or None; readers accept statuses yet to come."""
        key = to_item({"message": f"{tenant}#{message_id}"})
        item = self._dynamodb.get_item(TableName=self._own.messages_table, Key=key, ConsistentRead=True).get("Item")
        return from_item(item) if item else None

    def _lost_the_race(self, reference: EventReference, message_id: str) -> bool:
        if self.find(reference.tenant, message_id):
            return False
        raise TransientError("the event's outcome changed meanwhile")

    def _writes(
        self, message: Mapping[str, Any], recording: Recording, reference: EventReference, before: Outcome | None
    ) -> list[Item]:
        expires_at = message["expiresAt"]
        outcome = Outcome("message", reference.run, message["status"], message["messageId"])
        writes: list[Item] = [
            {"Put": {
                "TableName": self._own.messages_table,
                "Item": to_item(message),
                "ConditionExpression": "attribute_not_exists(message)",
            }},
            self._records.conclusion(reference, outcome, before=before),
        ]  # fmt: skip
        if message["status"] != "skipped":
            writes.append(put_recording(recording, table=self._own.recordings_table, expires_at=expires_at))
        if message["status"] == "approved":
            at = message["asOf"]
            writes.append(self._contacts.written(reference.tenant, message["customer"], at=at, expires_at=expires_at))
        if before and before.kind == "message":
            writes.append(self._superseded(reference.tenant, before.execution))
        if before and before.kind == "failure":
            writes.append(self._records.superseded_failure(reference, before))
        return writes

    def _superseded(self, tenant: str, message_id: str) -> Item:
        return {"Update": {
            "TableName": self._own.messages_table,
            "Key": to_item({"message": f"{tenant}#{message_id}"}),
            "UpdateExpression": "SET #s = :superseded",
            "ExpressionAttributeNames": {"#s": "status"},
            "ExpressionAttributeValues": to_item({":superseded": "superseded"}),
        }}  # fmt: skip


@cache
def messages() -> Messages:
    """The stack's messages, as the function's environment names them."""
    own = settings.read(_Settings)
    return Messages(own, dynamodb=aws.client("dynamodb"), records=event_records(), contacts=contacts())
