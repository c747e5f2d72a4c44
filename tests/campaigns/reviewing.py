"""People at one desk, who crash, forget what they have in hand, come late and say things twice."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from agent_platform.errors import Refused
from agent_platform.items import to_item
from agent_platform.moments import iso
from agent_platform.reviews.desk import ReviewDesk
from agent_platform.reviews.items import Decision, ReviewItem
from agent_platform.reviews.records import ReviewRecords

from tests.campaigns.turns import Crashed, Turns

TENANT, WORKFLOW = "greenedge", "outreach"
START = datetime(2026, 11, 20, 9, tzinfo=UTC)
LEASE_MINUTES, SECOND_SHARE = 30, 0.4
SAID = (Decision("approve"), Decision("edit", edit={"subject": "Thanks"}), Decision("reject", reason="tone"))
FORGETS, IS_LATE, SAYS_IT_AGAIN = 0.1, 0.1, 0.2


class Pile:
    """The items that lie on the desk, and what was wrong when all was done."""

    def __init__(self, table: str, dynamodb: Any, rng: Random, count: int) -> None:
        self.table, self.dynamodb = table, dynamodb
        self.records = ReviewRecords(table=table, dynamodb=dynamodb)
        desk = ReviewDesk(self.records, dynamodb=dynamodb)
        self.items = {f"m-{number}": self._item(number, rng) for number in range(count)}
        self._open = list(self.items)
        for item in self.items.values():
            dynamodb.transact_write_items(TransactItems=[desk.opened(item)])

    def concluding(self, item: ReviewItem, said: Any) -> dict[str, Any]:
        """What the workflow makes of it: a row, by its own key, that there may be once."""
        row = to_item({"review": f"{TENANT}#made#{item.message_id}", "entry": str(item.outcome)})
        return {"made": {"Put": {"TableName": self.table, "Item": row}}}

    def is_done(self) -> bool:
        """Whether everything was concluded."""
        # Who asks looks at one that is open, and not at all of them: they ask after every turn.
        while self._open and self._found(self._open[-1]).outcome:
            self._open.pop()
        return not self._open

    def violations(self) -> list[str]:
        """What differs from what was asked, for each item by its own count of what was said."""
        return [wrong for message_id in self.items for wrong in self._violations(message_id)]

    def _violations(self, message_id: str) -> list[str]:
        item, said = self._found(message_id), self.records.said(TENANT, message_id)
        against = [given.decision.verdict == "reject" for given in said]
        asked = self.items[message_id].needed + (len(set(against)) == 2)
        outcome = "declined" if sum(against) > len(against) / 2 else "approved"
        verdicts = {given.reviewer: given.decision.verdict for given in said}
        made = [row["entry"]["S"] for row in self._partition(f"{TENANT}#made#{message_id}")]
        return [f"{message_id}: {what}" for what, held in {
            "not decided as often as asked": len(said) == asked,
            "not the outcome of what was said": item.outcome == outcome,
            "not made so once": made == [outcome],
            "the item forgot a decision": dict(item.verdicts) == verdicts,
        }.items() if not held]  # fmt: skip

    def _found(self, message_id: str) -> ReviewItem:
        found = self.records.find(TENANT, message_id)
        assert found
        return found

    def _partition(self, key: str) -> list[Any]:
        asked = {"KeyConditionExpression": "review = :key", "ExpressionAttributeValues": to_item({":key": key})}
        rows: list[Any] = self.dynamodb.query(TableName=self.table, **asked)["Items"]
        return rows

    def _item(self, number: int, rng: Random) -> ReviewItem:
        return ReviewItem(
            tenant=TENANT,
            workflow=WORKFLOW,
            message_id=f"m-{number}",
            reasons=("all",),
            needed=2 if rng.random() < SECOND_SHARE else 1,
            lease_minutes=LEASE_MINUTES,
            opened_at=iso(START + timedelta(seconds=number)),
            expires_at=int((START + timedelta(days=90)).timestamp()),
        )


class Reviewer:
    """One person, whose every crash is a new process that knows nothing of the last one."""

    def __init__(self, name: str, pile: Pile, turns: Turns, rng: Random, client: Callable[[Any], Any]) -> None:
        self.name, self._pile, self._turns, self._rng, self.done = name, pile, turns, rng, Counter[str]()
        dynamodb = turns.client(client(pile.dynamodb))
        self._desk = ReviewDesk(ReviewRecords(table=pile.table, dynamodb=dynamodb), dynamodb=dynamodb)

    def work(self) -> None:
        """Take what there is until everything is decided."""
        more = True
        while more:
            try:
                more = self._look()
            except Crashed:
                self.done["crashed"] += 1
            except Refused:
                self.done["came too late"] += 1

    def _look(self) -> bool:
        """Take one and decide; False once there is nothing to decide any more."""
        item = self._desk.next(TENANT, WORKFLOW, self.name, now=self._now())
        if item is None:
            self.done["found nothing"] += 1
            # As a person would: the time passes until somebody's lease is over.
            self._turns.rest(20)
            return not self._pile.is_done()
        assert self.name not in item.verdicts, "nobody is given an item a second time once it was decided"
        if self._rng.random() < FORGETS:
            self.done["forgot it"] += 1
            return True
        if self._rng.random() < IS_LATE:
            self._turns.rest(LEASE_MINUTES * 2)
        self._say(item.message_id, self._rng.choice(SAID))
        return True

    def _say(self, message_id: str, decision: Decision) -> None:
        for _ in range(2 if self._rng.random() < SAYS_IT_AGAIN else 1):
            try:
                self._decide(message_id, decision)
            except Crashed:
                # Whether it was kept isn't known: who asked says it once more.
                self.done["crashed"] += 1
                self._decide(message_id, decision)

    def _decide(self, message_id: str, decision: Decision) -> None:
        self._desk.decide(
            TENANT, message_id, self.name, decision, now=self._now(), concluding=self._pile.concluding
        )  # fmt: skip
        self.done["said"] += 1

    def _now(self) -> datetime:
        return START + timedelta(hours=1, minutes=self._turns.time)


class Careless:
    """A DynamoDB that asks for no condition: what the desk would be worth if its writes set none."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def transact_write_items(self, *, TransactItems: list[dict[str, Any]]) -> Any:  # noqa: N803 - DynamoDB's own name
        """Write it, whatever is there."""
        puts = [{"Put": {name: each["Put"][name] for name in ("TableName", "Item")}} for each in TransactItems]
        return self._client.transact_write_items(TransactItems=puts)
