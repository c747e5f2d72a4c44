"""The runs of the workflow: which there are, and the steps of one with durations, as the console would show them."""

import time
from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from agent_platform.failures import message_in
from botocore.exceptions import ClientError

from operations import open_slots, without_runs
from operations.failures import explained, told_together
from operations.stack import Stack
from operations.terminal import (
    Problem,
    arguments,
    out,
    plain,
    print_json,
    run,
    table,
    with_account,
    with_json,
)


@dataclass(frozen=True)
class Step:
    """One state that was entered: when, for how long, how often it was tried again, and the last error's name."""

    state: str
    entered: datetime
    seconds: float | None
    error: str | None
    retries: int


def executions(stack: Stack, *, failed: bool = False, most: int = 50) -> list[dict[str, Any]]:
    """The newest executions: all, or those that failed, timed out or were aborted."""
    statuses = ("FAILED", "TIMED_OUT", "ABORTED") if failed else (None,)
    found = [each for status in statuses for each in _executions(stack, status, most)]
    return sorted(found, key=lambda each: each["startDate"], reverse=True)[:most]


def _executions(stack: Stack, status: str | None, most: int) -> list[dict[str, Any]]:
    machine = stack.outputs["OutreachStateMachineArn"]
    wanted = {"statusFilter": status} if status else {}
    pages = stack.client("stepfunctions").get_paginator("list_executions").paginate(
        stateMachineArn=machine, PaginationConfig={"MaxItems": most}, **wanted
    )  # fmt: skip
    return [each for page in pages for each in page["executions"]]


def execution_arn(stack: Stack, given: str) -> str:
    """The ARN behind a receipt, an execution's name, or the first characters of one."""
    if given.startswith("arn:"):
        return given
    if "." in given:
        receipt = stack.records.receipt(given.replace(".", "#", 1))
        if receipt is None:
            raise Problem(f"No event has the receipt {given}")
        if "executionArn" not in receipt:
            raise Problem(f"{given} {without_runs.told_of(receipt)}")
        return str(receipt["executionArn"])
    found = [each for each in executions(stack, most=1000) if each["name"].startswith(given)]
    if not found:
        raise Problem(f"No executions begin with {given}. Names: scripts/executions list")
    if len(found) > 1:
        few = "\n".join(f"  {each['name'][:12]}  {_when(each['startDate'])}  {each['status']}" for each in found[:10])
        raise Problem(f"{len(found)} executions begin with {given}. The newest:\n{few}")
    return str(found[0]["executionArn"])


def steps(history: Sequence[dict[str, Any]]) -> Iterator[Step]:
    """The states of a history in the order in which they were entered."""
    opened: dict[str, Any] | None = None
    error, retries = None, -1
    for event in history:
        details = next((value for name, value in event.items() if name.endswith("FailedEventDetails")), None)
        if details:
            error = details.get("error")
        if event["type"] in {"LambdaFunctionScheduled", "TaskScheduled"}:
            retries += 1
        if "stateEnteredEventDetails" in event:
            opened, error, retries = event, None, -1
        if "stateExitedEventDetails" in event and opened:
            seconds = (event["timestamp"] - opened["timestamp"]).total_seconds()
            yield Step(event["stateExitedEventDetails"]["name"], opened["timestamp"], seconds, error, max(retries, 0))
            opened = None
    if opened:
        yield Step(opened["stateEnteredEventDetails"]["name"], opened["timestamp"], None, error, max(retries, 0))


def history(stack: Stack, arn: str, *, with_data: bool = False) -> list[dict[str, Any]]:
    """All events of an execution's history, oldest first."""
    client = stack.client("stepfunctions")
    pages = client.get_paginator("get_execution_history").paginate(executionArn=arn, includeExecutionData=with_data)
    try:
        return [event for page in pages for event in page["events"]]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ExecutionDoesNotExist":
            raise
        raise Problem(f"There is no execution {arn}") from None


def main(argv: Sequence[str]) -> None:
    """scripts/executions."""
    parser = arguments("executions", "The runs of outreach, and the steps of one, with durations.", account=False)
    commands = parser.add_subparsers(dest="command", required=True)
    lister = commands.add_parser("list", help="the newest runs", description="The newest runs.")
    lister.add_argument("--failed", action="store_true", help="those that failed, and events that failed without one")
    shower = commands.add_parser("show", help="the steps of one run", description="The steps of one run.")
    shower.add_argument("id", help="a receipt, an execution's name (or its first characters), or its ARN")
    slots = commands.add_parser("slots", help="who has runs open, and who waits", description=open_slots.__doc__)
    for sub in (lister, shower, slots):
        with_account(sub)
        with_json(sub)
    given = parser.parse_args(argv)
    stack = Stack(given.account)
    if given.command == "slots":
        most, now = int(stack.parameters["MaxOpenExecutions"]), int(time.time())
        open_slots.show(open_slots.boards_of(stack), most=most, now=now, as_json=given.json)
    elif given.command == "list":
        found = executions(stack, failed=given.failed)
        _list_failed(stack, found, given) if given.failed else _list(found, as_json=given.json)
    elif receipt := without_runs.ended(stack, given.id):
        without_runs.show(receipt, given.id, as_json=given.json)
    else:
        _show(stack, execution_arn(stack, given.id), as_json=given.json)


def _list(found: list[dict[str, Any]], *, as_json: bool) -> None:
    rows = [_run(each) for each in found]
    if as_json:
        print_json(rows)
    else:
        table("Executions of outreach", ("execution", "status", "started", "duration"),
              [(row["name"][:12], *list(row.values())[1:]) for row in rows])  # fmt: skip


def _list_failed(stack: Stack, found: list[dict[str, Any]], given: Namespace) -> None:
    """Those that failed with where and why; what is still to be mended is counted below."""
    runless, reasons = without_runs.failures(stack), explained(stack, found)
    if given.json:
        runs = [_run(each) | asdict(why) for each, why in zip(found, reasons, strict=True)]
        print_json(runs + [without_runs.as_run(each) for each in runless])
        return
    rows = [
        (each["name"][:12], each["status"], _when(each["startDate"]), why.state or "", why.error or "", why.note)
        for each, why in zip(found, reasons, strict=True)
    ]
    table("Failed executions of outreach", ("execution", "status", "started", "state", "error", "note"), rows)
    without_runs.show_failures(runless)
    for told in told_together(reasons):
        out.print(plain(told, "bold"))


def _run(of: dict[str, Any]) -> dict[str, str]:
    return {"name": of["name"], "status": of["status"], "started": _when(of["startDate"]), "duration": _duration(of)}


def _show(stack: Stack, arn: str, *, as_json: bool) -> None:
    described = stack.client("stepfunctions").describe_execution(executionArn=arn)
    taken = list(steps(history(stack, arn)))
    if as_json:
        print_json({
            "execution": arn, "status": described["status"], "error": described.get("error"),
            "steps": [{**vars(step), "entered": step.entered.isoformat()} for step in taken],
        })  # fmt: skip
        return
    rows = [
        (step.state, step.entered.strftime("%H:%M:%S.%f")[:-3],
         "" if step.seconds is None else f"{step.seconds * 1000:,.0f} ms", str(step.retries or ""), step.error or "")
        for step in taken
    ]  # fmt: skip
    ended = f" in {_duration(described)}" if described.get("stopDate") else ""
    table(f"{described['status']}{ended}", ("state", "entered", "took", "retries", "error"), rows)
    if described.get("error"):
        out.print(plain(f"{described['error']}: {message_in(described.get('cause') or '')}", style="red"))
    elif described["status"] == "SUCCEEDED":
        out.print(f"Next: scripts/messages show {described['name'][:8]}")
    out.print(f"[dim]{arn}[/]", soft_wrap=True)


def _when(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def _duration(execution: dict[str, Any]) -> str:
    if not execution.get("stopDate"):
        return "running"
    return f"{(execution['stopDate'] - execution['startDate']).total_seconds():.2f} s"


if __name__ == "__main__":
    run(main)
