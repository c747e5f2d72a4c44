"""The marketer's way to the texts: list, show and export what was written."""

import csv
import json
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from agent_platform.items import from_item, to_item
from agent_platform.tenants import SYNTHETIC
from outreach.feedback import blocking
from rich.text import Text

from operations.customers import companies
from operations.stack import Stack
from operations.terminal import (
    Problem,
    arguments,
    counted,
    money,
    out,
    plain,
    print_json,
    run,
    table,
    with_account,
    with_json,
)

STATUSES = ("approved", "pending_review", "declined", "rejected", "skipped", "superseded")
_REASONS = {
    "all": "the version has every message seen",
    "share": "it is of the share that is seen",
    "findings": "the draft has findings",
    "uncertain": "its score is uncertain",
    "new_segment": "it is among the first of its segment",
    "not_checked": "a claim couldn't be checked by code",
    "guard_error": "a guard failed",
}
_EXPORTED = ("messageId", "tenant", "asOf", "status", "purpose", "offerId", "customerId", "recipient", "locale",
             "subject", "text", "html", "score", "costMicros", "reason")  # fmt: skip


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


def reason(of: dict[str, Any]) -> str:
    """Why a message was not approved, in words."""
    if of.get("skip"):
        return f"{of['skip']['reason']}: {of['skip']['detail']}"
    if of["status"] == "rejected":
        findings = [f"{finding['kind']} {finding['result']}: {finding['text']}" for finding in blocking(of["findings"])]
        unlawful = of.get("law", {}).get("breaches", [])
        return "; ".join([*findings, *unlawful]) or f"score {of['score']:.1f}"
    if of["status"] == "pending_review":
        return waits_for(of["review"])
    if of["status"] == "declined":
        return f"a person declined it{_why(of['review'])}"
    return ""


def waits_for(review: dict[str, Any]) -> str:
    """Who must see a message before it may be sent, and why, in words."""
    seen_by = "a person" if review["needed"] == 1 else "two people"
    return f"waits for {seen_by} to see it: " + ", ".join(_REASONS.get(each, each) for each in review["reasons"])


def _why(review: dict[str, Any]) -> str:
    words = [review.get("decision", {}).get(name) for name in ("reason", "words")]
    return ": " + ", ".join(each.replace("_", " ") for each in words if each) if any(words) else ""


def became(of: dict[str, Any]) -> str:
    """What became of a message since it left, in the order in which it happened."""
    known = sorted(of.get("outcomes", {}).items(), key=lambda each: str(each[1]["at"]))
    return " · ".join(f"{kind} {each['at'][:16].replace('T', ' ')}" + _worth(each) for kind, each in known)


def written_from(of: dict[str, Any]) -> str:
    """Which past cases a message was written from, or why there were none."""
    if of.get("passages"):
        return "from past cases: " + ", ".join(of["passages"])
    return f"without past cases ({of.get('retrieval', 'unknown').replace('_', ' ')})"


def _worth(outcome: dict[str, Any]) -> str:
    return f" (worth {outcome['value']:g})" if "value" in outcome else ""


def show(of: dict[str, Any]) -> None:
    """One message as it would be sent, with what is known of it."""
    out.print(Text(of["status"], style="bold") + plain(
        f" {of['purpose']} to customer {of['customerId']} of {of['tenant']}, {of['asOf']}"
    ))  # fmt: skip
    if reason(of):
        out.print(plain(reason(of), style="yellow"))
    if became(of):
        out.print(plain(became(of), style="cyan"))
    if "text" not in of:
        return
    out.print(Text("\nTo:      ", style="dim") + plain(of["recipient"] or "-"))
    out.print(Text("Subject: ", style="dim") + plain(of["subject"], style="bold") + "\n")
    out.print(plain(of["text"]))
    agents = " · ".join(f"{role} {agent['agent_id']} v{agent['version']}" for role, agent in of["agents"].items())
    scores = ", ".join(f"{each['criterion']} {each['score']}" for each in of["scores"])
    took = f"{of['inputTokens']} + {of['outputTokens']} tokens, {money(of['costMicros'])}"
    tries = counted(len(of["attempts"]), "attempt")
    out.print(plain(f"\nscore {of['score']:.2f} ({scores}) · {tries} · {agents} · {took}", style="dim"))
    out.print(plain(written_from(of), style="dim"))
    if law := of.get("law"):
        place = law["country"] or "country not known"
        out.print(
            plain(f"held against {law['rules']} of {law['version']} ({place}), consent: {law['basis']}", style="dim")
        )


def main(argv: Sequence[str]) -> None:
    """scripts/messages."""
    parser = arguments("messages", "What was written, to whom, and why not where it wasn't.", account=False)
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
        sub.add_argument("--status", choices=STATUSES, help="in this state only")
    for sub in (lister, shower):
        with_json(sub)
    shower.add_argument("id", help="a receipt, or a message's id or its first characters")
    exporter.add_argument("--format", choices=["csv", "jsonl"], default="csv")
    given = parser.parse_args(argv)
    stack = Stack(given.account)
    if given.command == "show":
        found = message(stack, given.id)
        print_json(found) if given.json else show(found)
        return
    chosen = stored(stack, tenant=given.tenant, status=given.status)
    if given.command == "export":
        # Read whole before the first line is written: a file that only begins looks like an export.
        export(list(chosen), given.format)
    elif given.json:
        print_json([each | {"reason": reason(each)} for each in chosen])
    else:
        _list(chosen)


def export(messages: Sequence[dict[str, Any]], form: str) -> None:
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
            each["subject"] if each["status"] == "approved" else reason(each) or each.get("subject", ""),
        )
        for each in messages
    ]
    table("Messages", ("id", "time", "customer", "purpose", "status", "score", "subject, or reason"), rows)


if __name__ == "__main__":
    run(main)
