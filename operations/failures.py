"""Why runs failed, as it was written down beside their events, and which a later run healed."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import takewhile
from typing import Any

from agent_platform.ingest.receipts import outcome_in
from agent_platform.ingest.runs import Runs
from agent_platform.items import from_item, to_item
from agent_platform.moments import iso
from agent_platform.tenants import SYNTHETIC

from operations.customers import companies
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


@dataclass(frozen=True)
class Why:
    """Whose run failed, where and why, and the later run that came to a message, if there is one."""

    tenant: str | None
    state: str | None
    error: str | None
    cause: str | None
    healed_by: int | None

    @property
    def note(self) -> str:
        """What makes it less urgent, in words."""
        of = "of the synthetic customer" if self.tenant == SYNTHETIC else ""
        return ", ".join(filter(None, (of, f"healed by run {self.healed_by}" if self.healed_by else "")))


def explained(stack: Stack, executions: Sequence[Mapping[str, Any]]) -> list[Why]:
    """Why each failed: by its record, or by its history while that isn't written yet."""
    since = iso(min((each["startDate"] for each in executions), default=datetime.now(UTC)))
    known = {
        failure["execution"]: failure
        for tenant in sorted({source.tenant for source in stack.sources.all()})
        for failure in takewhile(lambda each: str(each["recordedAt"]) >= since, recorded(stack, tenant))
    }
    arns = [each["executionArn"] for each in executions]
    return [_why(known.get(arn) or _from_history(stack, arn), stack) for arn in arns]


def _from_history(stack: Stack, execution: str) -> dict[str, Any]:
    runs = Runs(stepfunctions=stack.client("stepfunctions"))
    described = runs.find(execution)
    if described is None:
        return {"current": True}
    return runs.failure(described) | {"tenant": json.loads(described["input"]).get("tenant"), "current": True}


def _why(failure: Mapping[str, Any], stack: Stack) -> Why:
    healed_by = None
    if not failure["current"]:
        outcome = outcome_in(stack.records.receipt(failure["record"]) or {})
        if outcome and outcome.kind == "message" and outcome.run > failure["run"]:
            healed_by = outcome.run
    return Why(failure.get("tenant"), failure.get("state"), failure.get("error"), failure.get("cause"), healed_by)


def told_together(failures: Iterable[Why]) -> Iterator[str]:
    """How many failed alike that nothing healed, the most frequent first: 4 × ConfigurationError at Validate."""
    alike = Counter((each.error, each.state) for each in failures if each.healed_by is None)
    for (error, state), times in alike.most_common():
        yield f"{times} × {error}" + (f" at {state}" if state else "")


def of_error(stack: Stack, error: str, *, since: datetime | None) -> list[dict[str, Any]]:
    """Every company's runs that failed so and are still what their event came to, the oldest first."""
    found = [
        failure
        for tenant in companies(stack)
        for failure in recorded(stack, tenant)
        if failure["current"] and failure["execution"] and failure["error"] == error
    ]
    later = [each for each in found if since is None or each["recordedAt"] >= iso(since)]
    return sorted(later, key=lambda each: str(each["recordedAt"]))
