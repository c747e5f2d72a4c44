"""The doors of scripts/drift: list, show, run, accept."""

import argparse
import getpass
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agent_platform.drift.contracts import Report
from agent_platform.drift.reports import Reports
from agent_platform.moments import iso
from agent_platform.registry.manifests import Manifests

from operations.customers import companies, tenant_of
from operations.drift import words
from operations.drift.showing import list_all, show
from operations.pages.drift import page
from operations.stack import Stack
from operations.terminal import (
    Problem,
    arguments,
    began,
    confirmed,
    err,
    next_step,
    out,
    plain,
    print_json,
    run,
    step,
    with_account,
    with_json,
)

_EVERY_SECONDS = 1.0
_DAY = len("2026-11-21")
_NONE_YET = "No comparison was made yet. The first is made tonight; now: scripts/drift run"


def reports_of(stack: Stack) -> Reports:
    """The stack's reports."""
    return Reports(table=stack.outputs["DriftReports"], dynamodb=stack.dynamodb)


def newest(stack: Stack, tenants: Sequence[str], *, day: str | None = None) -> Iterator[Report]:
    """The newest reports of these tenants' agents, or those of a day."""
    words = [each["workflow"] for each in _manifests(stack).all()]
    for tenant in tenants:
        for word in words:
            yield from _of_day(reports_of(stack).newest(tenant, word, now=datetime.now(UTC)), day)


def _of_day(reports: Iterator[Report], day: str | None) -> Iterator[Report]:
    """The reports of one day, the newest if none is said, of those that come newest first."""
    for report in reports:
        day = day or report["as_of"][:_DAY]
        if report["as_of"][:_DAY] < day:
            return
        if report["as_of"].startswith(day):
            yield report


def _manifests(stack: Stack) -> Manifests:
    return Manifests(f"/referral-system/{stack.parameters['Environment']}/workflows", stack.client("ssm"))


def do_list(stack: Stack, given: argparse.Namespace) -> None:
    """What is known of every company's agents."""
    found = list(newest(stack, companies(stack)))
    if given.json:
        print_json(found)
    elif found:
        list_all(found)
        next_step("scripts/drift show --tenant NAME", given.account)
    else:
        out.print(_NONE_YET)


def do_show(stack: Stack, given: argparse.Namespace) -> None:
    """A company's newest reports, or those of a day."""
    found = _wanted(stack, given)
    if given.html:
        Path(given.html).write_text(page(found), encoding="utf-8")
        err.print(plain(f"Written: {given.html}"))
    elif given.json:
        print_json(found)
    else:
        for report in found:
            show(report)


def do_accept(stack: Stack, given: argparse.Namespace) -> None:
    """Take what drifted for the new normal."""
    drifted = [report for report in _wanted(stack, given) if report["verdict"] == "drifted"]
    if not drifted:
        raise Problem(f"Nothing of {given.tenant or 'this company'} drifted in the newest report: scripts/drift show")
    begins = [(report, _begin(report, given.since)) for report in drifted]
    for report, since in begins:
        out.print(plain(words.new_normal(report, since=since)))
    if not (given.yes or confirmed("Is that the new normal?")):
        return
    for report, since in begins:
        reports_of(stack).accept(report, since=since, by=given.by, reason=given.reason, now=datetime.now(UTC))


def _begin(report: Report, since: datetime | None) -> str:
    """From when on runs are normal: as asked, or from the report on, as most runs before it may be the old ones."""
    if since is None:
        return report["as_of"]
    if iso(since) > report["as_of"]:
        raise Problem(
            f"The report is of {report['as_of']}: what came after it, {iso(since)}, isn't known to be normal."
        )
    return iso(since)


def do_run(stack: Stack, given: argparse.Namespace) -> None:
    """Make today's comparison now."""
    states = stack.client("stepfunctions")
    started = states.start_execution(stateMachineArn=stack.outputs["DriftStateMachineArn"], input="{}")
    with step("compare"):
        while (found := states.describe_execution(executionArn=started["executionArn"]))["status"] == "RUNNING":
            time.sleep(_EVERY_SECONDS)
    if found["status"] != "SUCCEEDED":
        raise Problem(f"The comparison ended as {found['status']}: {found.get('error', 'unknown')}. "
                      f"The execution: {started['executionArn']}")  # fmt: skip
    do_list(stack, given)


def _wanted(stack: Stack, given: argparse.Namespace) -> list[Report]:
    found = list(newest(stack, [tenant_of(stack, given.tenant)], day=given.day))
    if not found:
        raise Problem(f"There is no report of {given.day}." if given.day else _NONE_YET)
    return found


def main(argv: Sequence[str]) -> None:
    """scripts/drift."""
    parser = arguments(
        "drift", "Whether what agents are given, or make of it, is as it was when their versions came into\n"
        "production. Compared every night.", account=False,
    )  # fmt: skip
    commands = parser.add_subparsers(dest="command", required=True)

    def command(name: str, do: Any, what: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=what, description=do.__doc__)
        with_account(made)
        made.set_defaults(do=do, json=False)
        return made

    with_json(command("list", do_list, "every agent's newest report, in a line"))
    shown = command("show", do_show, "what moved, with the three that moved furthest drawn")
    with_json(shown)
    shown.add_argument("--html", metavar="FILE", help="as one page that needs nothing else")
    accepted = command("accept", do_accept, "take what drifted for the new normal")
    accepted.add_argument("--reason", required=True, help="why; it is kept")
    accepted.add_argument(
        "--since",
        type=began,
        metavar="DAY",
        help="since when runs are as they are now: 2026-11-21, 24h or 7d (default: since the report)",
    )
    accepted.add_argument("--yes", action="store_true", help="don't ask")
    accepted.add_argument("--by", default=getpass.getuser(), help="who decided it (default: you)")
    for each in (shown, accepted):
        each.add_argument("--tenant", help="whose agents; may be left out where there is one company")
        each.add_argument("--day", help="of this day, such as 2026-11-21 (default: the newest)")
    with_json(command("run", do_run, "make today's comparison now"))
    given = parser.parse_args(argv)
    given.do(Stack(given.account), given)


if __name__ == "__main__":
    run(main)
