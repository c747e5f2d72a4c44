"""The record of each event: a receipt for 400 days, and the personal data with it for as long as retention allows.

One item a part under the key `tenant#<hash of tenant, source, event id>`:

    receipt    what came when, how far it got, its current outcome; no personal data
    body       the event as it was sent
    prepared#N what run N made of it first: identity, history, comment
    failure#N  why run N ended without a message

From the record of an event to the recorded end of its latest run, or to its note if it starts none, the receipt is on
the list of open events.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Literal

from botocore.exceptions import ClientError

from agent_platform import aws, settings
from agent_platform.errors import EventUnavailable, TransientError
from agent_platform.ingest.conclusions import closed, conclusion, superseded_failure
from agent_platform.ingest.open_events import opened
from agent_platform.ingest.receipts import Outcome, noted_in, outcome_in
from agent_platform.items import Item, from_item, to_item
from agent_platform.moments import epoch, iso
from agent_platform.references import EventReference

RECEIPT_DAYS = 400


@dataclass(frozen=True)
class Recorded:
    """What became of an event that was offered: new, a duplicate, or another body under a used id.

    What has `started`, or was noted, needs no publishing again.
    """

    status: Literal["new", "duplicate", "conflict"]
    started: bool


@dataclass(frozen=True)
class _Settings:
    events_table: str
    retention_days: int


class EventRecords:
    """The table of events."""

    def __init__(self, *, table: str, retention_days: int, dynamodb: Any) -> None:
        self.table, self._retention_days, self._dynamodb = table, retention_days, dynamodb

    def record(self, reference: EventReference, body: str, *, payload_hash: str, now: datetime) -> Recorded:
        """Write receipt and body by one conditional transaction; an id that is known changes nothing.

        AWS errors other than a taken id are raised as they are.
        """
        receipt = {
            "record": reference.record,
            "part": "receipt",
            "tenant": reference.tenant,
            "source": reference.source,
            "eventId": reference.event_id,
            "eventType": reference.event_type,
            "payloadHash": payload_hash,
            "receivedAt": iso(now),
            "expiresAt": epoch(now, days=RECEIPT_DAYS),
            **opened(reference.record, now=now),
        }
        kept = {"record": reference.record, "part": "body", "event": body, "expiresAt": self.expiry(now)}
        try:
            self._dynamodb.transact_write_items(TransactItems=[
                {"Put": {
                    "TableName": self.table,
                    "Item": to_item(receipt),
                    "ConditionExpression": "attribute_not_exists(#r)",
                    "ExpressionAttributeNames": {"#r": "record"},
                    "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
                }},
                {"Put": {"TableName": self.table, "Item": to_item(kept)}},
            ])  # fmt: skip
        except ClientError as error:
            if "ConditionalCheckFailed" not in aws.cancellation_codes(error):
                raise
            known = from_item(error.response["CancellationReasons"][0]["Item"])
            same = known["payloadHash"] == payload_hash
            started = "executionArn" in known or noted_in(known) is not None
            if same and not started:
                # The body may have expired while the event waited to be started.
                self._dynamodb.put_item(TableName=self.table, Item=to_item(kept))
            return Recorded("duplicate" if same else "conflict", started=started)
        return Recorded("new", started=False)

    def received_at(self, reference: EventReference) -> datetime:
        """When an event came in; EventUnavailable if there is no such event."""
        return datetime.fromisoformat(self.receipt_of(reference)["receivedAt"])

    def body(self, reference: EventReference, *, now: datetime) -> dict[str, Any]:
        """The event as it was sent; EventUnavailable if it never was or its retention is over."""
        event = json.loads(self._part(reference, "body", now=now)["event"])
        assert isinstance(event, dict)  # noqa: S101 - nothing else passes the contract
        return event

    def prepared(self, reference: EventReference, *, now: datetime) -> Any:
        """What this run's Validate made of the event, in the shape that its workflow gave it."""
        return json.loads(self._part(reference, f"prepared#{reference.run}", now=now)["content"])

    def keep_prepared(self, reference: EventReference, content: Mapping[str, Any], *, now: datetime) -> None:
        """Keep what Validate made of the event beside it; a repeated Validate writes the same again."""
        item = {
            "record": reference.record,
            "part": f"prepared#{reference.run}",
            "content": json.dumps(content, ensure_ascii=False),
            "expiresAt": self.expiry(now),
        }
        self._dynamodb.put_item(TableName=self.table, Item=to_item(item))

    def receipt(self, record: str) -> dict[str, Any] | None:
        """The receipt under a record's key, read strongly."""
        key = to_item({"record": record, "part": "receipt"})
        item = self._dynamodb.get_item(TableName=self.table, Key=key, ConsistentRead=True).get("Item")
        return from_item(item) if item else None

    def receipt_of(self, reference: EventReference) -> dict[str, Any]:
        """The receipt of an event; EventUnavailable if there is no such event."""
        receipt = self.receipt(reference.record)
        if receipt is None:
            raise EventUnavailable("no record of this event")
        return receipt

    def mark_started(self, reference: EventReference, execution_arn: str) -> None:
        """Note that the run began, so that a duplicate is published no more; a later run's note stays."""
        aws.condition_held(
            self._dynamodb.update_item,
            TableName=self.table,
            Key=to_item({"record": reference.record, "part": "receipt"}),
            UpdateExpression="SET executionArn = :arn, #n = :run",
            ConditionExpression="attribute_exists(#r) AND (attribute_not_exists(#n) OR #n < :run)",
            ExpressionAttributeNames={"#n": "run", "#r": "record"},
            ExpressionAttributeValues=to_item({":arn": execution_arn, ":run": reference.run}),
        )

    def count_published(self, reference: EventReference) -> None:
        """Count that an event which never started was published again."""
        aws.condition_held(
            self._dynamodb.update_item,
            TableName=self.table,
            Key=to_item({"record": reference.record, "part": "receipt"}),
            UpdateExpression="ADD publishedAgain :one",
            ConditionExpression="attribute_exists(#r)",
            ExpressionAttributeNames={"#r": "record"},
            ExpressionAttributeValues=to_item({":one": 1}),
        )

    def begin_rerun(self, rerun: EventReference, execution_arn: str, *, now: datetime) -> bool:
        """Make a run the event's latest, open again; False if the run before it isn't the latest (any more)."""
        again = opened(rerun.record, now=now)
        sets = ["executionArn = :arn", "#n = :run", *(f"{name} = :{name}" for name in again)]
        return aws.condition_held(
            self._dynamodb.update_item,
            TableName=self.table,
            Key=to_item({"record": rerun.record, "part": "receipt"}),
            UpdateExpression="SET " + ", ".join(sets) + " REMOVE publishedAgain",
            ConditionExpression="#n = :before",
            ExpressionAttributeNames={"#n": "run"},
            ExpressionAttributeValues=to_item({
                ":arn": execution_arn,
                ":run": rerun.run,
                ":before": rerun.run - 1,
                **{f":{name}": value for name, value in again.items()},
            }),
        )  # fmt: skip

    def outcome(self, reference: EventReference) -> Outcome | None:
        """The event's current outcome; EventUnavailable if there is no such event."""
        return outcome_in(self.receipt_of(reference))

    def record_failure(self, reference: EventReference, failure: Mapping[str, Any], *, now: datetime) -> bool:
        """Write down why a run ended badly; whether that is now the event's outcome.

        A message that is there stays, and so does a later run's failure. A second report of the same run replaces the
        first, since a redriven run may fail again.
        """
        receipt = self.receipt_of(reference)
        before = outcome_in(receipt)
        # A report that comes late, when a rerun is under way, leaves that one on the list of open events.
        closes = receipt.get("run", 1) <= reference.run
        current = before is None or (before.kind == "failure" and before.run <= reference.run)
        item = {
            "record": reference.record,
            "part": f"failure#{reference.run}",
            "tenant": reference.tenant,
            "run": reference.run,
            "current": current,
            "recordedAt": iso(now),
            "expiresAt": epoch(now, days=RECEIPT_DAYS),
            **failure,
        }
        writes: list[Item] = [{"Put": {"TableName": self.table, "Item": to_item(item)}}]
        if current:
            outcome = Outcome("failure", reference.run, str(failure["error"]), reference.execution_name)
            writes.append(conclusion(self.table, reference, outcome, before=before, closes=closes))
        elif closes:
            writes.append(closed(self.table, reference))
        if current and before and before.run != reference.run:
            writes.append(superseded_failure(self.table, reference, before))
        self._dynamodb.transact_write_items(TransactItems=writes)
        return current

    def note(self, reference: EventReference, status: str) -> bool:
        """Conclude an event that starts no run as taken in; whether that is its outcome now.

        It takes the place of a failure, as of an event that nobody could take for a day; a message stays. Noting again
        changes nothing. TransientError if another outcome came at the same moment.
        """
        before = self.outcome(reference)
        if before and before.kind != "failure":
            return before.kind == "noted"
        writes = [conclusion(self.table, reference, Outcome("noted", reference.run, status, ""), before=before)]
        if before:
            writes.append(superseded_failure(self.table, reference, before))
        try:
            self._dynamodb.transact_write_items(TransactItems=writes)
        except ClientError as error:
            if "ConditionalCheckFailed" not in aws.cancellation_codes(error):
                raise
            raise TransientError("the event's outcome changed meanwhile") from None
        return True

    def expiry(self, now: datetime) -> int:
        """When personal data written now must be gone, in epoch seconds."""
        return epoch(now, days=self._retention_days)

    def _part(self, reference: EventReference, part: str, *, now: datetime) -> dict[str, Any]:
        key = to_item({"record": reference.record, "part": part})
        item = self._dynamodb.get_item(TableName=self.table, Key=key, ConsistentRead=True).get("Item")
        # DynamoDB deletes expired items within days, not at once.
        if item is None or int(item["expiresAt"]["N"]) <= now.timestamp():
            raise EventUnavailable(f"the event's {part.partition('#')[0]} isn't there, or its retention is over")
        return from_item(item)


@cache
def event_records() -> EventRecords:
    """The stack's events, as the function's environment names them."""
    own = settings.read(_Settings)
    return EventRecords(table=own.events_table, retention_days=own.retention_days, dynamodb=aws.client("dynamodb"))
