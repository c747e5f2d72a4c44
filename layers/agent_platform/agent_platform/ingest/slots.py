"""The slots of each workflow: a run takes one before it starts and frees it when it ends, so that so many are open.

In the table of admission, `series` and `subject`; no person's data:

    platform#slots   <workflow>    the board: held and waiting by tenant, and its version (slot_board.py)
    <tenant>#slots   <execution>   one taken slot: workflow, executionArn, takenAt

What is taken or freed is one transaction on the board and the slots themselves, so the board's numbers are theirs.
Two that meet at the board exclude each other: the later one reads again. A whole delivery of a queue takes by one.
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Self

from botocore.exceptions import BotoCoreError, ClientError

from agent_platform import aws, settings, telemetry
from agent_platform.errors import TransientError
from agent_platform.ingest.slot_board import Asking, Board
from agent_platform.items import Item, from_item, to_item
from agent_platform.moments import iso

_BOARDS = "platform#slots"
_TRIES = 10
_LONGEST_PAUSE = 0.3


@dataclass(frozen=True)
class Slot:
    """A slot that is taken: by which run of which tenant, and since when."""

    tenant: str
    workflow: str
    execution: str
    taken_at: str

    @property
    def key(self) -> Item:
        """Its key in the table; an execution's name is the same in every workflow."""
        return _key(self.tenant, self.execution)

    def item(self) -> Item:
        """The item that keeps it."""
        kept = {"workflow": self.workflow, "executionArn": self.execution, "takenAt": self.taken_at}
        return self.key | to_item(kept)

    @classmethod
    def of(cls, item: Item) -> Self:
        """The slot that an item keeps."""
        row = from_item(item)
        return cls(row["series"].partition("#")[0], row["workflow"], row["executionArn"], row["takenAt"])


@dataclass(frozen=True)
class Taken:
    """Which of the runs that asked may start, and how many slots are taken now."""

    executions: frozenset[str]
    slots: int


@dataclass(frozen=True)
class _Settings:
    admission_table: str


class Slots:
    """The slots of every workflow; `pause` waits so many seconds."""

    def __init__(self, *, table: str, dynamodb: Any, pause: Callable[[float], None]) -> None:
        self._table, self._dynamodb, self._pause = table, dynamodb, pause

    def take(self, workflow: str, asking: Sequence[Asking], *, most: int, now: datetime) -> Taken:
        """Take a slot for each run that may have one of `most`; a run that has one already keeps it.

        Who gets none is marked as waiting. When too many take at once, everyone who asked waits.
        """
        held = {each.execution for each in asking if each.received_before and self._find(each.tenant, each.execution)}
        board = Board()
        for attempt in range(_TRIES):
            board, version = self._board(workflow)
            left = [each for each in asking if each.execution not in held]
            after, served = board.serve(left, most=most, now=int(now.timestamp()))
            if after == board:
                break
            slots = [Slot(each.tenant, workflow, each.execution, iso(now)) for each in served]
            codes = self._transact([self._put_board(workflow, after, version), *map(self._put, slots)])
            if not codes:
                return Taken(frozenset(held | {each.execution for each in served}), after.taken)
            held |= {slot.execution for slot, code in zip(slots, codes[1:], strict=True)
                     if code == "ConditionalCheckFailed"}  # fmt: skip
            self._let_others_go(attempt)
        return Taken(frozenset(held), board.taken)

    def free(self, tenant: str, execution: str) -> bool:
        """Free the slot of a run by its name or ARN; False if it has none, as a rerun has.

        Raises TransientError if too many take and free at once.
        """
        slot = self._find(tenant, execution)
        if slot is None:
            return False
        for attempt in range(_TRIES):
            board, version = self._board(slot.workflow)
            codes = self._transact([self._put_board(slot.workflow, board.freed(tenant), version), self._removed(slot)])
            if not codes:
                return True
            if codes[1] == "ConditionalCheckFailed":
                return False
            self._let_others_go(attempt)
        raise TransientError("the slots were busy")

    def let_go(self, tenant: str, execution: str) -> None:
        """Free the slot of a run that is over, if it has one; what fails is logged, and left to the sweep of slots.

        Nothing else fails for a slot: what a run came to is worth more.
        """
        try:
            self.free(tenant, execution)
        except (ClientError, BotoCoreError, TransientError) as error:
            telemetry.log().warning("slot not freed", extra={"error": aws.told(error)})

    def boards(self) -> dict[str, Board]:
        """The board of every workflow that ever took a slot, by its word."""
        return {row["subject"]: _board_of(row) for row in map(from_item, self._query(_BOARDS))}

    def held(self, tenant: str) -> Iterator[Slot]:
        """The slots that a tenant holds, in all workflows."""
        yield from map(Slot.of, self._query(f"{tenant}#slots"))

    def _find(self, tenant: str, execution: str) -> Slot | None:
        item = self._dynamodb.get_item(
            TableName=self._table, Key=_key(tenant, execution), ConsistentRead=True
        ).get("Item")  # fmt: skip
        return Slot.of(item) if item else None

    def _query(self, series: str) -> Iterator[Item]:
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="series = :series",
            ExpressionAttributeValues=to_item({":series": series}),
            ConsistentRead=True,
        )
        for page in pages:
            yield from page["Items"]

    def _board(self, workflow: str) -> tuple[Board, int]:
        key = to_item({"series": _BOARDS, "subject": workflow})
        item = self._dynamodb.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
        row: dict[str, Any] = from_item(item) if item else {"held": {}, "waiting": {}, "version": 0}
        return _board_of(row), row["version"]

    def _put_board(self, workflow: str, board: Board, seen: int) -> Item:
        row = {"series": _BOARDS, "subject": workflow, "version": seen + 1, **vars(board)}
        condition = "version = :seen" if seen else "attribute_not_exists(subject)"
        values = {"ExpressionAttributeValues": to_item({":seen": seen})} if seen else {}
        return {"Put": {"TableName": self._table, "Item": to_item(row), "ConditionExpression": condition, **values}}

    def _put(self, slot: Slot) -> Item:
        return {"Put": {
            "TableName": self._table, "Item": slot.item(), "ConditionExpression": "attribute_not_exists(subject)"
        }}  # fmt: skip

    def _removed(self, slot: Slot) -> Item:
        return {"Delete": {
            "TableName": self._table, "Key": slot.key, "ConditionExpression": "attribute_exists(subject)"
        }}  # fmt: skip

    def _transact(self, items: list[Item]) -> list[str]:
        """Make one transaction: nothing if it was made, else the reason of each item, in order, for which it wasn't.

        AWS errors that are about no item are raised as they are.
        """
        try:
            self._dynamodb.transact_write_items(TransactItems=items)
        except ClientError as error:
            codes = aws.cancellation_codes(error)
            if aws.code_of(error) == "TransactionInProgressException":
                codes = ["TransactionConflict"] * len(items)
            if not {"ConditionalCheckFailed", "TransactionConflict"} & {*codes}:
                raise
            return codes
        return []

    def _let_others_go(self, attempt: int) -> None:
        # Only so that those who met don't meet again; nothing secret depends on it.
        self._pause(random.uniform(0, min(0.02 * 2**attempt, _LONGEST_PAUSE)))  # noqa: S311


def _key(tenant: str, execution: str) -> Item:
    return to_item({"series": f"{tenant}#slots", "subject": execution.rpartition(":")[2]})


def _board_of(row: dict[str, Any]) -> Board:
    return Board(row["held"], row["waiting"])


@cache
def slots() -> Slots:
    """The stack's slots, as the function's environment names their table."""
    return Slots(table=settings.read(_Settings).admission_table, dynamodb=aws.client("dynamodb"), pause=time.sleep)
