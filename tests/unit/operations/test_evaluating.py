"""How the door begins an evaluation: as the one that was priced, and never twice at a time."""

import json
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest

from operations.agents import evaluating
from operations.terminal import Problem

PLAN = {"evaluation": "ab" * 10, "bucket": "evaluations", "left": 2, "margin": 0.05}
WANTED = {
    "agent_id": "platform#outreach-writer",
    "candidate": 2,
    "baseline": None,
    "tenants": ["greenedge"],
    "purpose": "upsell",
    "until": "2026-11-21T10:00:00+00:00",
    "last": 40,
    "requests": None,
    "evaluation": None,
    "seed": 3,
    "margin": 0.05,
    "cap_micros": 20_000_000,
    "concurrency": 5,
}


class Account:
    """A stack with a state machine that ends as it is told, and a bucket with the one result."""

    def __init__(self, *running: str) -> None:
        self.outputs = {"AgentEvaluationStateMachineArn": "machine"}
        self.running = running
        self.started: list[dict[str, str]] = []

    def client(self, name: str) -> Any:
        return self

    def get_paginator(self, operation: str) -> Any:
        listed = [{"name": name, "executionArn": f"arn:{name}"} for name in self.running]
        return SimpleNamespace(paginate=lambda **_: [{"executions": listed}])

    def start_execution(self, **asked: str) -> dict[str, str]:
        self.started.append(asked)
        return {"executionArn": f"arn:{asked['name']}"}

    def get_object(self, *, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803 - S3's own names
        return {"Body": BytesIO(json.dumps({"of": Key}).encode())}


def followed(status: str = "SUCCEEDED", **more: str) -> Any:
    return lambda states, arn: {"status": status, **more}


def test_what_is_begun_is_the_evaluation_that_was_priced_and_chooses_nothing_anew() -> None:
    account = Account()
    result = evaluating.run(account, WANTED, PLAN, follow=followed())  # type: ignore[arg-type]
    [started] = account.started
    given = json.loads(started["input"])

    assert result == {"of": f"{PLAN['evaluation']}/result.json"}
    assert given["evaluation"] == PLAN["evaluation"]
    assert not given.keys() & {"baseline", "purpose", "last", "requests", "seed"}
    assert {name: given[name] for name in ("candidate", "margin", "cap_micros")} == {
        "candidate": 2, "margin": 0.05, "cap_micros": 20_000_000,
    }  # fmt: skip


def test_one_that_is_under_way_is_followed_and_not_begun_again() -> None:
    account = Account("cd" * 10 + "-1", f"{PLAN['evaluation']}-2")
    arns: list[str] = []
    evaluating.run(account, WANTED, PLAN, follow=lambda _, arn: arns.append(arn) or {"status": "SUCCEEDED"})  # type: ignore[arg-type,func-returns-value]

    assert (arns, account.started) == ([f"arn:{PLAN['evaluation']}-2"], [])


def test_one_that_ended_early_says_what_to_type() -> None:
    with pytest.raises(Problem, match=f"evaluate outreach-writer 2 --resume {PLAN['evaluation']} --margin 5$"):
        evaluating.run(Account(), WANTED, PLAN, follow=followed("FAILED", error="States.Timeout"))  # type: ignore[arg-type]
