"""Outcomes on their message: the earliest of each kind, in whatever order and however often they are told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from agent_platform import aws, settings
from agent_platform.errors import TransientError
from agent_platform.items import Item, from_item, to_item
from agent_platform.worklists import Listing, WorkList
from botocore.exceptions import ClientError

from outreach.outcomes.kinds import Outcome, due_at

LISTING = Listing(index="Maturing", shard="maturesShard", due="maturesAt", word="matures")
# As many outcomes of one message as may be told at the same moment; more come again.
_TRIES = 8


@dataclass(frozen=True)
class _Settings:
    messages_table: str


class MessageOutcomes:
    """The table of messages, as who learns what became of one sees it."""

    def __init__(self, *, table: str, dynamodb: Any) -> None:
        self.table, self._dynamodb = table, dynamodb
        self.maturing = WorkList(LISTING, table=table, dynamodb=dynamodb)

    def find(self, tenant: str, message_id: str, *, now: datetime) -> dict[str, Any] | None:
        """A message of this tenant that was written; None for a skip, and once its retention is over."""
        message = self.read(f"{tenant}#{message_id}")
        if message is None or message["status"] == "skipped" or message["expiresAt"] <= now.timestamp():
            return None
        return message

    def attach(self, message: Mapping[str, Any], outcome: Outcome) -> dict[str, Any]:
        """Keep an outcome with its message, unless an earlier one of its kind is there; the message afterwards.

        It puts a message on the list of those that mature, unless it was settled as that already. TransientError if
        others were faster every time.
        """
        for _ in range(_TRIES):
            current = self.read(message["message"]) or {}
            known = current.get("outcomes", {})
            if not current or not outcome.comes_before(known.get(outcome.kind)):
                return current
            changed = current | {"outcomes": known | {outcome.kind: outcome.attached()}}
            if self._change(current, changed["outcomes"], due=due_at(changed)):
                return changed
        raise TransientError("the message's outcomes changed meanwhile")

    def settle(
        self, message: Mapping[str, Any], settled: Mapping[str, Any], *, counted: Sequence[Item]
    ) -> dict[str, Any] | None:
        """Settle a message and count it, by one transaction; the message afterwards.

        None if more became known of it, or another settled it, since it was read.
        """
        once = {"Update": {
            "TableName": self.table,
            "Key": _key(message),
            "UpdateExpression": "SET settled = :settled, outcomesRevision = :next",
            "ConditionExpression": "outcomesRevision = :seen",
            "ExpressionAttributeValues": to_item({":settled": settled} | _revisions(message)),
        }}  # fmt: skip
        try:
            self._dynamodb.transact_write_items(TransactItems=[once, *counted])
        except ClientError as error:
            if aws.cancellation_codes(error)[:1] != ["ConditionalCheckFailed"]:
                raise
            return None
        return {**message, "settled": settled, "outcomesRevision": _revisions(message)[":next"]}

    def close(self, message: Mapping[str, Any]) -> None:
        """Take a settled message off the list, or put it off until it is mature, unless more became known of it."""
        due = due_at(message)
        aws.condition_held(
            self._dynamodb.update_item,
            TableName=self.table,
            Key=_key(message),
            UpdateExpression=f"SET {LISTING.due} = :due" if due else f"REMOVE {LISTING.shard}, {LISTING.due}",
            ConditionExpression="outcomesRevision = :seen",
            ExpressionAttributeValues=to_item(
                {":seen": message["outcomesRevision"]} | ({":due": due} if due else {}),
            ),
        )

    def _change(self, current: Mapping[str, Any], outcomes: Mapping[str, Any], *, due: str | None) -> bool:
        """Write a message's outcomes, and when it matures, if nobody else changed them since it was read."""
        sets = {"outcomes": outcomes} | (LISTING.attributes(current["messageId"], due=due) if due else {})
        return aws.condition_held(
            self._dynamodb.update_item,
            TableName=self.table,
            Key=_key(current),
            UpdateExpression="SET outcomesRevision = :next, " + ", ".join(f"{name} = :{name}" for name in sets),
            ConditionExpression="attribute_exists(message) AND "
            "(outcomesRevision = :seen OR attribute_not_exists(outcomesRevision) AND :seen = :none)",
            ExpressionAttributeValues=to_item(
                {f":{name}": value for name, value in sets.items()} | _revisions(current) | {":none": 0}
            ),
        )

    def read(self, message: str) -> dict[str, Any] | None:
        """A message by its key, read strongly."""
        item = self._dynamodb.get_item(TableName=self.table, Key=to_item({"message": message}), ConsistentRead=True)
        return from_item(item["Item"]) if "Item" in item else None


def _key(message: Mapping[str, Any]) -> Item:
    return to_item({"message": message["message"]})


def _revisions(message: Mapping[str, Any]) -> dict[str, int]:
    seen: int = message.get("outcomesRevision", 0)
    return {":seen": seen, ":next": seen + 1}


@cache
def message_outcomes() -> MessageOutcomes:
    """The stack's messages, as the function's environment names them."""
    return MessageOutcomes(table=settings.read(_Settings).messages_table, dynamodb=aws.client("dynamodb"))
