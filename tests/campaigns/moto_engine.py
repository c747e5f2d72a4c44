"""moto's DynamoDB called past its wire format, which costs ten times what its engine does; and a twin that asks both.

Conditions, keys, order and pages are moto's own either way. The twin shows that what is asked here is answered alike.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import ClientError
from moto.core import DEFAULT_ACCOUNT_ID
from moto.dynamodb.exceptions import DynamodbException, TransactionCanceledException
from moto.dynamodb.models import DynamoDBBackend, dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.responses import DynamoHandler

OPERATIONS = (
    "get_item", "put_item", "update_item", "delete_item", "query", "scan", "batch_write_item", "transact_write_items",
)  # fmt: skip
_NOT_COMPARED = {"ResponseMetadata", "ConsumedCapacity", "ItemCollectionMetrics"}


class Engine:
    """A DynamoDB client of a few operations, which moto answers without a request."""

    def __init__(self, region: str) -> None:
        self._region = region

    def __getattr__(self, name: str) -> Any:
        if name not in OPERATIONS:
            raise AttributeError(name)
        return lambda **asked: self._answer(name, asked)

    def _answer(self, name: str, asked: dict[str, Any]) -> dict[str, Any]:
        handler = DynamoHandler()
        handler.current_account, handler.region = DEFAULT_ACCOUNT_ID, self._region
        handler.body = handler.params = asked
        writes = asked["TransactItems"] if name == "transact_write_items" else []
        try:
            with self._alone(writes):
                answer: dict[str, Any] = getattr(handler, name)().result
        except DynamodbException as refused:
            error = {"Code": refused.relative_error_type, "Message": refused.message}
            raise ClientError({"Error": error} | _reasons(refused), name) from refused
        return answer

    def items(self, table: str) -> Iterator[dict[str, Any]]:
        """Everything in a table with a sort key, as it is now; nothing is copied."""
        for rows in self._backend.tables[table].items.values():
            yield from (row.to_json()["Attributes"] for row in rows.values())

    @property
    def _backend(self) -> DynamoDBBackend:
        return dynamodb_backends[DEFAULT_ACCOUNT_ID][self._region]

    @contextmanager
    def _alone(self, writes: Sequence[Mapping[str, Any]]) -> Iterator[None]:
        """Leave nothing in a table but what a transaction writes: moto copies the whole of it to be able to go back."""
        touched = [next(iter(write.values())) for write in writes]
        tables = {name: self._backend.tables[name] for name in {write["TableName"] for write in touched}}
        whole = {name: table.items for name, table in tables.items()}
        for name, table in tables.items():
            table.items = defaultdict(dict)
            for key in (write.get("Key") or write["Item"] for write in touched if write["TableName"] == name):
                partition, row = (
                    DynamoType(key[attribute]) for attribute in (table.hash_key_attr, table.range_key_attr)
                )
                if row in whole[name].get(partition, {}):
                    table.items[partition][row] = whole[name][partition].pop(row)
        try:
            yield
        finally:
            for name, table in tables.items():
                # Another one, if moto went back.
                for partition, rows in self._backend.tables[name].items.items():
                    whole[name][partition].update(rows)
                table.items, self._backend.tables[name] = whole[name], table


def _reasons(refused: DynamodbException) -> dict[str, Any]:
    """Why each item of a transaction was cancelled."""
    if not isinstance(refused, TransactionCanceledException):
        return {}
    return {"CancellationReasons": json.loads(refused.description)["CancellationReasons"]}


class Twin:
    """A client that asks two others the same, each of its own table, and refuses an answer in which they differ."""

    def __init__(self, wire: Any, engine: Engine, *, other_table: str) -> None:
        self._wire, self._engine, self._other_table = wire, engine, other_table
        self.calls = 0

    def __getattr__(self, name: str) -> Any:
        return lambda **asked: self._both(name, asked)

    def _both(self, name: str, asked: dict[str, Any]) -> dict[str, Any]:
        self.calls += 1
        answer = _answer(self._wire, name, asked)
        other = _answer(self._engine, name, self._of_other(asked))
        if _compared(answer) != _compared(other):
            raise AssertionError(f"{name}({asked}) is answered in two ways: {answer} and {other}")
        if isinstance(answer, ClientError):
            raise answer
        return answer

    def _of_other(self, asked: dict[str, Any]) -> dict[str, Any]:
        if "RequestItems" in asked:
            return asked | {"RequestItems": {self._other_table: next(iter(asked["RequestItems"].values()))}}
        return asked | {"TableName": self._other_table}


def _answer(client: Any, name: str, asked: dict[str, Any]) -> Any:
    try:
        return getattr(client, name)(**asked)
    except ClientError as refused:
        return refused


def _compared(answer: Any) -> Any:
    if isinstance(answer, ClientError):
        return answer.response["Error"]["Code"]
    return {name: value for name, value in answer.items() if name not in _NOT_COMPARED and value != {}}


class Paged:
    """A client whose queries come in small pages, each by a request of its own, as of a large history."""

    def __init__(self, client: Any, *, page: int) -> None:
        self._client, self._page = client, page

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def get_paginator(self, operation: str) -> Any:
        assert operation == "query"
        return self

    def paginate(self, **asked: Any) -> Iterator[dict[str, Any]]:
        answer = self._client.query(**asked, Limit=self._page)
        yield answer
        while after := answer.get("LastEvaluatedKey"):
            answer = self._client.query(**asked, Limit=self._page, ExclusiveStartKey=after)
            yield answer
