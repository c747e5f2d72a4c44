"""How the tour walks: it types commands, writes to new customers, and waits for what comes of it."""

import json
import shlex
import time
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from operations import sources
from operations.events import new_event_id, sample, send
from operations.seed import FIRST_SOURCE
from operations.stack import Stack
from operations.terminal import Problem, out, plain

AT_ONCE = 8
PATIENCE_SECONDS = 120


@dataclass(frozen=True)
class Written:
    """A customer who was written to: the CRM's id, the event's record, and its current outcome's message."""

    customer: str
    record: str
    message_id: str


def type_out(door: str, main: Callable[[Sequence[str]], Any], *argv: str) -> None:
    """Show a command as one would type it, and run it."""
    out.print(plain(f"\n$ scripts/{door} {shlex.join(argv)}", style="bold"), soft_wrap=True)
    main(argv)


def write_to(stack: Stack, customers: int) -> list[Written]:
    """Send an event about each of so many new customers, and wait until each has an outcome."""
    url, secret = f"{stack.api_url}/webhook/{FIRST_SOURCE}", sources.signing_secret(stack, FIRST_SOURCE)

    def told(_: int) -> tuple[str, str]:
        event = json.loads(sample("good-referral"))
        event["data"]["customer"]["id"] = f"cust-{uuid.uuid4().hex[:12]}"
        answer = send(url, secret, json.dumps(event), event_id=new_event_id())
        if answer.status != 202:
            raise Problem(f"The webhook answered {answer.status}: {answer.body.get('detail', '')}")
        return event["data"]["customer"]["id"], str(answer.body["receipt"]).replace(".", "#", 1)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        events = list(pool.map(told, range(customers)))

    def outcomes() -> list[Any]:
        return [(stack.records.receipt(record) or {}).get("outcome") for _, record in events]

    until(lambda: all(outcomes()), "an end of every run")
    return [Written(*event, outcome["execution"]) for event, outcome in zip(events, outcomes(), strict=True)]


def until(done: Callable[[], Any], what: str) -> None:
    """Wait until something is so; Problem if it isn't within two minutes."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not done():
        if time.monotonic() > deadline:
            raise Problem(f"After {PATIENCE_SECONDS} s there was still not {what}: scripts/executions list --failed")
        time.sleep(0.5)
