"""Judges are probed as they are deployed: by a person, and those in production every night, under their own roles."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from agent_platform.registry.probings import Probings

from operations.agents.lambdas import PROBE, ask
from operations.stack import Stack
from tests.workflow.deployed import Deployed, physical
from tests.workflow.test_long_prompts import COMPANY, company, register  # noqa: F401 - a judge with a long prompt

JUDGE = "platform#outreach-judge"
WIDE = {"seed": "a test's", "half_width": 0.4, "repeated": 2, "cap_micros": 5_000_000}


def forget_answers(stack: Stack) -> None:
    """Whatever was asked is asked again."""
    s3, bucket = stack.client("s3"), stack.outputs["Evaluations"]
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="probings/"):
        for found in page.get("Contents", []):
            s3.delete_object(Bucket=bucket, Key=found["Key"])


@pytest.fixture
def night(deployed: Deployed) -> Callable[[], datetime]:
    """Let the nightly sample be taken; when it began."""

    def night() -> datetime:
        forget_answers(deployed.stack)
        began = datetime.now(UTC)
        watch(deployed)
        return began

    return night


def watch(deployed: Deployed) -> None:
    """The night's task, as its schedule begins it and as Lambda repeats it."""
    function = physical(deployed.stack, "WatchJudgesFunction")
    answer = deployed.stack.client("lambda").invoke(FunctionName=function, Payload=b"{}")
    assert "FunctionError" not in answer, answer["Payload"].read()


def probed(stack: Stack, agent: str) -> dict[str, Any]:
    """What the night left of the version in production."""
    version = stack.aliases.alias(agent).production
    assert version
    return dict(Probings(stack.outputs["AgentRegistry"], stack.dynamodb).on(agent, version, "nightly") or {})


def test_a_night_s_sample_says_whether_the_judge_in_production_tells_good_from_bad(
    deployed: Deployed, night: Callable[[], datetime]
) -> None:
    began = night()
    found, calls = probed(deployed.stack, JUDGE), len(deployed.model_calls())
    watch(deployed)

    assert datetime.fromisoformat(found["at"]) >= began.replace(microsecond=0)
    assert found["discriminates"]
    assert found["good"]["n"] == found["bad"]["n"] == 43
    assert len(deployed.model_calls()) == calls, "what was answered is not paid for again"


def test_a_version_is_probed_in_shares_that_are_paid_for_once(deployed: Deployed) -> None:
    forget_answers(deployed.stack)
    asked = {"agent_id": JUDGE, "version": deployed.stack.aliases.alias(JUDGE).production} | WIDE
    first = ask(deployed.stack, PROBE, **asked, most=4)
    rest = ask(deployed.stack, PROBE, **asked)

    assert first["result"] is None
    assert first["estimate"]["left"] == rest["estimate"]["good"] + rest["estimate"]["bad"] - 4
    assert rest["result"]["good"]["n"] == rest["estimate"]["good"]


@pytest.mark.usefixtures("company")
def test_a_company_s_own_judge_that_costs_too_much_fails_the_night_by_its_price(deployed: Deployed) -> None:
    stack = deployed.stack
    asked = {"agent_id": f"{COMPANY}#outreach-judge", "version": 1, "estimate_only": True}
    estimate = ask(stack, PROBE, **asked, **WIDE | {"cap_micros": 10**12})["estimate"]
    answer = stack.client("lambda").invoke(FunctionName=physical(stack, "WatchJudgesFunction"), Payload=b"{}")

    # Its prompt alone is hundreds of thousands of characters.
    assert estimate["at_most_micros"] > 1_000_000
    assert "1 of 2 judges failed: it could cost $" in json.loads(answer["Payload"].read())["errorMessage"]
