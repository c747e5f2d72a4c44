"""scripts/review."""

import subprocess
import sys
import tempfile
import termios
import tty
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from os import environ
from pathlib import Path

from agent_platform.moments import iso
from agent_platform.reviews.records import ReviewRecords
from agent_platform.reviews.reviewers import Reviewers
from outreach.recorded import WORKFLOW

from operations.customers import companies
from operations.reviewing.deciding import Keyboard, sit
from operations.reviewing.desk import Desk
from operations.reviewing.figures import agreement_of, figures
from operations.stack import Stack
from operations.terminal import Problem, arguments, began, counted, err, out, print_json, run, table, with_json


def main(argv: Sequence[str]) -> None:
    """scripts/review."""
    parser = arguments("review", "The messages that wait for a person: see them, and decide by the keyboard alone.")
    what = "sit at the desk (default), report how reviews go, or bind a role to a company"
    parser.add_argument("command", nargs="?", choices=["sit", "report", "bind"], default="sit", help=what)
    parser.add_argument("--tenant", required=True, help="whose messages")
    parser.add_argument("--as", dest="reviewer", metavar="NAME", help="sit: who decides; nobody sees a message twice")
    parser.add_argument("--role", metavar="ACCOUNT/ROLE", help="bind: whose signed requests review for the company")
    parser.add_argument("--since", type=began, help="report: 24h, 7d or a day (default: 30d)")
    with_json(parser)
    given = parser.parse_args(argv)
    stack = Stack(given.account)
    if given.tenant not in companies(stack):
        raise Problem(f"There is no tenant {given.tenant}. There are: {', '.join(companies(stack))}")
    if given.command == "report":
        _report(stack, given.tenant, given.since or datetime.now(UTC) - timedelta(days=30), as_json=given.json)
    elif given.command == "bind":
        _bind(stack, given.tenant, given.role)
    else:
        _sit(stack, given.tenant, given.reviewer)


def _sit(stack: Stack, tenant: str, reviewer: str | None) -> None:
    if not reviewer:
        raise Problem("Who decides? Add --as NAME")
    if not sys.stdin.isatty():
        raise Problem("There is no keyboard here. Without one, ask the API: GET /reviews/next")
    decided = sit(Desk(stack, tenant, reviewer), Keyboard(_key, err.input, _edited))
    err.print(f"{counted(decided, 'message')} decided")


def _bind(stack: Stack, tenant: str, role: str | None) -> None:
    account, _, name = (role or "").partition("/")
    if not (account.isdigit() and len(account) == 12 and name):
        raise Problem("Which role? Add --role 123456789012/ReviewersOfTheCompany")
    Reviewers(table=stack.outputs["Reviews"], dynamodb=stack.dynamodb).bind(f"{account}/{name}", tenant)
    err.print(f"Who takes the role {name} of {account} reviews for {tenant}, and for no other company.")


def _report(stack: Stack, tenant: str, since: datetime, *, as_json: bool) -> None:
    records = ReviewRecords(table=stack.outputs["Reviews"], dynamodb=stack.dynamodb)
    found = figures(records.decisions(tenant, WORKFLOW, since=iso(since)))
    if as_json:
        print_json(asdict(found) | {"agreement": found.agreement})
        return
    out.print(f"{counted(found.items, 'message')} of {tenant} decided on since {since:%Y-%m-%d}")
    for name, of in (("verdict", found.verdicts), ("reason", found.reasons)):
        if of:
            table(f"By {name}", (name, "decisions"), [(each, str(times)) for each, times in of.most_common()])
    out.print(agreement_of(found))
    rows = [(name, str(many), f"{seconds:.0f} s") for name, (many, seconds) in found.by_reviewer.items()]
    table("Time in hand", ("reviewer", "decisions", "median"), rows)


def _key() -> str:
    """One key, as it is pressed; Ctrl-C interrupts as everywhere."""
    before = termios.tcgetattr(sys.stdin)
    try:
        tty.setcbreak(sys.stdin)
        return sys.stdin.read(1).lower()
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


def _edited(text: str) -> str:
    """A text as the person's editor left it; it is on no disk afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "message.md")
        file.write_text(text)
        subprocess.run([*environ.get("EDITOR", "vi").split(), str(file)], check=True)
        return file.read_text()


if __name__ == "__main__":
    run(main)
