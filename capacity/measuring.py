"""capacity/bench.json: how long each state takes on the local AWS, whose models answer at once; kept in the repository.

The model takes only the spread from it, for a laptop is no Lambda: how much slower the slowest of twenty is than the
middle one.
"""

import json
import os
import time
import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from statistics import median, quantiles
from typing import Any

from capacity.inputs import HERE
from operations import events, executions, sources
from operations.seed import FIRST_SOURCE
from operations.stack import Stack
from operations.terminal import Problem

BENCH = HERE / "bench.json"
# The first ones start processes.
_WARMING = 5
_PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Spread:
    """One state's times in milliseconds."""

    median_ms: float
    p95_ms: float

    @property
    def factor(self) -> float:
        """How much slower the slowest of twenty is than the middle one."""
        return self.p95_ms / self.median_ms


@cache
def measured() -> dict[str, Spread]:
    """Each state's times as they are in the repository."""
    return {name: Spread(**each) for name, each in json.loads(BENCH.read_text())["states"].items()}


def about() -> str:
    """What was measured, when, and on what, in words."""
    read = json.loads(BENCH.read_text())
    return f"{read['runs']} runs on the local AWS, {read['cpus']} CPUs, {read['measured']}"


def measure(stack: Stack, runs: int) -> dict[str, Any]:
    """Send so many events, one after the other, and time the states of their runs."""
    if not stack.local:
        raise Problem("Only the local AWS is measured: its models answer at once.")
    times: dict[str, list[float]] = defaultdict(list)
    for place in range(runs + _WARMING):
        for step in executions.steps(executions.history(stack, _run(stack))):
            if step.seconds is not None and place >= _WARMING:
                times[step.state].append(1000 * step.seconds)
    states = {name: _spread(each) for name, each in times.items() if name in _TASKS}
    return {"measured": f"{datetime.now(UTC):%Y-%m-%d}", "cpus": os.cpu_count(), "runs": runs, "states": states}


_TASKS = ("Validate", "Enrich", "Retrieve", "Generate", "Judge", "Store")


def _spread(times: list[float]) -> dict[str, float]:
    return {"median_ms": round(median(times), 1), "p95_ms": round(quantiles(times, n=20)[-1], 1)}


def _run(stack: Stack) -> str:
    """The ARN of the run of one new customer's event, once it is over."""
    event = json.loads(events.sample("good-referral"))
    event["data"]["customer"]["id"] = f"bench-{uuid.uuid4().hex[:12]}"
    url, secret = f"{stack.api_url}/webhook/{FIRST_SOURCE}", sources.signing_secret(stack, FIRST_SOURCE)
    answer = events.send(url, secret, json.dumps(event), event_id=events.new_event_id())
    if answer.status != 202:
        raise Problem(f"The stack answered {answer.status}: {answer.body}")
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        found = stack.records.receipt(answer.body["receipt"].replace(".", "#", 1)) or {}
        if found.get("outcome") and found.get("executionArn"):
            return str(found["executionArn"])
        time.sleep(0.1)
    raise Problem(f"{answer.body['receipt']} came to no outcome in {_PATIENCE_SECONDS} s: scripts/executions list")
