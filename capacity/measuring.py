"""capacity/bench.json: how long each state takes on the local AWS, whose models answer at once; kept in the repository.

The model takes only the spread from it, for a laptop is no Lambda: how much slower the slowest of twenty is than the
middle one.
"""

import json
import math
import os
import time
import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping
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
# Of a normal distribution, where the slowest of twenty begins.
_P95 = 1.645
_TASKS = ("Validate", "Enrich", "Retrieve", "Generate", "Judge", "Store")


@dataclass(frozen=True)
class Spread:
    """One state's times in milliseconds."""

    median_ms: float
    p95_ms: float

    @property
    def factor(self) -> float:
        """How much slower the slowest of twenty is than the middle one."""
        return self.p95_ms / self.median_ms

    @property
    def mean_ms(self) -> float:
        """The mean of a lognormal distribution with these."""
        return self.median_ms * math.exp(sigma(self.factor) ** 2 / 2)


def sigma(factor: float) -> float:
    """Of a lognormal distribution whose slowest of twenty take so many times the median."""
    return math.log(factor) / _P95


@cache
def measured() -> dict[str, Spread]:
    """Each state's times as they are in the repository."""
    return spreads(json.loads(BENCH.read_text()))


def spreads(bench: Mapping[str, Any]) -> dict[str, Spread]:
    """Each state's times of one measurement."""
    return {name: Spread(**each) for name, each in bench["states"].items()}


def about() -> str:
    """What was measured, when, and on what, in words."""
    read = json.loads(BENCH.read_text())
    return f"{read['runs']} runs on the local AWS, {read['cpus']} CPUs, {read['measured']}"


def measure(stack: Stack, runs: int) -> dict[str, Any]:
    """Send so many events, one after the other; time their runs' states, what lies between, and the way to them."""
    if not stack.local:
        raise Problem("Only the local AWS is measured: its models answer at once.")
    times: dict[str, list[float]] = defaultdict(list)
    secret = sources.signing_secret(stack, FIRST_SOURCE)
    for place in range(runs + _WARMING):
        sent = time.time()
        history = executions.history(stack, concluded(stack, _send(stack, secret)))
        if place < _WARMING:
            continue
        for name, seconds in _timed(history, sent):
            times[name].append(1000 * seconds)
    about_it = {"measured": f"{datetime.now(UTC):%Y-%m-%d}", "cpus": os.cpu_count(), "runs": runs}
    on_the_way = {f"{name}_ms": round(median(times.pop(name)), 1) for name in ("start", "between")}
    return about_it | on_the_way | {"states": {name: _spread(each) for name, each in times.items()}}


def _timed(history: list[dict[str, Any]], sent: float) -> Iterator[tuple[str, float]]:
    began, ended = (history[place]["timestamp"].timestamp() for place in (0, -1))
    steps = (step for step in executions.steps(history) if step.state in _TASKS)
    states = [(step.state, step.seconds) for step in steps if step.seconds is not None]
    yield from states
    yield "start", began - sent
    yield "between", ended - began - sum(seconds for _, seconds in states)


def _spread(times: list[float]) -> dict[str, float]:
    return {"median_ms": round(median(times), 1), "p95_ms": round(quantiles(times, n=20)[-1], 1)}


def new_customer() -> str:
    """The body of an event that asks for a message to somebody who never had one."""
    event = json.loads(events.sample("good-referral"))
    event["data"]["customer"]["id"] = f"bench-{uuid.uuid4().hex[:12]}"
    return json.dumps(event)


def _send(stack: Stack, secret: str) -> str:
    url = f"{stack.api_url}/webhook/{FIRST_SOURCE}"
    answer = events.send(url, secret, new_customer(), event_id=events.new_event_id())
    return receipt(answer.status, answer.body)


def receipt(status: int, body: Mapping[str, Any]) -> str:
    """What was accepted, as the table of events has it."""
    if status != 202:
        raise Problem(f"The stack answered {status}: {body}")
    return str(body["receipt"]).replace(".", "#", 1)


def concluded(stack: Stack, receipt: str, *, within: float = 60, pause: float = 0.1) -> str:
    """The ARN of an event's run once it is over, looked for after each pause."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        found = stack.records.receipt(receipt) or {}
        if found.get("outcome") and found.get("executionArn"):
            return str(found["executionArn"])
        time.sleep(pause)
    raise Problem(f"{receipt} came to no outcome in {within:.0f} s: scripts/executions list")
