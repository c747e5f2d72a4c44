"""moto's DynamoDB called past its wire format, which costs ten times what its engine does; and a twin that asks both.

Conditions, keys, order and pages are moto's own either way. The twin shows that what is asked here is answered alike.
"""

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError
from moto.core import DEFAULT_ACCOUNT_ID
from moto.dynamodb.exceptions import DynamodbException
from moto.dynamodb.responses import DynamoHandler

OPERATIONS = ("get_item", "put_item", "query", "batch_write_item", "scan")
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
        try:
            answer: dict[str, Any] = getattr(handler, name)().result
        except DynamodbException as refused:
            error = {"Code": refused.relative_error_type, "Message": refused.message}
            raise ClientError({"Error": error}, name) from refused
        return answer


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
