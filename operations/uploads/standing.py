"""How far each uploaded file is: its newest run, and the reports on its ranges that are there already."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

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
    client = stack.client("stepfunctions")
    pages = client.get_paginator("list_executions").paginate(
        stateMachineArn=stack.outputs["BulkIngestStateMachineArn"], PaginationConfig={"MaxItems": _MOST_RUNS}
    )
    listed = [each for page in pages for each in page["executions"]]
    for each in sorted(listed, key=lambda each: each["startDate"], reverse=True):
        yield _run(client.describe_execution(executionArn=each["executionArn"]))


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
    what = f"No run over {file}" if file else "No file was uploaded"
    raise Problem(f"{what} yet. Next: scripts/upload FILE --source NAME")


def begun(stack: Stack, arrived: Arrived, *, since: datetime) -> Run:
    """The run that an upload started, as soon as there is one; Problem if there is none in time."""
    deadline = time.monotonic() + _FOUND_WITHIN_SECONDS
    while time.monotonic() < deadline:
        for each in runs(stack):
            if each.began < since:
                break
            if each.arrived == arrived:
                return each
        time.sleep(0.2)
    raise Problem("The file lies in the inbox, and no run has begun. Next: scripts/alarms, then scripts/upload status")


def again(stack: Stack, arrived: Arrived) -> Run:
    """A further run over a file, which takes in what is left."""
    client = stack.client("stepfunctions")
    begun = client.start_execution(
        stateMachineArn=stack.outputs["BulkIngestStateMachineArn"], input=json.dumps(arrived)
    )  # fmt: skip
    return _run(client.describe_execution(executionArn=begun["executionArn"]))


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
    return _run(stack.client("stepfunctions").describe_execution(executionArn=run.arn))


def _run(described: dict[str, Any]) -> Run:
    given = json.loads(described["input"])
    arrived: Arrived = {"key": given["key"], "etag": given["etag"]}
    return Run(
        described["executionArn"], arrived, described["status"], described["startDate"], described.get("error")
    )  # fmt: skip
