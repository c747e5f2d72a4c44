"""The log lines of one event, from every function on its way; CloudWatch forgets them after their retention."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from operations.stack import Stack

_INGEST = frozenset({"ReceiveWebhookFunction", "RecordFailureFunction", "ReconcileFunction"})
_WORKFLOW = "Outreach"
_SEVERAL = 2
# Beside what a line is found by, this is about the process and the place in the code.
_NOT_SAID = frozenset({
    "timestamp", "location", "service", "workflow", "correlation_id", "tenant", "event", "execution", "function",
    "xray_trace_id",
})  # fmt: skip
_EACH_ITS_OWN = frozenset({"at", "level", "state", "message"})


def log_lines(stack: Stack, receipt: str, *, since: datetime, until: datetime | None) -> list[dict[str, Any]]:
    """Every line that names the receipt, oldest first, each with its moment `at`."""
    pages = stack.client("logs").get_paginator("filter_log_events")
    window = {"startTime": _milliseconds(since)} | ({"endTime": _milliseconds(until)} if until else {})
    found = [
        event
        for function in _functions(stack)
        for page in pages.paginate(logGroupName=f"/aws/lambda/{function}", filterPattern=f'"{receipt}"', **window)
        for event in page["events"]
    ]
    lines = (_line(event) for event in sorted(found, key=lambda event: int(event["timestamp"])))
    return [line for line in lines if line.get("correlation_id") == receipt]


def said(line: dict[str, Any]) -> dict[str, Any]:
    """What a line says beyond what every line of the event has."""
    return {name: value for name, value in line.items() if name not in _NOT_SAID and value is not None}


def constant(lines: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What each of several lines says alike."""
    if len(lines) < _SEVERAL:
        return {}
    first, *others = map(said, lines)
    alike = {name: value for name, value in first.items() if all(each.get(name) == value for each in others)}
    return {name: value for name, value in alike.items() if name not in _EACH_ITS_OWN}


def _functions(stack: Stack) -> Iterator[str]:
    pages = stack.client("cloudformation").get_paginator("list_stack_resources")
    for page in pages.paginate(StackName=stack.profile["stack_name"]):
        for each in page["StackResourceSummaries"]:
            name = each["LogicalResourceId"]
            if each["ResourceType"] == "AWS::Lambda::Function" and (name in _INGEST or name.startswith(_WORKFLOW)):
                yield each["PhysicalResourceId"]


def _line(event: dict[str, Any]) -> dict[str, Any]:
    try:
        line = json.loads(event["message"])
    except ValueError:
        return {}
    at = datetime.fromtimestamp(event["timestamp"] / 1000, UTC)
    return {"at": at.isoformat(timespec="milliseconds"), **line} if isinstance(line, dict) else {}


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
