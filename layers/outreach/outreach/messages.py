"""The store of messages: what was written to whom, why, by which versions, and what became of the event before.

One transaction puts the message and its recording, notes the contact and the addressee, and makes the message the
event's current outcome; the outcome before it, of any kind, becomes superseded.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from agent_platform import aws, settings
from agent_platform.errors import ConflictingOutcome, TransientError
from agent_platform.ingest.conclusions import conclusion, superseded_failure
from agent_platform.ingest.events import EventRecords, event_records
from agent_platform.ingest.receipts import Outcome, outcome_in
from agent_platform.items import Item, from_item, to_item
from agent_platform.recordings import Recording, put_recording
from agent_platform.references import EventReference
from botocore.exceptions import ClientError

from outreach.contacts import Contacts, contacts


@dataclass(frozen=True)
class _Settings:
    messages_table: str
    recordings_table: str


@dataclass(frozen=True)
class Stored:
    """The status under which a run's message stands, and since when the run was wanted if this call stored it.

    What was `reviewed` was given to people: what came of it is theirs to say, now or later.
    """

    status: str
    opened_at: datetime | None = None
    reviewed: bool = False

    @property
    def new(self) -> bool:
        """Whether this call stored it."""
        return self.opened_at is not None


class ContactChanged(Exception):  # noqa: N818 - an answer to the caller; it never leaves Store
    """Between the decision to write and the message the customer was suppressed, or written to by another run."""


class Messages:
    """The table of messages, and the one transaction that an execution ends with."""

    def __init__(self, own: _Settings, *, dynamodb: Any, records: EventRecords, contacts: Contacts) -> None:
        self._own, self._dynamodb, self._records, self._contacts = own, dynamodb, records, contacts

    def store(
        self,
        message: Mapping[str, Any],
        recording: Recording | None,
        reference: EventReference,
        *,
        interval_days: int,
        also: Mapping[str, Item] | None = None,
    ) -> Stored:
        """Store a message once, with its recording if it leaves one, and what else is to be written with it.

        A repeated Store finds its own message and changes nothing.
        Raises ContactChanged if the customer was suppressed, or written to within the brand's interval, meanwhile;
        ConflictingOutcome if a later run's message stands already; TransientError if another writer was faster: the
        state machine's retry reads again. AWS errors are raised as they are.
        """
        if known := self.find(reference.tenant, message["messageId"]):
            return _found(known)
        receipt = self._records.receipt_of(reference)
        before = outcome_in(receipt)
        if before and before.kind == "message" and before.run > reference.run:
            raise ConflictingOutcome(f"run {before.run} has an outcome already; run {reference.run} came too late")
        writes = {**self._writes(message, recording, reference, before, interval_days), **(also or {})}
        try:
            self._dynamodb.transact_write_items(TransactItems=list(writes.values()))
        except ClientError as error:
            failed = [part for part, code in zip(writes, aws.cancellation_codes(error), strict=False)
                      if code == "ConditionalCheckFailed"]  # fmt: skip
            if failed == ["contact"]:
                raise ContactChanged from None
            if failed and (known := self.find(reference.tenant, message["messageId"])):
                return _found(known)
            if failed:
                raise TransientError("the event's outcome changed meanwhile") from None
            raise
        opened_at = datetime.fromisoformat(receipt["openedAt"])
        return Stored(message["status"], opened_at=opened_at, reviewed="review" in message)

    def find(self, tenant: str, message_id: str) -> dict[str, Any] | None:
        """A message by its id, or None; readers accept statuses yet to come."""
        key = to_item({"message": f"{tenant}#{message_id}"})
        item = self._dynamodb.get_item(TableName=self._own.messages_table, Key=key, ConsistentRead=True).get("Item")
        return from_item(item) if item else None

    def _writes(
        self,
        message: Mapping[str, Any],
        recording: Recording | None,
        reference: EventReference,
        before: Outcome | None,
        interval_days: int,
    ) -> dict[str, Item]:
        """The transaction, each of its items under what it is about."""
        expires_at = message["expiresAt"]
        outcome = Outcome("message", reference.run, message["status"], message["messageId"])
        put = {"TableName": self._own.messages_table, "Item": to_item(message)}
        writes: dict[str, Item] = {
            "message": {"Put": put | {"ConditionExpression": "attribute_not_exists(message)"}},
            "outcome": conclusion(self._records.table, reference, outcome, before=before),
        }
        if message["status"] != "skipped":
            writes["addressee"] = self._contacts.addressed(message)
        if recording:
            writes["recording"] = put_recording(recording, table=self._own.recordings_table, expires_at=expires_at)
        if message["status"] == "approved":
            writes["contact"] = self._contacts.written(message, interval_days=interval_days)
        # What expired meanwhile needs no mark, and would come back as a stub by one.
        if before and before.kind == "message" and self.find(reference.tenant, before.execution):
            writes["before"] = self._superseded(reference.tenant, before.execution)
        if before and before.kind == "failure":
            writes["before"] = superseded_failure(self._records.table, reference, before)
        return writes

    def _superseded(self, tenant: str, message_id: str) -> Item:
        return {"Update": {
            "TableName": self._own.messages_table,
            "Key": to_item({"message": f"{tenant}#{message_id}"}),
            "UpdateExpression": "SET #s = :superseded",
            "ConditionExpression": "attribute_exists(message)",
            "ExpressionAttributeNames": {"#s": "status"},
            "ExpressionAttributeValues": to_item({":superseded": "superseded"}),
        }}  # fmt: skip


def _found(known: Mapping[str, Any]) -> Stored:
    return Stored(known["status"], reviewed="review" in known)


@cache
def messages() -> Messages:
    """The stack's messages, as the function's environment names them."""
    own = settings.read(_Settings)
    return Messages(own, dynamodb=aws.client("dynamodb"), records=event_records(), contacts=contacts())
