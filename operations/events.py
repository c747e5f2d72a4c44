"""Sending an event as a CRM would: signed, over HTTP, to the deployed API."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests
from standardwebhooks import Webhook

from operations import sources, stream
from operations.seed import FIRST_SOURCE
from operations.stack import ROOT, Stack
from operations.terminal import Problem, arguments, next_step, print_json, run

SAMPLES = ROOT / "events" / "crm"


@dataclass(frozen=True)
class Answer:
    """What the API said: the status, and its body, parsed."""

    status: int
    body: dict[str, Any]


def send(url: str, secret: str, body: str, *, event_id: str, forged: bool = False) -> Answer:
    """Sign a body per Standard Webhooks and post it; `forged` spoils the signature."""
    headers = signed(secret, body, event_id=event_id, forged=forged)
    answer = requests.post(url, data=body.encode(), headers=headers, timeout=30)
    try:
        said = answer.json()
    except ValueError:
        said = {"detail": answer.text[:200]}
    return Answer(answer.status_code, said)


def signed(secret: str, body: str, *, event_id: str, forged: bool = False) -> dict[str, str]:
    """The headers with which a body is posted now."""
    now = datetime.now(UTC)
    return {
        "Content-Type": "application/json",
        "webhook-id": event_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(event_id, now, body + (" " if forged else "")),
    }


def sample_names() -> list[str]:
    """The sample events that come with the project."""
    return sorted(path.stem for path in SAMPLES.glob("*.json"))


def sample(name: str) -> str:
    """The body of a sample event."""
    if name not in sample_names():
        raise Problem(f"No sample {name}. There are: {', '.join(sample_names())}")
    return (SAMPLES / f"{name}.json").read_text()


def new_event_id() -> str:
    """An id that no event has had."""
    return f"msg_{uuid.uuid4().hex}"


def _read(path: Path) -> str:
    """A file's text as it is: what is wrong with the event itself, the API says."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(f"{path} can't be read: {getattr(error, 'strerror', None) or 'it is not UTF-8'}") from None


def main(argv: Sequence[str]) -> int:
    """scripts/send-event."""
    parser = arguments(
        "send-event", "Sign an event and post it to the stack's webhook.\nsamples: " + ", ".join(sample_names())
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("file", nargs="?", type=Path, help="a JSON file with the event's body")
    what.add_argument("--sample", metavar="NAME", help="one of the samples")
    parser.add_argument("--source", default=FIRST_SOURCE, help=f"whose event it is (default: {FIRST_SOURCE})")
    parser.add_argument("--stream", action="store_true", help="put it into the stack's stream instead")
    parser.add_argument("--id", default=None, help="the webhook-id (default: a new one)")
    given = parser.parse_args(argv)
    body = _read(given.file) if given.file else sample(given.sample)
    stack = Stack(given.account)
    secret, event_id = sources.signing_secret(stack, given.source), given.id or new_event_id()
    if given.stream:
        print_json({"record": stream.put(stack, given.source, secret, body, event_id=event_id)})
        next_step("scripts/source refused", given.account)
        return 0
    answer = send(f"{stack.api_url}/webhook/{given.source}", secret, body, event_id=event_id)
    print_json({"status": answer.status, **answer.body})
    if answer.status != 202:
        return 1
    next_step(f"scripts/executions show {answer.body['receipt']}", given.account)
    return 0


if __name__ == "__main__":
    run(main)
