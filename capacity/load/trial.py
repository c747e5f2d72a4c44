"""One load test: few slots and slow models for a while, three rates of signed events, and what became of each."""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests

from capacity import measuring
from capacity.inputs import assumptions
from capacity.limits import STARTER
from capacity.load.figures import MODEL_SECONDS, SECONDS, SLOTS, Figures, Lived, Rate, measured
from capacity.load.forecast import events
from capacity.simulation.arrivals import Event
from operations import sources
from operations.events import new_event_id, signed
from operations.seed import FIRST_SOURCE
from operations.stack import ROOT, Stack
from operations.terminal import Problem

# Of what so many slots can write: half, nearly all, and half as much again.
_SHARES = (0.5, 0.9, 1.5)
_USERS, _BENCH_RUNS = 60, 40
_PATIENCE_SECONDS = 300
_LOCUST = ROOT / ".venvs" / "load" / "bin" / "locust"


def run(stack: Stack) -> dict[str, Any]:
    """Time the states with nothing else to do, then send at each rate and wait for everything: capacity/load.json."""
    if not stack.local:
        raise Problem("Load is for the local AWS alone.")
    subprocess.run([ROOT / "scripts" / "environments", "load"], check=True)
    load_average = round(os.getloadavg()[0], 1)
    bench = measuring.measure(stack, _BENCH_RUNS)
    with few_slots(stack), _slow_models(stack.local.model_endpoint):
        found = [_at(stack, rate) for rate in planned(bench)]
    return {"load_average": load_average, "bench": bench, "rates": [asdict(each) for each in found]}


def planned(bench: Mapping[str, Any]) -> list[float]:
    """The rates, by how long a run is open."""
    own = sum(each.mean_ms for each in measuring.spreads(bench).values()) + bench["between_ms"]
    return [round(share * SLOTS / (2 * MODEL_SECONDS + own / 1000), 2) for share in _SHARES]


@contextmanager
def few_slots(stack: Stack) -> Iterator[None]:
    """As a stack deployed with so many; what it was given comes back at the end."""
    found = stack.client("cloudformation").describe_stack_resource(
        StackName=stack.profile["stack_name"], LogicalResourceId=STARTER
    )
    client, name = stack.client("lambda"), found["StackResourceDetail"]["PhysicalResourceId"]
    own = client.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    few = own | {"MAX_OPEN_EXECUTIONS": str(SLOTS)}
    client.update_function_configuration(FunctionName=name, Environment={"Variables": few})
    try:
        yield
    finally:
        client.update_function_configuration(FunctionName=name, Environment={"Variables": own})


@contextmanager
def _slow_models(endpoint: str) -> Iterator[None]:
    control = f"{endpoint}/_control/faults"
    requests.post(control, json=[{"kind": "stall", "seconds": MODEL_SECONDS}], timeout=10).raise_for_status()
    try:
        yield
    finally:
        requests.delete(control, timeout=10).raise_for_status()


def _at(stack: Stack, a_second: float) -> Rate:
    secret = sources.signing_secret(stack, FIRST_SOURCE)
    answers = _posted([_post(stack, secret, event) for event in events(a_second)])
    begins = min(each["due"] for each in answers)
    lived = [_lived(stack, each, begins) for each in answers]
    return Rate(a_second, len(lived), _rounded(measured(lived)))


def _post(stack: Stack, secret: str, event: Event) -> dict[str, Any]:
    body, event_id = measuring.new_customer(), new_event_id()
    return {
        "at": event.sent,
        "again_after": assumptions()["times"]["sender_retries_after_seconds"],
        "url": f"{stack.api_url}/webhook/{FIRST_SOURCE}",
        "body": body,
        # Before it is sent: a signature is good for five minutes.
        "headers": signed(secret, body, event_id=event_id),
    }


def _posted(posts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        given, answers = Path(folder) / "posts.json", Path(folder) / "answers.json"
        given.write_text(json.dumps(posts), encoding="utf-8")
        bounds = ["--users", str(_USERS), "--spawn-rate", str(_USERS), "--run-time", f"{2 * SECONDS}s"]
        ended = subprocess.run(
            [_LOCUST, "--locustfile", Path(__file__).with_name("posting.py"), "--headless", "--only-summary", *bounds],
            env=os.environ | {"LOAD_POSTS": str(given), "LOAD_ANSWERS": str(answers)},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
        if ended.returncode or not answers.exists():
            raise Problem(f"locust did not send everything:\n{ended.stdout}")
        read: list[dict[str, Any]] = json.loads(answers.read_text(encoding="utf-8"))
    return read


def _lived(stack: Stack, answer: Mapping[str, Any], begins: float) -> Lived:
    arn = measuring.concluded(stack, measuring.receipt(answer["status"], json.loads(answer["said"])),
                              within=_PATIENCE_SECONDS, pause=0.5)  # fmt: skip
    found = stack.client("stepfunctions").describe_execution(executionArn=arn)
    if found["status"] != "SUCCEEDED":
        raise Problem(f"A run {found['status'].lower()}: scripts/executions show {arn}")
    return Lived(
        *(at - begins for at in (answer["due"], *(found[each].timestamp() for each in ("startDate", "stopDate"))))
    )


def _rounded(found: Figures) -> Figures:
    return Figures(round(found.median, 2), round(found.p95, 2), round(found.a_minute, 1), found.waiting)


def dated(found: Mapping[str, Any]) -> dict[str, Any]:
    """With the day on which it was found."""
    return {"measured": f"{datetime.now(UTC):%Y-%m-%d}", **found}
