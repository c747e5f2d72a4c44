"""One change of an alias: a single transaction of the alias, its history entry and everything else that it touches."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal, Self

from botocore.exceptions import ClientError

from agent_platform import aws
from agent_platform.errors import Conflict
from agent_platform.items import Item, from_item, to_item
from agent_platform.registry.alias import Alias, alias_key

type Status = Literal["draft", "testing", "production", "retired"]


@dataclass(frozen=True)
class Said:
    """Who does what when, and why."""

    action: str
    by: str
    reason: str
    now: datetime

    def problems(self) -> list[str]:
        """What is not said: a change without a name and a reason could not be explained later."""
        return [f"{name} is missing" for name in ("by", "reason") if not getattr(self, name).strip()]


@dataclass(frozen=True)
class Change:
    """An entry of the history, the `number`th: what was done with which version, and what served before and after.

    `production`, `candidate` and `share` are the state after the change; `rollout` is the rollout that is open then, or
    that this change closed.
    """

    number: int
    action: str
    version: int
    before: int | None
    production: int | None
    candidate: int | None
    share: int | None
    rollout: int | None
    at: str
    by: str
    reason: str

    @classmethod
    def between(cls, before: Alias, after: Alias, said: Said, *, about: int) -> Self:
        """The entry for the step from one state to the next."""
        rollout, concerned = after.rollout, after.rollout or before.rollout
        return cls(
            number=after.changes,
            action=said.action,
            version=about,
            before=before.production,
            production=after.production,
            candidate=rollout.candidate if rollout else None,
            share=rollout.share if rollout else None,
            rollout=concerned.number if concerned else None,
            at=after.since,
            by=said.by,
            reason=said.reason,
        )


@dataclass(frozen=True)
class Step:
    """What a change does besides the alias: the version it is about, statuses from → to, and further writes."""

    about: int
    statuses: Mapping[int, tuple[Status, Status]]
    further: tuple[Item, ...] = ()


class AliasTable:
    """The aliases in the registry's table, and the transaction that changes one."""

    def __init__(self, table: str, dynamodb: Any) -> None:
        self._table, self._dynamodb = table, dynamodb

    def alias(self, agent_id: str) -> Alias:
        """What of an agent is in production and in rollout now."""
        return Alias.of(agent_id, self._read(alias_key(agent_id)) or {})

    def status(self, agent_id: str, version: int) -> Status | None:
        """Where a version stands; None if there is no such version."""
        row = self._read({"agentId": agent_id, "version": version})
        return row["status"] if row else None

    def _read(self, key: Mapping[str, Any]) -> dict[str, Any] | None:
        item = self._dynamodb.get_item(TableName=self._table, Key=to_item(key), ConsistentRead=True).get("Item")
        return from_item(item) if item else None

    def _commit(self, before: Alias, after: Alias, said: Said, step: Step) -> Alias:
        """Make one change of all that it touches, or of nothing; the alias after it."""
        made = after.changed(said.now)
        change = Change.between(before, made, said, about=step.about)
        moves = (self._move(made.agent_id, version, *move) for version, move in step.statuses.items())
        writes = [self._put_alias(before, made), self._append(made.agent_id, change), *moves, *step.further]
        try:
            self._dynamodb.transact_write_items(TransactItems=writes)
        except ClientError as error:
            if {"ConditionalCheckFailed", "TransactionConflict"} & {*aws.cancellation_codes(error)}:
                raise Conflict(f"{before.agent_id} was changed by somebody else meanwhile: look again") from None
            raise
        return made

    def _put_alias(self, before: Alias, after: Alias) -> Item:
        put: Item = {"TableName": self._table, "Item": to_item(after.item())}
        if before.changes == 0:
            return {"Put": put | {"ConditionExpression": "attribute_not_exists(changes)"}}
        values = to_item({":known": before.changes})
        return {"Put": put | {"ConditionExpression": "changes = :known", "ExpressionAttributeValues": values}}

    def _append(self, agent_id: str, change: Change) -> Item:
        said = {name: value for name, value in asdict(change).items() if value is not None and name != "number"}
        key = {"agentId": f"{agent_id}#history", "version": change.number}
        return self._put_new(key | {("about" if name == "version" else name): value for name, value in said.items()})

    def _put_new(self, row: Mapping[str, Any]) -> Item:
        new = "attribute_not_exists(agentId)"
        return {"Put": {"TableName": self._table, "Item": to_item(row), "ConditionExpression": new}}

    def _move(self, agent_id: str, version: int, before: Status, after: Status) -> Item:
        return {"Update": {
            "TableName": self._table,
            "Key": to_item({"agentId": agent_id, "version": version}),
            "UpdateExpression": "SET #s = :after",
            "ConditionExpression": "#s = :before",
            "ExpressionAttributeNames": {"#s": "status"},
            "ExpressionAttributeValues": to_item({":before": before, ":after": after}),
        }}  # fmt: skip
