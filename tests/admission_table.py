"""The table of admission in memory: the conditions that the slots set are DynamoDB's here, and so are their errors."""

from collections.abc import Callable, Iterator
from typing import Any

from botocore.exceptions import ClientError


class AdmissionTable:
    """A client of DynamoDB as far as slots.py asks one; `before_writing` runs before each transaction.

    So another may be faster there, or the process may die.
    """

    def __init__(self) -> None:
        self.items: dict[tuple[str, str], dict[str, Any]] = {}
        self.before_writing: Callable[[], None] = lambda: None
        self.reads = self.writes = 0

    def get_item(self, *, Key: dict[str, Any], **_: Any) -> dict[str, Any]:  # noqa: N803 - as botocore calls it
        """An item under a key, if there is one."""
        self.reads += 1
        item = self.items.get(_key(Key))
        return {"Item": item} if item else {}

    def get_paginator(self, operation: str) -> "AdmissionTable":
        """The pages of a query, of which there is one."""
        assert operation == "query"
        return self

    def paginate(self, *, ExpressionAttributeValues: dict[str, Any], **_: Any) -> Iterator[dict[str, Any]]:  # noqa: N803
        """The items of a partition."""
        series = ExpressionAttributeValues[":series"]["S"]
        yield {"Items": [item for key, item in self.items.items() if key[0] == series]}

    def transact_write_items(self, *, TransactItems: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        """Write all items, or none if a condition fails."""
        self.before_writing()
        self.writes += 1
        held = [self._holds(each) for each in TransactItems]
        if not all(held):
            reasons = [{"Code": "None" if each else "ConditionalCheckFailed"} for each in held]
            error = {"Error": {"Code": "TransactionCanceledException"}, "CancellationReasons": reasons}
            raise ClientError(error, "TransactWriteItems")  # type: ignore[arg-type]
        for each in TransactItems:
            if "Put" in each:
                self.items[_key(each["Put"]["Item"])] = each["Put"]["Item"]
            else:
                del self.items[_key(each["Delete"]["Key"])]
        return {}

    def _holds(self, write: dict[str, Any]) -> bool:
        ((_, what),) = write.items()
        before = self.items.get(_key(what.get("Item") or what["Key"]))
        match what["ConditionExpression"]:
            case "attribute_exists(subject)":
                return before is not None
            case "attribute_not_exists(subject)":
                return before is None
            case "version = :seen":
                return before is not None and before["version"] == what["ExpressionAttributeValues"][":seen"]
        raise AssertionError(what["ConditionExpression"])


def _key(item: dict[str, Any]) -> tuple[str, str]:
    return item["series"]["S"], item["subject"]["S"]
