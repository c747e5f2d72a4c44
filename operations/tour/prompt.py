"""A changed prompt on its way to all customers."""

import tempfile
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from agent_platform.registry.alias import PLATFORM
from agent_platform.registry.resolution import FRESH_SECONDS

from operations.agents import __main__ as agents
from operations.stack import ROOT, Stack
from operations.terminal import step
from operations.tour.walking import type_out, until, write_to

WRITER = "outreach-writer"
# So few that a laptop is done with them in a moment, hence a margin that no real rollout should have.
PAST, AT_A_TIME = 30, 20
PLAN = ("--steps", "50,100", "--margin", "20%", "--minimum-sample", "20", "--minimum-time", "1s", "--look-every", "20s",
        "--horizon", "2h", "--most-latency-ratio", "10")  # fmt: skip
# Beside the builds, which git doesn't see.
PAGE = ".aws-sam/evaluation.html"

_type = partial(type_out, "agents", agents.main)


def show_a_changed_prompt(stack: Stack) -> None:
    """Register a changed writer, evaluate it on what was written, and roll it out; each command, then its answer."""
    with step(f"write to {PAST} more customers, so that there is a past"):
        write_to(stack, PAST)
    version = _register_a_change(stack)
    production = stack.aliases.alias(f"{PLATFORM}#{WRITER}").production
    _type("diff", WRITER, str(production), str(version))
    type_out(
        "agents",
        agents.main,
        "evaluate",
        WRITER,
        str(version),
        "--last",
        str(PAST),
        "--margin",
        "15",
        "--page",
        PAGE,
        "--yes",
    )
    _type("rollout", WRITER, str(version), *PLAN, "--reason", "the tour")
    with step(f"wait until every running function has heard of it, {FRESH_SECONDS} s at most"):
        time.sleep(FRESH_SECONDS)
    with step("write to customers until it is decided"):
        until(lambda: _a_few_more_end_it(stack), "an end of the rollout")
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


def _a_few_more_end_it(stack: Stack) -> bool:
    write_to(stack, AT_A_TIME)
    return stack.aliases.alias(f"{PLATFORM}#{WRITER}").rollout is None
