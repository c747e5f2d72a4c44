"""What became of messages: as their senders told it, what could not be attached, and a sender's part to try it out."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from agent_platform.errors import EventUnavailable
from agent_platform.ingest.receipts import reference_of
from agent_platform.moments import iso
from outreach.outcomes.kinds import KINDS

from operations import events, messages, sources, without_runs
from operations.message_words import became
from operations.seed import FIRST_SOURCE
from operations.stack import Stack
from operations.terminal import arguments, next_step, out, print_json, run, table, with_account, with_json

_WHOLE_ID = 64


def unknown(stack: Stack, *, now: datetime) -> list[dict[str, Any]]:
    """The outcomes of messages that nobody knows: when they came, what they tell, and the receipt of each event."""
    found = without_runs.failures(stack, error="UnknownMessage")
    return [
        {"recordedAt": each["recordedAt"], **_told(stack, each, now), "receipt": without_runs.receipt_of(each)}
        for each in found
    ]


def _told(stack: Stack, failure: dict[str, Any], now: datetime) -> dict[str, str]:
    receipt = stack.records.receipt(failure["record"])
    try:
        data = stack.records.body(reference_of(receipt), now=now)["data"] if receipt else {}
    except EventUnavailable:
        data = {}
    return {
        "source": receipt["source"] if receipt else "?",
        "outcome": data.get("outcome", "?"),
        "message_id": data.get("message_id", "its body isn't kept any more"),
    }


def send(stack: Stack, given: str, kind: str, *, value: float | None, source: str | None) -> events.Answer:
    """Tell the stack's webhook what became of a message, as its sender would; a whole id is sent as it is."""
    if len(given) == _WHOLE_ID:
        message_id, sender = given, source or FIRST_SOURCE
    else:
        found = messages.message(stack, given)
        message_id, sender = found["messageId"], source or found["source"]
    now = iso(datetime.now(UTC))
    data: dict[str, Any] = {"message_id": message_id, "outcome": kind, "time": now}
    event = {
        "type": "outcome.recorded",
        "version": 1,
        "timestamp": now,
        "data": data if value is None else data | {"value": value},
    }
    return events.send(
        f"{stack.api_url}/webhook/{sender}",
        sources.signing_secret(stack, sender),
        json.dumps(event),
        event_id=events.new_event_id(),
    )


def main(argv: Sequence[str]) -> int:
    """scripts/outcomes."""
    parser = arguments("outcomes", "What became of messages, as their senders tell it.", account=False)
    commands = parser.add_subparsers(dest="command", required=True)
    lister = commands.add_parser("list", help="what is known of which message", description="What is known so far.")
    lister.add_argument("--unknown", action="store_true", help="only what could not be attached to any message")
    lister.add_argument("--tenant", help="of this company only")
    sender = commands.add_parser("send", help="tell one, as a message's sender would", description="Tell one.")
    sender.add_argument("message", help="a receipt, or a message's id or its first characters")
    sender.add_argument("kind", choices=KINDS)
    sender.add_argument("--value", type=float, help="what it was worth, in the company's currency")
    sender.add_argument("--source", help="who tells it (default: the source of the message's event)")
    for sub in (lister, sender):
        with_account(sub)
    with_json(lister)
    given = parser.parse_args(argv)
    stack = Stack(given.account)
    if given.command == "send":
        return _send(stack, given)
    if given.unknown:
        _list_unknown(unknown(stack, now=datetime.now(UTC)), as_json=given.json)
    else:
        known = [each for each in messages.stored(stack, tenant=given.tenant) if each.get("outcomes")]
        _list(known, as_json=given.json)
    return 0


def _send(stack: Stack, given: Any) -> int:
    answer = send(stack, given.message, given.kind, value=given.value, source=given.source)
    print_json({"status": answer.status, **answer.body})
    if answer.status != 202:
        return 1
    next_step(f"scripts/messages show {given.message}", given.account)
    return 0


def _list(known: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        shown = ("messageId", "tenant", "customerId", "purpose", "outcomes", "settled")
        print_json([{name: each.get(name) for name in shown} for each in known])
        return
    rows = [
        (each["messageId"][:8], each["customerId"], each["purpose"], _settled(each), became(each)) for each in known
    ]
    table("What became of messages", ("id", "customer", "purpose", "counted as", "what"), rows)


def _settled(message: dict[str, Any]) -> str:
    settled = message.get("settled")
    if settled is None:
        return "not yet"
    return ", ".join(word for word in ("good", "harmed") if settled[word]) or "nothing came of it"


def _list_unknown(found: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        print_json(found)
        return
    rows = [(each["recordedAt"][:16].replace("T", " "), each["source"], each["outcome"], each["message_id"][:12],
             each["receipt"]) for each in found]  # fmt: skip
    table("Outcomes of unknown messages", ("recorded", "source", "outcome", "message", "receipt"), rows)
    if rows:
        out.print("Kept until the sender sends one again with the same webhook-id; then it is attached if its message "
                  "is there.", style="dim")  # fmt: skip


if __name__ == "__main__":
    run(main)
