"""All items of one entity: its rows and its history. Only here are the keys of the table put together."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import batched
from typing import Any

from agent_platform import aws
from agent_platform.errors import TransientError
from agent_platform.items import from_item, to_item

NEW = "attribute_not_exists(entity)"
_MOST_DELETES = 25


class Partition:
    """The items under an entity's partition key, each named by its `view`: a row's view, or a part of the history."""

    def __init__(self, table: str, dynamodb: Any, tenant: str, entity: str) -> None:
        self._table, self._dynamodb, self._key = table, dynamodb, f"{tenant}#{entity}"

    def get(self, view: str, *, consistent: bool = False) -> dict[str, Any] | None:
        """One item, by one request."""
        key = {"entity": {"S": self._key}, "view": {"S": view}}
        strongly = {"ConsistentRead": True} if consistent else {}
        answer = self._dynamodb.get_item(TableName=self._table, Key=key, **strongly)
        return from_item(answer["Item"]) if "Item" in answer else None

    def below(self, prefix: str) -> Iterator[dict[str, Any]]:
        """The items whose names begin so, in the names' order, each as it is when its page is read."""
        return self._query("#e = :e AND begins_with(#v, :v)", {"#v": "view"}, {":v": prefix})

    def all(self) -> Iterator[dict[str, Any]]:
        """Every item of the entity, in the names' order."""
        return self._query("#e = :e", {}, {})

    def put(self, view: str, attributes: Mapping[str, Any], condition: str, **values: Any) -> bool:
        """Put an item under a condition on the one before it; whether it held."""
        names = {"ExpressionAttributeValues": to_item({f":{name}": each for name, each in values.items()})}
        return aws.condition_held(
            self._dynamodb.put_item,
            TableName=self._table,
            Item=to_item({"entity": self._key, "view": view, **attributes}),
            ConditionExpression=condition,
            **(names if values else {}),
        )

    def delete(self, views: Iterable[str]) -> None:
        """Delete items by name; TransientError if DynamoDB leaves some of them, for whoever pauses before a try."""
        deletes = ({"DeleteRequest": {"Key": to_item({"entity": self._key, "view": view})}} for view in views)
        for batch in batched(deletes, _MOST_DELETES, strict=False):
            answer = self._dynamodb.batch_write_item(RequestItems={self._table: list(batch)})
            if left := answer.get("UnprocessedItems", {}).get(self._table):
                raise TransientError(f"BatchWriteItem: {len(left)} deletes were not done")

    def _query(self, key: str, names: Mapping[str, str], values: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression=key,
            ExpressionAttributeNames={"#e": "entity", **names},
            ExpressionAttributeValues=to_item({":e": self._key, **values}),
            ConsistentRead=True,
        )
        for page in pages:
            yield from map(from_item, page["Items"])
