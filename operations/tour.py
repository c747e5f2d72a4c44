"""The tour: a changed prompt on its way to all customers, by the commands that one would type oneself."""

import json
import shlex
import tempfile
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agent_platform.registry.alias import PLATFORM
from agent_platform.registry.resolution import FRESH_SECONDS

from operations import sources
from operations.agents import __main__ as agents
from operations.events import new_event_id, sample, send
from operations.seed import FIRST_SOURCE
from operations.stack import ROOT, Stack
from operations.terminal import Problem, out, plain, step

WRITER = "outreach-writer"
# So few that a laptop is done with them in a moment, hence a margin that no real rollout should have.
PAST, AT_A_TIME, AT_ONCE = 30, 20, 8
PLAN = ("--steps", "50,100", "--margin", "20%", "--minimum-sample", "20", "--minimum-time", "1s", "--look-every", "20s",
        "--horizon", "2h", "--most-latency-ratio", "10")  # fmt: skip
PATIENCE_SECONDS = 120
# Beside the builds, which git doesn't see.
PAGE = ".aws-sam/evaluation.html"


def show_the_way(stack: Stack) -> None:
    """Register a changed writer, evaluate it on what was written, and roll it out; each command, then its answer."""
    with step(f"write to {PAST} more customers, so that there is a past"):
        _write_to(stack, PAST)
    version = _register_a_change(stack)
    production = stack.aliases.alias(f"{PLATFORM}#{WRITER}").production
    _type("diff", WRITER, str(production), str(version))
    _type("evaluate", WRITER, str(version), "--last", str(PAST), "--margin", "15", "--page", PAGE, "--yes")
    _type("rollout", WRITER, str(version), *PLAN, "--reason", "the tour")
    with step(f"wait until every running function has heard of it, {FRESH_SECONDS} s at most"):
        time.sleep(FRESH_SECONDS)
    with step("write to customers until it is decided"):
        _until(lambda: _a_few_more_end_it(stack), "an end of the rollout")
    _type("status", WRITER)
    _type("list")


def _register_a_change(stack: Stack) -> int:
    """A copy of the writer's folder with one more sentence in its prompt; what becomes of it is the next version."""
    with tempfile.TemporaryDirectory() as folder:
        changed = Path(folder, WRITER)
        changed.mkdir()
        shipped = ROOT / "agents" / WRITER
        (changed / "config.json").write_text((shipped / "config.json").read_text())
        sentence = f"Thank the reader once, and no more often. (tour of {datetime.now(UTC):%Y-%m-%d %H:%M:%S})"
        (changed / "prompt.md").write_text(f"{(shipped / 'prompt.md').read_text()}\n{sentence}\n")
        _type("register", str(changed), "--label", "thanks once")
    return int(stack.registry.rows(f"{PLATFORM}#{WRITER}")[-1]["version"])


def _type(*argv: str) -> None:
    out.print(plain(f"\n$ scripts/agents {shlex.join(argv)}", style="bold"), soft_wrap=True)
    agents.main(argv)


def _write_to(stack: Stack, customers: int) -> None:
    """Send an event about each of so many new customers, and wait until each has an outcome."""
    url, secret = f"{stack.api_url}/webhook/{FIRST_SOURCE}", sources.signing_secret(stack, FIRST_SOURCE)

    def written(_: int) -> str:
        event = json.loads(sample("good-referral"))
        event["data"]["customer"]["id"] = f"cust-{uuid.uuid4().hex[:12]}"
        answer = send(url, secret, json.dumps(event), event_id=new_event_id())
        if answer.status != 202:
            raise Problem(f"The webhook answered {answer.status}: {answer.body.get('detail', '')}")
        return str(answer.body["receipt"]).replace(".", "#", 1)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        records = list(pool.map(written, range(customers)))
    _until(lambda: all("outcome" in (stack.records.receipt(record) or {}) for record in records), "an end of every run")


def _a_few_more_end_it(stack: Stack) -> bool:
    _write_to(stack, AT_A_TIME)
    return stack.aliases.alias(f"{PLATFORM}#{WRITER}").rollout is None


def _until(done: Callable[[], Any], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not done():
        if time.monotonic() > deadline:
            raise Problem(f"After {PATIENCE_SECONDS} s there was still not {what}: scripts/executions list --failed")
        time.sleep(0.5)
