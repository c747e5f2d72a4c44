"""P7: an evaluation's wall time ÷ the time that its model calls alone take, so many at once.

The model waits a fifth of a second before it makes its answer; how long each call took is the model's own count, for it
works on the same cores as everything else. The requests are one recorded run's, under as many names as are wanted.
"""

import contextlib
import json
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from unittest import mock

import requests as http
from agent_platform.items import from_item
from agent_platform.recordings import Recording, put_recording
from agent_platform.registry.alias import PLATFORM

from local_aws import service
from operations import deployment, events, sources
from operations.agents import evaluating
from operations.seed import FIRST_SOURCE, seed
from operations.stack import ROOT, Stack
from tests.bench.pairs import Figure

REQUESTS, WARMING = 200, 40
LATENCY_SECONDS = 0.2
# Two drafts and two verdicts of each.
CALLS = 4 * REQUESTS
# How many calls at once, and the most that the ratio may be; two cores bear no twenty functions without delay.
LIMITS = {1: 1.10, 5: 1.10, 20: None}
WRITER = "outreach-writer"
PATIENCE_SECONDS = 60


def figures() -> Iterator[Figure]:
    """Wall time at each concurrency; every evaluation is one of its own, by its seed."""
    with _stack() as stack:
        _record(stack)
        candidate = _second_version(stack)
        # Once for the processes that have to start and for their caches.
        _evaluated(stack, candidate, requests=WARMING, at_once=max(LIMITS), seed=len(LIMITS))
        for seed_, (at_once, limit) in enumerate(LIMITS.items()):
            seconds = _evaluated(stack, candidate, requests=REQUESTS, at_once=at_once, seed=seed_)
            answering = _answering(stack)
            name = f"evaluation of {REQUESTS} requests ÷ its model calls alone"
            yield Figure(name, [seconds], [answering / at_once], limit, f"{at_once} at once")


def _evaluated(stack: Stack, candidate: int, *, requests: int, at_once: int, seed: int) -> float:
    wanted = {
        "agent_id": f"{PLATFORM}#{WRITER}",
        "candidate": candidate,
        "tenants": ["greenedge"],
        "until": datetime.now(UTC).isoformat(),
        "last": requests,
        "seed": seed,
        "concurrency": at_once,
    }
    plan = evaluating.estimate(stack, wanted)
    if plan["left"] != requests:
        raise RuntimeError(f"{requests} requests expected: {plan}")
    began = time.perf_counter()
    result = evaluating.run(stack, wanted, plan, follow=_ended)
    seconds = time.perf_counter() - began
    if result["pairs"] != requests:
        raise RuntimeError(f"{requests} pairs expected, {result['pairs']} written, failed: {result['failed']}")
    return seconds


def _answering(stack: Stack) -> float:
    """How many seconds the model took for the calls of the evaluation that has just ended."""
    assert stack.local
    listed = http.get(f"{stack.local.model_endpoint}/_control/calls", timeout=10).json()["calls"][-CALLS:]
    calls = [call for call in listed if call["operation"] == "Converse" and call["fault"] == "stall"]
    if len(calls) != CALLS:
        raise RuntimeError(f"{CALLS} slow calls expected, {len(calls)} found")
    return sum(float(call["latency_ms"]) for call in calls) / 1000


def _ended(states: Any, arn: str) -> dict[str, Any]:
    while True:
        described: dict[str, Any] = states.describe_execution(executionArn=arn)
        if described["status"] != "RUNNING":
            return described
        time.sleep(0.02)


@contextlib.contextmanager
def _stack() -> Iterator[Stack]:
    with tempfile.TemporaryDirectory() as home, mock.patch.dict(os.environ, {"LOCAL_AWS_HOME": home}):
        running = service.up("offline")
        try:
            deployment.deploy("local")
            stack = Stack("local")
            list(seed(stack))
            yield _slowed(stack, running.model_endpoint)
        finally:
            service.down()


def _slowed(stack: Stack, model: str) -> Stack:
    slow = [{"kind": "stall", "seconds": LATENCY_SECONDS}]
    http.post(f"{model}/_control/faults", json=slow, timeout=10).raise_for_status()
    return stack


def _record(stack: Stack) -> None:
    """Let the workflow write one message, and keep its recording under as many names as there are to be requests."""
    body, secret = events.sample("good-referral"), sources.signing_secret(stack, FIRST_SOURCE)
    events.send(f"{stack.api_url}/webhook/{FIRST_SOURCE}", secret, body, event_id=events.new_event_id())
    table, deadline = stack.outputs["Recordings"], time.monotonic() + PATIENCE_SECONDS
    while not (items := stack.dynamodb.scan(TableName=table)["Items"]):
        if time.monotonic() > deadline:
            raise RuntimeError("no recording came about")
        time.sleep(0.2)
    [row] = map(from_item, items)
    first = Recording.of(row)
    for number in range(1, REQUESTS):
        named = replace(first, message_id=f"{number:064x}")
        stack.dynamodb.put_item(**put_recording(named, table=table, expires_at=row["expiresAt"])["Put"])


def _second_version(stack: Stack) -> int:
    folder = ROOT / "agents" / WRITER
    made = stack.registry.register(
        json.loads((folder / "config.json").read_text()),
        (folder / "prompt.md").read_text() + "\nBe brief.\n",
        owner=PLATFORM,
        allowed_models=stack.outputs["Models"].split(","),
        now=datetime.now(UTC),
    )
    return made.version
