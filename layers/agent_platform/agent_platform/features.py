"""The feature store: one row for each entity and view, read in one request, never moved back in time.

The entity is a keyed reference, never an e-mail address. Values are one packed attribute.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from agent_platform import aws, settings
from agent_platform.items import from_item, to_item


@dataclass(frozen=True)
class FeatureRow:
    """The values of one view for one entity, as of the event they were computed from."""

    values: dict[str, Any]
    event_time: str


@dataclass(frozen=True)
class _Settings:
    features_table: str


class FeatureStore:
    """The online store of feature rows."""

    def __init__(self, *, table: str, dynamodb: Any) -> None:
        self._table, self._dynamodb = table, dynamodb

    def write(
        self, tenant: str, entity: str, view: str, values: Mapping[str, Any], *, event_time: str, expires_at: int
    ) -> bool:
        """Write a row unless a newer event has written it; whether it was written."""
        item = {
            "entity": f"{tenant}#{entity}",
            "view": view,
            "packed": json.dumps(values),
            "eventTime": event_time,
            "expiresAt": expires_at,
        }
        return aws.condition_held(
            self._dynamodb.put_item,
            TableName=self._table,
            Item=to_item(item),
            ConditionExpression="attribute_not_exists(entity) OR eventTime <= :this",
            ExpressionAttributeValues=to_item({":this": event_time}),
        )

    def read(self, tenant: str, entity: str, view: str, *, now_epoch: float) -> FeatureRow | None:
        """The row of an entity, or None if there is none or its retention is over."""
        key = to_item({"entity": f"{tenant}#{entity}", "view": view})
        item = self._dynamodb.get_item(TableName=self._table, Key=key).get("Item")
        if item is None or int(item["expiresAt"]["N"]) <= now_epoch:
            return None
        row = from_item(item)
        return FeatureRow(json.loads(row["packed"]), row["eventTime"])


@cache
def feature_store() -> FeatureStore:
    """The stack's feature store, as the function's environment names it."""
    return FeatureStore(table=settings.read(_Settings).features_table, dynamodb=aws.client("dynamodb"))
