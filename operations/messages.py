"""The marketer's way to the texts: list, show and export what was written."""

import csv
import json
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from agent_platform.items import from_item, to_item
from outreach.feedback import blocking
from rich.markup import escape

from operations.stack import Stack
from operations.terminal import Problem, arguments, counted, money, out, print_json, run, table, with_account, with_json

_EXPORTED = ("messageId", "tenant", "asOf", "status", "purpose", "offerId", "customerId", "recipient", "locale",
             "subject", "text", "html", "score", "costMicros", "reason")  # fmt: skip


def stored(stack: Stack, *, tenant: str | None = None, status: str | None = None) -> Iterator[dict[str, Any]]:
    """The stack's messages, newest first within each tenant."""
    tenants = [tenant] if tenant else sorted({source.tenant for source in stack.sources.all()})
    for each in tenants:
        pages = stack.dynamodb.get_paginator("query").paginate(
            TableName=stack.outputs["OutreachMessages"],
            IndexName="ByTime",
            KeyConditionExpression="tenant = :tenant",
            ExpressionAttributeValues=to_item({":tenant": each}),
            ScanIndexForward=False,
        )
        found = (from_item(item) for page in pages for item in page["Items"])
        yield from (message for message in found if status in (None, message["status"]))


def message(stack: Stack, given: str) -> dict[str, Any]:
    """One message by its id or the first characters of it; Problem if none or several begin so."""
    found = [each for each in stored(stack) if each["messageId"].startswith(given)]
    if len(found) != 1:
        raise Problem(f"{len(found) or 'No'} messages begin with {given}. Ids: scripts/messages list")
    return found[0]


def reason(of: dict[str, Any]) -> str:
    """Why a message was not approved, in words."""
    if of.get("skip"):
        return f"{of['skip']['reason']}: {of['skip']['detail']}"
    if of["status"] == "rejected":
        findings = [f"{finding['kind']} {finding['result']}: {finding['text']}" for finding in blocking(of["findings"])]
        return "; ".join(findings) or f"score {of['score']:.1f}"
    return ""


def show(of: dict[str, Any]) -> None:
    """One message as it would be sent, with what is known of it."""
    out.print(f"[bold]{of['status']}[/] {of['purpose']} to customer {of['customerId']} of {of['tenant']}, {of['asOf']}")
    if of["status"] == "skipped" or reason(of):
        out.print(f"[yellow]{escape(reason(of))}[/]")
    if "text" not in of:
        return
    out.print(
        f"\n[dim]To:[/]      {escape(of['recipient'] or '-')}\n[dim]Subject:[/] [bold]{escape(of['subject'])}[/]\n"
    )
    out.print(escape(of["text"]))
    agents = " · ".join(f"{role} {agent['agent_id']} v{agent['version']}" for role, agent in of["agents"].items())
    scores = ", ".join(f"{each['criterion']} {each['score']}" for each in of["attempts"][-1]["scores"])
    out.print(f"\n[dim]score {of['score']:.2f} ({scores}) · {counted(len(of['attempts']), 'attempt')} · {agents} · "
              f"{of['inputTokens']} + {of['outputTokens']} tokens, {money(of['costMicros'])}[/]")  # fmt: skip


def main(argv: Sequence[str]) -> None:
    """scripts/messages."""
    parser = arguments("What was written, to whom, and why not where it wasn't.", account=False)
    commands = parser.add_subparsers(dest="command", required=True)
    lister = commands.add_parser("list", help="the messages, newest first", description="The messages, newest first.")
    shower = commands.add_parser("show", help="one message, whole", description="One message, whole.")
    exporter = commands.add_parser(
        "export", help="CSV or JSON Lines on stdout", description="CSV or JSON Lines on stdout."
    )
    for sub in (lister, shower, exporter):
        with_account(sub)
    for sub in (lister, exporter):
        sub.add_argument("--tenant", help="of this company only")
        sub.add_argument("--status", help="approved, rejected, skipped or superseded")
    for sub in (lister, shower):
        with_json(sub)
    shower.add_argument("id", help="the message's id, or the first characters of it")
    exporter.add_argument("--format", choices=["csv", "jsonl"], default="csv")
    given = parser.parse_args(argv)
    stack = Stack(given.account)
    if given.command == "show":
        found = message(stack, given.id)
        print_json(found) if given.json else show(found)
        return
    chosen = stored(stack, tenant=given.tenant, status=given.status)
    if given.command == "export":
        export(chosen, given.format)
    elif given.json:
        print_json(list(chosen))
    else:
        _list(chosen)


def export(messages: Iterator[dict[str, Any]], form: str) -> None:
    """Write messages to stdout as CSV, which spreadsheets open, or as JSON Lines with everything."""
    if form == "jsonl":
        for each in messages:
            sys.stdout.write(json.dumps(each, ensure_ascii=False) + "\n")
        return
    writer = csv.DictWriter(sys.stdout, _EXPORTED, extrasaction="ignore", restval="")
    writer.writeheader()
    for each in messages:
        writer.writerow({name: _cell(value) for name, value in (each | {"reason": reason(each)}).items()})


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
            escape(each.get("subject", reason(each))),
        )
        for each in messages
    ]
    table("Messages", ("id", "time", "customer", "purpose", "status", "score", "subject, or reason"), rows)


if __name__ == "__main__":
    run(main)
