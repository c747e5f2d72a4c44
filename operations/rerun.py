"""Running an event once more, or all that failed or were skipped alike: what was decided, and what to do next."""

import json
from argparse import Namespace
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, get_args

from agent_platform.ingest.receipts import Outcome, outcome_in
from agent_platform.ingest.reruns import RerunRefused, Reruns
from agent_platform.ingest.runs import Runs
from agent_platform.moments import iso
from agent_platform.references import EventReference
from outreach.contracts import SkipReason
from outreach.over_budget import OVER_BUDGET

from operations import budgets, without_runs
from operations.executions import execution_arn
from operations.failures import of_error
from operations.messages import stored
from operations.stack import Stack
from operations.terminal import Problem, arguments, began, confirmed, counted, money, next_step, out, plain, run, table

_WHY = {
    "unknown": "No event has the receipt {given}. Failed runs: scripts/executions list --failed",
    "noted": "{given} is a {eventType}: such an event starts no run, so there is none to start again. It was taken in "
    "({outcome[status]})",
    "failed before": "{given}, of type {eventType}, failed before any run began ({outcome[status]}), so there is none "
    "to repeat. Once that is mended, let the sender send it again with the same webhook-id, or, if it lies among the "
    "dead letters: scripts/redrive",
    "not started": "{given} was recorded at {receivedAt} and hasn't started yet: it waits in the queue, or among the "
    "dead letters: scripts/redrive",
    "still running": "Run {run} of {given} is still running: scripts/executions show {given}",
    "expired": "The body of {given}, received at {receivedAt}, isn't kept any more (RetentionDays), so there is "
    "nothing to run. Let the CRM send the event again with a new id",
    "approved": "{given} has an approved message, which may have been sent: scripts/messages show {given}. "
    "To write another in its place: scripts/rerun {given} --replace",
    "overtaken": "Somebody else started the next run of {given}: scripts/executions show {given}",
}


def record_of(stack: Stack, given: str) -> str:
    """The key of the event behind a receipt, an execution's ARN or name, or the first characters of one."""
    if "." in given and not given.startswith("arn:"):
        return given.replace(".", "#", 1)
    arn = execution_arn(stack, given)
    described = stack.client("stepfunctions").describe_execution(executionArn=arn)
    return EventReference.of(json.loads(described["input"])).record


def rerun(stack: Stack, given: str, *, replacing: bool) -> tuple[EventReference, Outcome | None]:
    """Start the event's next run; its reference, and the outcome that is current until it ends. Problem if refused."""
    record = record_of(stack, given)
    reruns = Reruns(stack.records, Runs(stepfunctions=stack.client("stepfunctions")))
    try:
        started = reruns.rerun(record, replacing=replacing, now=datetime.now(UTC))
    except RerunRefused as refused:
        told = {"run": 1, "given": record.replace("#", ".", 1)} | refused.receipt
        raise Problem(_WHY[refused.reason].format_map(told)) from None
    return started, outcome_in(stack.records.receipt(record) or {})


def skipped(stack: Stack, reason: str, *, since: datetime | None) -> list[dict[str, Any]]:
    """The events that were skipped for a reason and are still, the oldest first, by what is stored of them."""
    found = [each for each in stored(stack, status="skipped") if each["skip"]["reason"] == reason]
    return sorted(
        (each for each in found if since is None or each["asOf"] >= iso(since)), key=lambda each: each["asOf"]
    )


def rerun_all(stack: Stack, events: Sequence[Mapping[str, Any]]) -> None:
    """Start the next run of each; Problem at the end if any was refused, which stops no other."""
    refused = 0
    for each in events:
        try:
            started, _ = rerun(stack, each["receipt"], replacing=False)
        except Problem as problem:
            refused += 1
            out.print(plain(f"✗ {problem}", "yellow"), soft_wrap=True)
        else:
            out.print(f"[green]✓[/] started run {started.run} of {started.receipt}", soft_wrap=True)
    if refused:
        raise Problem(f"{refused} of {len(events)} were not started; the others were")


def _take_up(stack: Stack, given: Namespace) -> None:
    events, told = skipped(stack, given.skipped, since=given.since), ""
    if not events:
        out.print(f"Nothing is skipped for {given.skipped}.")
        return
    rows = [(each["receipt"], _when(each["asOf"]), each["purpose"], each["customerId"]) for each in events]
    table(f"Skipped for {given.skipped}", ("receipt", "at (UTC)", "purpose", "customer"), rows)
    if given.skipped == OVER_BUDGET:
        left = _left(stack, {str(each["tenant"]) for each in events})
        events = [each for each in events if each["tenant"] in left]
        told = ", ".join(f"{tenant} may still spend {money(micros)} today" for tenant, micros in left.items()) + ". "
    _ask(stack, events, given, told)


def _left(stack: Stack, tenants: Iterable[str]) -> dict[str, int]:
    """What each of these may still spend on runs today; who may spend nothing is told so, Problem if that is all."""
    now = datetime.now(UTC)
    runs = {tenant: next(budgets.lines(stack, tenant, now=now)) for tenant in sorted(tenants)}
    whens = {"day": "today", "month": "this month"}
    spent = [
        f"{tenant} still has no budget {whens[line.reached]}: scripts/costs budget {tenant} --{line.reached} USD"
        for tenant, line in runs.items() if line.reached
    ]  # fmt: skip
    if len(spent) == len(runs):
        raise Problem("\n".join(spent))
    for told in spent:
        out.print(plain(f"✗ {told}", "yellow"), soft_wrap=True)
    return {tenant: line.left for tenant, line in runs.items() if not line.reached}


def _take_up_failed(stack: Stack, given: Namespace) -> None:
    failures = of_error(stack, given.failed, since=given.since)
    if not failures:
        out.print(f"No run that failed with {given.failed} is to be taken up: scripts/executions list --failed")
        return
    events = [each | {"receipt": without_runs.receipt_of(each)} for each in failures]
    rows = [(each["receipt"], _when(each["recordedAt"]), each["state"] or "", each["cause"]) for each in events]
    table(f"Failed with {given.failed}", ("receipt", "at (UTC)", "state", "why"), rows)
    _ask(stack, events, given, "")


def _ask(stack: Stack, events: Sequence[Mapping[str, Any]], given: Namespace, told: str) -> None:
    if given.yes or confirmed(f"{told}Run {counted(len(events), 'event')} again?"):
        rerun_all(stack, events)
        next_step("scripts/messages list", given.account)


def _when(moment: str) -> str:
    return moment[:19].replace("T", " ")


def _run_again(stack: Stack, given: Namespace) -> None:
    started, before = rerun(stack, given.id, replacing=given.replace)
    out.print(f"[green]✓[/] started run {started.run} of {started.receipt}", soft_wrap=True)
    if before:
        told = f"{before.status} message" if before.kind == "message" else f"failure, {before.status},"
        out.print(plain(f"  the {told} of run {before.run} stays the event's outcome until this run has one", "dim"))
    next_step(f"scripts/executions show {started.receipt}", given.account)


def main(argv: Sequence[str]) -> None:
    """scripts/rerun."""
    parser = arguments("rerun", "Run an event once more, from its recorded body, as a new execution.")
    chosen = parser.add_mutually_exclusive_group(required=True)
    chosen.add_argument("id", nargs="?", help="a receipt, an execution's name (or its first characters), or its ARN")
    chosen.add_argument("--skipped", choices=get_args(SkipReason), metavar="REASON",
                        help="all that was skipped for a reason, such as over_budget")  # fmt: skip
    chosen.add_argument("--failed", metavar="ERROR", help="all that failed with an error, such as ModelRefused")
    parser.add_argument("--since", type=began, help="with --skipped and --failed: 90m, 24h, 7d or a day (default: all)")
    parser.add_argument("--yes", action="store_true", help="with --skipped and --failed: don't ask")
    parser.add_argument("--replace", action="store_true", help="also where an approved message exists")
    given = parser.parse_args(argv)
    take_up = _take_up if given.skipped else _take_up_failed if given.failed else _run_again
    take_up(Stack(given.account), given)


if __name__ == "__main__":
    run(main)
