"""What a run had before it when it wrote: evaluation, claims and review read this and nothing else."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Self

from agent_platform import aws, settings
from agent_platform.errors import EventUnavailable
from agent_platform.items import Item, from_item, to_item
from agent_platform.moments import iso

_PAGE = 100
# The series of the runs that ended as a skip: no purpose of any workflow, so nobody who asks for one meets them.
SKIPPED = "skipped"


@dataclass(frozen=True)
class Recording:
    """One run's material, redacted from birth: request, features and passages as they were, and the free text.

    Beside what the workflow reads itself, the material has `usage`, the model calls of each attempt by function
    ([{generate: …, judge: …}]), `slices`, the groups that the request belongs to ({name: group}), and `measured`, what
    drift is looked for in (see `drift.measured`); older recordings lack them. Of a skip there is `measured` alone.
    """

    tenant: str
    workflow: str
    purpose: str
    recorded_at: str
    message_id: str
    material: Mapping[str, Any]

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """The recording that an item of the table is."""
        tenant, workflow, purpose = row["series"].split("#")
        recorded_at, _, message_id = row["recordedAt"].partition("#")
        return cls(tenant, workflow, purpose, recorded_at, message_id, json.loads(row["material"]))


@dataclass(frozen=True)
class _Settings:
    recordings_table: str


class Recordings:
    """The table of recordings, for those who read them."""

    def __init__(self, *, table: str, dynamodb: Any) -> None:
        self._table, self._dynamodb = table, dynamodb

    def read(self, tenant: str, message_id: str, *, now: datetime) -> Recording:
        """One recording; EventUnavailable if there is none or its retention is over."""
        key = to_item({"recording": f"{tenant}#{message_id}"})
        item = self._dynamodb.get_item(TableName=self._table, Key=key).get("Item")
        if item is None or int(item["expiresAt"]["N"]) <= now.timestamp():
            raise EventUnavailable("the recording isn't there (any more)")
        return Recording.of(from_item(item))

    def forget(self, tenant: str, message_id: str) -> bool:
        """Delete one recording; whether there was one."""
        key = to_item({"recording": f"{tenant}#{message_id}"})
        return "Attributes" in self._dynamodb.delete_item(TableName=self._table, Key=key, ReturnValues="ALL_OLD")

    def newest(
        self, tenant: str, workflow: str, purpose: str, *, until: datetime, now: datetime
    ) -> Iterator[Recording]:
        """The recordings of a series up to a moment, newest first; read page by page, as far as they are taken."""
        # "$" follows "#": everything that was recorded in that very second is within.
        edge, series = f"{iso(until)}$", f"{tenant}#{workflow}#{purpose}"
        return self._kept(series, "recordedAt <= :edge", edge, forward=False, now=now)

    def since(self, tenant: str, workflow: str, purpose: str, *, since: str, now: datetime) -> Iterator[Recording]:
        """The recordings of a series from a moment on, in their order; read as far as they are taken."""
        series = f"{tenant}#{workflow}#{purpose}"
        return self._kept(series, "recordedAt >= :edge", since, forward=True, now=now)

    def _kept(self, series: str, condition: str, edge: str, *, forward: bool, now: datetime) -> Iterator[Recording]:
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            IndexName="BySeries",
            KeyConditionExpression=f"series = :series AND {condition}",
            ExpressionAttributeValues=to_item({":series": series, ":edge": edge}),
            ScanIndexForward=forward,
            PaginationConfig={"PageSize": _PAGE},
        )
        for page in pages:
            kept = (item for item in page["Items"] if int(item["expiresAt"]["N"]) > now.timestamp())
            yield from (Recording.of(from_item(item)) for item in kept)


def put_recording(recording: Recording, *, table: str, expires_at: int) -> Item:
    """The transaction item that keeps a recording, indexed by tenant, workflow, purpose and time."""
    item = {
        "recording": f"{recording.tenant}#{recording.message_id}",
        "series": f"{recording.tenant}#{recording.workflow}#{recording.purpose}",
        "recordedAt": f"{recording.recorded_at}#{recording.message_id}",
        "material": json.dumps(recording.material, ensure_ascii=False),
        "expiresAt": expires_at,
    }
    return {"Put": {"TableName": table, "Item": to_item(item)}}


@cache
def recordings() -> Recordings:
    """The stack's recordings, as the function's environment names them."""
    return Recordings(table=settings.read(_Settings).recordings_table, dynamodb=aws.client("dynamodb"))
