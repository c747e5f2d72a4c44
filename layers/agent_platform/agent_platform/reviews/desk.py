"""The desk: one item at a time to each who asks, and each decision once."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from botocore.exceptions import ClientError

from agent_platform import aws
from agent_platform.errors import Refused, TransientError
from agent_platform.items import Item, to_item
from agent_platform.moments import iso
from agent_platform.reviews.items import Decision, ReviewItem
from agent_platform.reviews.records import ReviewRecords, review_records
from agent_platform.reviews.rows import Given, decision_row, row_of

# What the workflow writes with the last decision, by name: from the item as it is concluded and all that was said.
type Conclusion = Callable[[ReviewItem, Sequence[Given]], Mapping[str, Item]]

# As many others may be faster with one item; it has a few places at most.
_TRIES = 8


class NotConcluded(Exception):  # noqa: N818 - an answer to the workflow; it never leaves its function
    """The workflow's own writes didn't hold, so that nothing was written; `parts` names them."""

    def __init__(self, parts: Sequence[str]) -> None:
        self.parts = list(parts)
        super().__init__(", ".join(parts))


class ReviewDesk:
    """The items that wait for people, as those who decide see them."""

    def __init__(self, records: ReviewRecords, *, dynamodb: Any) -> None:
        self.records, self._dynamodb = records, dynamodb

    def opened(self, item: ReviewItem) -> Item:
        """The transaction item that lays an item on the desk, for who stores its message."""
        return self._put(row_of(item), "attribute_not_exists(review)")

    def next(self, tenant: str, workflow: str, reviewer: str, *, now: datetime) -> ReviewItem | None:
        """The item that waits the longest for this person, who has it in hand from now on; None if none does."""
        for waiting in self.records.waiting(tenant, workflow, reviewer, now=now):
            if item := self._take(waiting, reviewer, now):
                return item
        return None

    def decide(
        self,
        tenant: str,
        message_id: str,
        reviewer: str,
        decision: Decision,
        *,
        now: datetime,
        concluding: Conclusion | None = None,
    ) -> ReviewItem:
        """Keep a decision, and with the last one what it comes to; the item afterwards. Said again it changes nothing.

        Refused if this person can't decide on it, or said something else before; NotConcluded if the workflow's own
        writes don't hold; TransientError if others were faster every time.
        """
        for _ in range(_TRIES):
            item = self._known(tenant, message_id)
            if self._said_before(item, reviewer, decision):
                return item
            if objections := item.objections(reviewer, now):
                raise Refused(objections)
            given = _given(item, reviewer, decision, now)
            after = item.decided(reviewer, decision.verdict, now)
            also: Mapping[str, Item] = {}
            if concluding and after.outcome:
                also = concluding(after, [*self.records.said(tenant, message_id), given])
            said = self._put(decision_row(given, expires_at=item.expires_at), "attribute_not_exists(review)")
            if self._written({"said": said, "item": self._replaced(item, after)}, also):
                return after
        raise TransientError("others were faster with the item every time")

    def withdraw(self, tenant: str, message_id: str, *, now: datetime) -> None:
        """Take an item off the desk that nothing waits for any more; one that was concluded stays as it is."""
        for _ in range(_TRIES):
            item = self._known(tenant, message_id)
            if item.outcome or self._written({"item": self._replaced(item, item.withdrawn(now))}, {}):
                return
        raise TransientError("others were faster with the item every time")

    def told(self, item: ReviewItem) -> bool:
        """Note that the workflow told what came of a concluded item; whether nobody else had noted it before."""
        return self._written({"item": self._replaced(item, item.after_telling())}, {})

    def _take(self, waiting: ReviewItem, reviewer: str, now: datetime) -> ReviewItem | None:
        """The item, in this person's hands; None if the index was behind and there is no place."""
        for _ in range(_TRIES):
            item = self.records.find(waiting.tenant, waiting.message_id)
            if item is None or not item.open_to(reviewer, now):
                return None
            after = item.taken_by(reviewer, now)
            if self._written({"item": self._replaced(item, after)}, {}):
                return after
        return None

    def _known(self, tenant: str, message_id: str) -> ReviewItem:
        item = self.records.find(tenant, message_id)
        if item is None:
            raise Refused(["there is no such item (any more); take the next one"])
        return item

    def _said_before(self, item: ReviewItem, reviewer: str, decision: Decision) -> bool:
        """Whether this person said just this before; Refused if it was something else."""
        given = self.records.decision(item.tenant, item.message_id, reviewer) if reviewer in item.verdicts else None
        if given and given.decision != decision:
            raise Refused(["you decided on it before, and otherwise; a decision stays as it is"])
        return given is not None

    def _replaced(self, before: ReviewItem, after: ReviewItem) -> Item:
        write = self._put(row_of(after), "revision = :seen")
        write["Put"]["ExpressionAttributeValues"] = to_item({":seen": before.revision})
        return write

    def _put(self, row: Item, condition: str) -> Item:
        return {"Put": {"TableName": self.records.table, "Item": row, "ConditionExpression": condition}}

    def _written(self, own: Mapping[str, Item], also: Mapping[str, Item]) -> bool:
        """Write all by one transaction; False if somebody else was faster, NotConcluded if only `also` doesn't hold."""
        try:
            self._dynamodb.transact_write_items(TransactItems=[*own.values(), *also.values()])
        except ClientError as error:
            codes = dict(zip([*own, *also], aws.cancellation_codes(error), strict=False))
            failed = {name for name, code in codes.items() if code == "ConditionalCheckFailed"}
            if failed & set(own) or "TransactionConflict" in codes.values():
                return False
            if failed:
                raise NotConcluded(sorted(failed)) from None
            raise
        return True


def _given(item: ReviewItem, reviewer: str, decision: Decision, now: datetime) -> Given:
    taken = datetime.fromisoformat(item.leases[reviewer].taken_at)
    seconds = int((now - taken).total_seconds())
    return Given(item.tenant, item.workflow, item.message_id, reviewer, decision, iso(now), seconds)


@cache
def review_desk() -> ReviewDesk:
    """The stack's desk, as the function's environment names it."""
    return ReviewDesk(review_records(), dynamodb=aws.client("dynamodb"))
