"""Why runs failed, as it was written down beside their events."""

from collections.abc import Iterator
from typing import Any

from agent_platform.items import from_item, to_item

from operations.stack import Stack


def recorded(stack: Stack, tenant: str) -> Iterator[dict[str, Any]]:
    """A tenant's failure records, newest first, those that are no outcome any more included."""
    pages = stack.dynamodb.get_paginator("query").paginate(
        TableName=stack.outputs["EventRecords"],
        IndexName="Failures",
        KeyConditionExpression="tenant = :tenant",
        ExpressionAttributeValues=to_item({":tenant": tenant}),
        ScanIndexForward=False,
    )
    return (from_item(item) for page in pages for item in page["Items"])


def of_run(stack: Stack, record: str, run: int) -> dict[str, Any]:
    """The failure record of an event's run; empty if there is none."""
    key = to_item({"record": record, "part": f"failure#{run}"})
    found = stack.dynamodb.get_item(TableName=stack.outputs["EventRecords"], Key=key, ConsistentRead=True)
    return from_item(found["Item"]) if "Item" in found else {}
