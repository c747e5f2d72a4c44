"""What template.yaml and the state machine say of capacity: rates, concurrency, batches and retries, as they stand."""

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from operations.stack import ROOT

_PAGE = ROOT / "template.yaml"
_MACHINE = ROOT / "statemachines" / "outreach.asl.json"
_BULK = ROOT / "statemachines" / "bulk_ingest.asl.json"
_CONFIGS = ROOT / "agents"


@dataclass(frozen=True)
class Consumer:
    """How a function is fed by its queue: messages a batch, and how many of it run at once."""

    batch: int
    concurrency: int


@dataclass(frozen=True)
class Retry:
    """How a state waits after a failure that may pass: seconds, growing, at most so long, with full jitter."""

    interval: float
    rate: float
    longest: float
    attempts: int


def throttle() -> int:
    """Requests a second that the stage of the API lets in."""
    return int(_found(r"ThrottlingRateLimit: (\d+)", _PAGE.read_text()))


def consumer(function: str) -> Consumer:
    """How the queue of a function feeds it."""
    resource = _found(rf"^  {function}:\n((?:    .*\n|\n)*)", _PAGE.read_text())
    return Consumer(int(_found(r"BatchSize: (\d+)", resource)), int(_found(r"MaximumConcurrency: (\d+)", resource)))


def parameter(name: str) -> int:
    """A parameter that is a number, unless one says otherwise."""
    return int(_found(rf"^  {name}:\n(?:    .*\n)*?    Default: (\d+)$", _PAGE.read_text()))


@cache
def retries() -> dict[str, Retry]:
    """How each Task state tries again what is throttled."""
    return {
        name: _retry(next(each for each in state["Retry"] if "TransientError" in each["ErrorEquals"]))
        for name, state in json.loads(_MACHINE.read_text())["States"].items()
        if state["Type"] == "Task"
    }


def _retry(asl: dict[str, Any]) -> Retry:
    return Retry(asl["IntervalSeconds"], asl["BackoffRate"], asl["MaxDelaySeconds"], asl["MaxAttempts"])


def state_of_a_range() -> dict[str, Any]:
    """The state that takes in one range of an uploaded file."""
    [of_files] = [state for state in json.loads(_BULK.read_text())["States"].values() if state["Type"] == "Map"]
    [state] = of_files["ItemProcessor"]["States"].values()
    return dict(state)


@cache
def max_tokens(role: str) -> int:
    """The longest answer that the shipped writer or judge asks for: what Bedrock reserves until it has answered."""
    [config] = [each for each in map(_config, sorted(_CONFIGS.glob("*/config.json"))) if each["role"] == role]
    return int(config["inference"]["max_tokens"])


def _config(path: Any) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(path.read_text())
    return read


def _found(pattern: str, text: str) -> str:
    [found] = re.findall(pattern, text, re.MULTILINE)
    return str(found)
