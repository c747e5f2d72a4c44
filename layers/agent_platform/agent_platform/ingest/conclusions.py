"""The transaction items by which an event's current outcome changes; who writes them says what else goes with them."""

from typing import Any

from agent_platform.ingest.receipts import Outcome
from agent_platform.items import Item, to_item
from agent_platform.references import EventReference


def conclusion(
    table: str, reference: EventReference, outcome: Outcome, *, before: Outcome | None, closes: bool = True
) -> Item:
    """The transaction item that makes `outcome` the event's current one, if `before` still is, and closes it."""
    names = {"#o": "outcome"}
    values: dict[str, Any] = {":outcome": vars(outcome)}
    if before:
        condition = "#o.execution = :before AND #o.kind = :kind"
        values |= {":before": before.execution, ":kind": before.kind}
    else:
        condition = "attribute_exists(#r) AND attribute_not_exists(#o)"
        names["#r"] = "record"
    return {"Update": {
        "TableName": table,
        "Key": to_item({"record": reference.record, "part": "receipt"}),
        "UpdateExpression": "SET #o = :outcome" + (" REMOVE openShard, dueAt" if closes else ""),
        "ConditionExpression": condition,
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": to_item(values),
    }}  # fmt: skip


def closed(table: str, reference: EventReference) -> Item:
    """The transaction item that takes an event off the list of open ones, unless a rerun began meanwhile."""
    return {"Update": {
        "TableName": table,
        "Key": to_item({"record": reference.record, "part": "receipt"}),
        "UpdateExpression": "REMOVE openShard, dueAt",
        "ConditionExpression": "attribute_not_exists(#n) OR #n <= :run",
        "ExpressionAttributeNames": {"#n": "run"},
        "ExpressionAttributeValues": to_item({":run": reference.run}),
    }}  # fmt: skip


def superseded_failure(table: str, reference: EventReference, before: Outcome) -> Item:
    """The transaction item that takes an earlier run's failure record out of the current outcomes."""
    return {"Update": {
        "TableName": table,
        "Key": to_item({"record": reference.record, "part": f"failure#{before.run}"}),
        "UpdateExpression": "SET #c = :no",
        "ExpressionAttributeNames": {"#c": "current"},
        "ExpressionAttributeValues": to_item({":no": False}),
    }}  # fmt: skip
