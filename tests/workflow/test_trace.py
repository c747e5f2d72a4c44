"""One event's way from the webhook to the message: in the deployed functions' logs, and as scripts/trace tells it."""

import json
from collections.abc import Callable
from typing import Any

from tests.workflow.deployed import Deployed
from tests.workflow.test_on_call import NO_ACCESS, said

type Sample = Callable[..., dict[str, Any]]

STATES = ["Validate", "Enrich", "Retrieve", "Generate", "Judge", "Store"]


def test_a_way_has_its_states_attempts_tokens_cost_lines_and_traces(deployed: Deployed, sample: Sample) -> None:
    deployed.fault({"kind": "throttle", "times": 1, "role": "writer"})
    receipt = deployed.send(sample("good-referral")).body["receipt"]
    message = deployed.message(receipt)
    way = deployed.until(lambda: _way(receipt, "Store"), "the last line")

    (run,) = way["runs"]
    assert (run["status"], way["outcome"]["status"]) == ("SUCCEEDED", "approved")
    assert [state["state"] for state in run["states"]] == STATES
    (generate,) = [state for state in run["states"] if state["state"] == "Generate"]
    assert [attempt["error"] for attempt in generate["attempts"]] == ["TransientError", None]
    assert (run["input_tokens"], run["cost_micros"]) == (message["inputTokens"], message["costMicros"])
    # The webhook says that it has published when it has, and by then the run may have been started.
    assert way["received"] <= min(way["published"], run["started"])
    assert {line["correlation_id"] for line in way["lines"]} == {receipt}
    assert {line["workflow"] for line in way["lines"]} == {"ingest", "outreach"}
    assert {line["state"] for line in way["lines"] if "state" in line} == set(STATES)
    assert way["traces"]
    assert "Generate" in said("trace", receipt)


def test_a_failed_run_is_told_with_its_error(deployed: Deployed, sample: Sample) -> None:
    deployed.fault(NO_ACCESS)
    receipt = deployed.send(sample("good-referral")).body["receipt"]
    assert deployed.outcome(receipt)["kind"] == "failure"
    told = said("trace", receipt, "--logs")
    assert "run 1: ModelRefused: converse: AccessDeniedException" in told
    assert f"Next: scripts/rerun {receipt}" in told


def _way(receipt: str, last: str) -> dict[str, Any] | None:
    """The way once the log has a state's line: a line is written after the state has ended."""
    way: dict[str, Any] = json.loads(said("trace", receipt, "--json"))
    return way if any(line.get("state") == last for line in way["lines"]) else None
