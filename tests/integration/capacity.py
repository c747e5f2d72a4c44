"""What DynamoDB bills for the calls that functions make: request units, by the sizes of the items themselves.

As the developer guide of DynamoDB has it (read and write operations, item sizes and formats): 1 KB a write unit, twice
in a transaction, once more for each index that holds the item; 4 KB a read unit, half of that unless consistent.
"""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

import botocore.session

_WRITTEN, _READ = 1024, 4096


def item_bytes(value: dict[str, Any]) -> int:
    """The size of an item, in DynamoDB's own JSON, names included."""
    return sum(len(name.encode()) + _value_bytes(typed) for name, typed in value.items())


def _value_bytes(typed: dict[str, Any]) -> int:
    ((kind, value),) = typed.items()
    match kind:
        case "S":
            return len(value.encode())
        case "N":
            # Two digits a byte, and one more.
            return math.ceil(len(value.strip("-").replace(".", "")) / 2) + 1
        case "M":
            return 3 + sum(1 + len(name.encode()) + _value_bytes(inner) for name, inner in value.items())
        case "L":
            return 3 + sum(1 + _value_bytes(inner) for inner in value)
        case "SS":
            return sum(len(each.encode()) for each in value)
        case "B":
            return len(value)
    return 1


@dataclass
class Capacity:
    """Counts within its block what a DynamoDB client is billed for; `tables` are their declarations."""

    client: Any
    tables: dict[str, dict[str, Any]]
    read_units: float = 0
    write_units: int = 0
    # Looking at what was written is no call of the function's.
    _onlooker: Any = field(default_factory=lambda: botocore.session.get_session().create_client("dynamodb"))

    def __enter__(self) -> Self:
        self.client.meta.events.register("before-call.dynamodb", self._asked)
        self.client.meta.events.register("after-call.dynamodb", self._answered)
        return self

    def __exit__(self, *_: object) -> None:
        self.client.meta.events.unregister("before-call.dynamodb", self._asked)
        self.client.meta.events.unregister("after-call.dynamodb", self._answered)

    def taken(self) -> tuple[float, int]:
        """Read units and write units since it was asked last."""
        units = self.read_units, self.write_units
        self.read_units, self.write_units = 0, 0
        return units

    def _asked(self, params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        context["asked"] = json.loads(params["body"])

    def _answered(self, model: Any, parsed: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        if "Error" not in parsed:
            _BILLED[model.name](self, context["asked"], parsed)

    def written(self, write: dict[str, Any], *, times: int = 1) -> None:
        """Count one item that was put, updated, deleted or checked."""
        table = self.tables[write["TableName"]]
        item = write.get("Item") or self._present(write, table)
        units = math.ceil(max(item_bytes(item), 1) / _WRITTEN)
        self.write_units += times * units
        for index in table.get("GlobalSecondaryIndexes", []) + table.get("LocalSecondaryIndexes", []):
            if all(key["AttributeName"] in item for key in index["KeySchema"]):
                self.write_units += 1 if index["Projection"]["ProjectionType"] == "KEYS_ONLY" else units

    def read(self, items: list[dict[str, Any]], *, consistent: bool) -> None:
        """Count one read of these items together; nothing found is read as well."""
        found = sum(map(item_bytes, items))
        self.read_units += math.ceil(max(found, 1) / _READ) * (1 if consistent else 0.5)

    def _present(self, write: dict[str, Any], table: dict[str, Any]) -> dict[str, Any]:
        found = self._onlooker.get_item(TableName=write["TableName"], Key=write["Key"], ConsistentRead=True)
        return dict(found.get("Item", {}))


def _transaction(capacity: Capacity, asked: dict[str, Any], _: dict[str, Any]) -> None:
    for write in asked["TransactItems"]:
        ((_kind, each),) = write.items()
        capacity.written(each, times=2)


def _write(capacity: Capacity, asked: dict[str, Any], _: dict[str, Any]) -> None:
    capacity.written(asked)


def _batch_written(capacity: Capacity, asked: dict[str, Any], _: dict[str, Any]) -> None:
    for table, writes in asked["RequestItems"].items():
        for write in writes:
            ((_kind, each),) = write.items()
            capacity.written({"TableName": table, **each})


def _get(capacity: Capacity, asked: dict[str, Any], parsed: dict[str, Any]) -> None:
    capacity.read([parsed["Item"]] if "Item" in parsed else [], consistent=asked.get("ConsistentRead", False))


def _batch_read(capacity: Capacity, asked: dict[str, Any], parsed: dict[str, Any]) -> None:
    for table, found in parsed["Responses"].items():
        for item in found:
            capacity.read([item], consistent=asked["RequestItems"][table].get("ConsistentRead", False))


def _query(capacity: Capacity, asked: dict[str, Any], parsed: dict[str, Any]) -> None:
    capacity.read(parsed["Items"], consistent=asked.get("ConsistentRead", False))


_BILLED: dict[str, Callable[[Capacity, dict[str, Any], dict[str, Any]], None]] = {
    "BatchGetItem": _batch_read,
    "BatchWriteItem": _batch_written,
    "GetItem": _get,
    "PutItem": _write,
    "Query": _query,
    "Scan": _query,
    "TransactWriteItems": _transaction,
    "UpdateItem": _write,
}
