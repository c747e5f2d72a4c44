"""How far each uploaded file is: its newest run, and the reports on its ranges that are there already."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from agent_platform.uploads.contracts import Arrived, Summary
from agent_platform.uploads.inbox import Inbox, folder_of

from operations.stack import Stack
from operations.terminal import Problem

RUNNING, DONE = "RUNNING", "SUCCEEDED"
_MOST_RUNS = 50
_FOUND_WITHIN_SECONDS = 30


@dataclass(frozen=True)
class Run:
    """One execution over a file."""

    arn: str
    arrived: Arrived
    status: str
    began: datetime
    error: str | None

    @property
    def file(self) -> str:
        """The file as people call it: <tenant>/<source>/<file>."""
        return self.arrived["key"].removeprefix("inbox/")


@dataclass(frozen=True)
class Progress:
    """How many lines of a file were taken in, of how many, and what became of them once all are."""

    lines_done: int
    lines: int
    summary: Summary | None


def inbox_of(stack: Stack) -> Inbox:
    """The stack's inbox."""
    return Inbox(bucket=stack.outputs["Inbox"], s3=stack.client("s3"))


def runs(stack: Stack) -> Iterator[Run]:
    """Runs over files, newest first."""
    for arn in _listed(stack):
        yield _described(stack, arn)


def newest(stack: Stack) -> list[Run]:
    """The newest run over each file, newest first."""
    found: dict[tuple[str, str], Run] = {}
    for each in runs(stack):
        found.setdefault((each.arrived["key"], each.arrived["etag"]), each)
    return list(found.values())


def run_of(stack: Stack, file: str | None) -> Run:
    """The newest run over a file, by its name or <tenant>/<source>/<file>; without one, the newest of all."""
    for each in runs(stack):
        if file is None or each.file == file or each.file.rpartition("/")[2] == file:
            return each
    what = f"{file} was not uploaded" if file else "No file was uploaded"
    raise Problem(f"{what}, or its run has not begun yet. Next: scripts/upload status")


def known(stack: Stack) -> frozenset[str]:
    """The runs that there are already, by their ARNs."""
    return frozenset(_listed(stack))


def begun(stack: Stack, arrived: Arrived, *, besides: frozenset[str]) -> Run:
    """The run that an upload started, as soon as there is one besides these; Problem if there is none in time."""
    deadline = time.monotonic() + _FOUND_WITHIN_SECONDS
    while time.monotonic() < deadline:
        new = (_described(stack, arn) for arn in _listed(stack) if arn not in besides)
        if found := next((each for each in new if each.arrived == arrived), None):
            return found
        time.sleep(0.2)
    raise Problem("The file lies in the inbox, and no run has begun. Next: scripts/alarms, then scripts/upload status")


def again(stack: Stack, arrived: Arrived) -> Run:
    """A further run over a file, which takes in what is left."""
    client = stack.client("stepfunctions")
    begun = client.start_execution(
        stateMachineArn=stack.outputs["BulkIngestStateMachineArn"], input=json.dumps(arrived)
    )  # fmt: skip
    return _described(stack, begun["executionArn"])


def progress(inbox: Inbox, run: Run) -> Progress:
    """How far a file is, over all runs."""
    folder = folder_of(run.arrived)
    ranges = inbox.ranges(folder) or []
    done = inbox.done(folder)
    lines_done = sum(each["lines"] for each in ranges if each["offset"] in done)
    summary = None if run.status == RUNNING else inbox.summary(folder)
    return Progress(lines_done, sum(each["lines"] for each in ranges), summary)


def now_of(stack: Stack, run: Run) -> Run:
    """The same run as it is now."""
    return _described(stack, run.arn)


def _listed(stack: Stack) -> list[str]:
    pages = stack.client("stepfunctions").get_paginator("list_executions").paginate(
        stateMachineArn=stack.outputs["BulkIngestStateMachineArn"], PaginationConfig={"MaxItems": _MOST_RUNS}
    )  # fmt: skip
    found = [each for page in pages for each in page["executions"]]
    return [each["executionArn"] for each in sorted(found, key=lambda each: each["startDate"], reverse=True)]


def _described(stack: Stack, arn: str) -> Run:
    described = stack.client("stepfunctions").describe_execution(executionArn=arn)
    given = json.loads(described["input"])
    arrived: Arrived = {"key": given["key"], "etag": given["etag"]}
    return Run(
        described["executionArn"], arrived, described["status"], described["startDate"], described.get("error")
    )  # fmt: skip
