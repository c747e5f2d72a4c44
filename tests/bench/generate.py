"""P3: a warm Generate ÷ one function in this process that makes the same AWS and model calls; and telemetry's share.

The document is a real run's, as its history has it. The models answer at once, so that what our own code adds to their
calls, and what its logs and metrics add to that, can't hide behind their latency.
"""

import json
import time
import uuid
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest import mock

from agent_platform import telemetry

from operations import events, sources
from operations.executions import history
from operations.seed import FIRST_SOURCE
from operations.stack import Stack
from tests.bench.pairs import Figure, measured
from tests.bench.warm import Calls, loaded, seconds, seeded_stack

PAIRS, REQUESTS = 15, 20
LIMIT, LIMIT_OF_TELEMETRY = 1.15, 1.10
FUNCTION, STATE = "OutreachGenerateFunction", "Generate"
SERVICES = ("bedrock-runtime", "dynamodb", "s3")
PATIENCE_SECONDS = 60


def figures() -> Iterator[Figure]:
    """The handler against its calls alone, and with its telemetry against without."""
    with seeded_stack() as stack, loaded(stack, FUNCTION) as app:
        state = _input_of_a_run(stack)
        calls = Calls.made_by(lambda: _write(app, state), *SERVICES)
        yield measured(
            f"warm Generate ÷ its {len(calls.noted)} calls alone",
            lambda: _written(app, state),
            lambda: seconds(calls.make, lambda: _renewed(calls), times=REQUESTS),
            pairs=PAIRS,
            limit=LIMIT,
        )
        yield measured(
            "warm Generate with telemetry ÷ without",
            lambda: _written(app, state),
            lambda: _in_silence(app, state),
            pairs=PAIRS,
            limit=LIMIT_OF_TELEMETRY,
        )


def _written(app: ModuleType, state: dict[str, Any]) -> float:
    return seconds(lambda document: _write(app, document), lambda: json.loads(json.dumps(state)), times=REQUESTS)


def _write(app: ModuleType, state: dict[str, Any]) -> None:
    draft = app.lambda_handler(state, _invocation())
    if "body" not in draft:
        raise RuntimeError(f"a draft expected: {draft}")


def _invocation() -> SimpleNamespace:
    """What Lambda tells a handler of one invocation; the holds of its model calls are named after it."""
    return SimpleNamespace(
        function_name=FUNCTION, aws_request_id=str(uuid.uuid4()), get_remaining_time_in_millis=lambda: 60_000
    )


def _renewed(calls: Calls) -> list[tuple[str, str, dict[str, Any]]]:
    """The same calls, whose holds are new ones."""
    writes = [item for _, _, asked in calls.noted for item in asked.get("TransactItems", [])]
    puts = [write["Put"]["Item"] for write in writes if "Put" in write]
    holds = [put["subject"]["S"] for put in puts if put.get("series", {"S": ""})["S"].endswith("#holds")]
    return calls.renewed({hold: uuid.uuid4().hex for hold in holds})


class _Silence:
    """A logger that does nothing."""

    def __getattr__(self, name: str) -> Any:
        return lambda *_, **__: None


def _in_silence(app: ModuleType, state: dict[str, Any]) -> float:
    nothing = {name: lambda *_, **__: None for name in ("emit", "count_cold_start", "debug_if_sampled")}
    with mock.patch.multiple(telemetry, log=_Silence, **nothing):
        return _written(app, state)


def _input_of_a_run(stack: Stack) -> dict[str, Any]:
    """What Generate was given in a run that has ended, so that nothing else works meanwhile."""
    events_ = history(stack, run_of_the_sample(stack), with_data=True)
    entered = (event.get("stateEnteredEventDetails", {}) for event in events_)
    given: dict[str, Any] = next(json.loads(each["input"]) for each in entered if each.get("name") == STATE)
    return given


def run_of_the_sample(stack: Stack) -> str:
    """The ARN of a run that has ended, begun by the webhook."""
    secret, url = sources.signing_secret(stack, FIRST_SOURCE), f"{stack.api_url}/webhook/{FIRST_SOURCE}"
    answer = events.send(url, secret, events.sample("good-referral"), event_id=events.new_event_id())
    record, deadline = answer.body["receipt"].replace(".", "#", 1), time.monotonic() + PATIENCE_SECONDS
    while "outcome" not in (receipt := stack.records.receipt(record) or {}):
        if time.monotonic() > deadline:
            raise RuntimeError("the run came to nothing")
        time.sleep(0.2)
    return str(receipt["executionArn"])
