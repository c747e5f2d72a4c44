"""The marketer's way to the texts: list, show and export what was written."""

import csv
import json
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from agent_platform.items import from_item, to_item
from agent_platform.tenants import SYNTHETIC

from operations.customers import companies
from operations.message_showing import show
from operations.message_words import reason
from operations.pages.message import page
from operations.stack import Stack
from operations.terminal import (
    Problem,
    arguments,
    next_step,
    print_json,
    run,
    table,
    with_account,
    with_json,
)

STATUSES = ("approved", "pending_review", "declined", "rejected", "skipped", "superseded")
# A mail without these isn't what its law check has read: who sends from the file sets them, each as it stands.
_HEADERS = ("List-Unsubscribe", "List-Unsubscribe-Post")
_EXPORTED = ("messageId", "tenant", "asOf", "status", "purpose", "offerId", "customerId", "recipient", "locale",
             "subject", "text", "html", *_HEADERS, "score", "costMicros", "reason")  # fmt: skip


def stored(stack: Stack, *, tenant: str | None = None, status: str | None = None) -> Iterator[dict[str, Any]]:
    """The messages of one tenant, or of every company's, newest first within each."""
    tenants = companies(stack)
    if tenant not in (None, SYNTHETIC, *tenants):
        raise Problem(f"There is no tenant {tenant}. There are: {', '.join(tenants)}")
    for each in [tenant] if tenant else tenants:
        pages = stack.dynamodb.get_paginator("query").paginate(
            TableName=stack.outputs["OutreachMessages"],
            IndexName="ByTime",
            KeyConditionExpression="tenant = :tenant",
            ExpressionAttributeValues=to_item({":tenant": each}),
            ScanIndexForward=False,
        )
        found = (from_item(item) for page in pages for item in page["Items"])
        # DynamoDB deletes expired items within days, not at once.
        kept = (message for message in found if message["expiresAt"] > time.time())
        yield from (message for message in kept if status in (None, message["status"]))


def message(stack: Stack, given: str) -> dict[str, Any]:
    """One message by its receipt, its id or the first characters of it; Problem if none or several fit."""
    known = "receipt" if "." in given else "messageId"
    found = [
        each
        for each in chain(stored(stack), stored(stack, tenant=SYNTHETIC))
        if each[known].startswith(given) and each["status"] != "superseded"
    ]
    if len(found) != 1:
        raise Problem(f"{len(found) or 'No'} messages begin with {given}. Ids: scripts/messages list")
    return found[0]


def main(argv: Sequence[str]) -> None:
    """scripts/messages."""
    parser = arguments("messages", "What was written, to whom, and why not where it wasn't.", account=False)
    commands = parser.add_subparsers(dest="command", required=True)
    lister = commands.add_parser("list", help="the messages, newest first", description="The messages, newest first.")
    shower = commands.add_parser("show", help="one message, whole", description="One message, whole.")
    exporter = commands.add_parser(
        "export", help="CSV or JSON Lines on stdout", description="CSV or JSON Lines on stdout."
    )
    pager = commands.add_parser("page", help="one message as a page", description="One message as an HTML page.")
    for sub in (lister, shower, pager, exporter):
        with_account(sub)
    for sub in (lister, exporter):
        sub.add_argument("--tenant", help="of this company only")
        sub.add_argument("--status", choices=STATUSES, help="in this state only")
    for sub in (lister, shower):
        with_json(sub)
    for sub in (shower, pager):
        sub.add_argument("id", help="a receipt, or a message's id or its first characters")
    pager.add_argument("--out", type=Path, metavar="FILE", help="where to write it (default: message-ID.html)")
    exporter.add_argument("--format", choices=["csv", "jsonl"], default="csv")
    given = parser.parse_args(argv)
    stack = Stack(given.account)
    if given.command == "show":
        found = message(stack, given.id)
        print_json(found) if given.json else show(found)
        return
    if given.command == "page":
        _write_page(message(stack, given.id), given.out)
        return
    chosen = stored(stack, tenant=given.tenant, status=given.status)
    if given.command == "export":
        # Read whole before the first line is written: a file that only begins looks like an export.
        export(list(chosen), given.format)
    elif given.json:
        print_json([each | {"reason": reason(each)} for each in chosen])
    else:
        _list(chosen)


def _write_page(of: dict[str, Any], given: Path | None) -> None:
    path = given or Path(f"message-{of['messageId'][:8]}.html")
    if path.is_dir() or not path.parent.is_dir():
        raise Problem(f"--out takes the name of a file in a directory that is there, and {path} is none")
    path.write_text(page(of), encoding="utf-8")
    next_step(f"open {path} in a browser", "local")


def export(messages: Sequence[dict[str, Any]], form: str) -> None:
    """Write messages to stdout as CSV, which spreadsheets open, or as JSON Lines with everything."""
    if form == "jsonl":
        for each in messages:
            sys.stdout.write(json.dumps(each, ensure_ascii=False) + "\n")
        return
    writer = csv.DictWriter(sys.stdout, _EXPORTED, extrasaction="ignore", restval="")
    writer.writeheader()
    for each in messages:
        cells = each | each.get("headers", {}) | {"reason": reason(each)}
        writer.writerow({name: _cell(value) for name, value in cells.items()})


def _cell(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula is disarmed by an apostrophe."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" and value[:1] else value


def _list(messages: Iterator[dict[str, Any]]) -> None:
    rows = [
        (
            each["messageId"][:8],
            each["asOf"][5:16].replace("T", " "),
            each["customerId"],
            each["purpose"],
            each["status"],
            f"{each['score']:.1f}" if "score" in each else "",
            each["subject"] if each["status"] == "approved" else reason(each) or each.get("subject", ""),
        )
        for each in messages
    ]
    table("Messages", ("id", "time", "customer", "purpose", "status", "score", "subject, or reason"), rows)


if __name__ == "__main__":
    run(main)
