"""What only a deployed API can show of the door: the whole table of its answers, its limit, what it leaves behind."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from agent_platform.ingest.sources import Source, new_secret
from agent_platform.items import to_item
from agent_platform.references import EventReference
from standardwebhooks import Webhook

from operations.events import new_event_id
from operations.seed import FIRST_SOURCE
from tests.workflow.deployed import Deployed

type Sample = Callable[..., dict[str, Any]]
type Post = Callable[..., requests.Response]

CANARY = "Canary O'Door"


@pytest.fixture
def secretless(deployed: Deployed) -> Iterator[str]:
    """A source whose secret can't be read, as while Secrets Manager is down; its name."""
    name, stack = "secretless", deployed.stack
    stack.sources.add(Source(name, deployed.tenant, "arn:aws:secretsmanager:us-local-1:000000000000:secret:gone"))
    yield name
    stack.dynamodb.delete_item(TableName=stack.outputs["Sources"], Key=to_item({"source": name}))


@pytest.fixture
def post(deployed: Deployed, sample: Sample) -> Post:
    """The raw answer to a signed sample that speaks of the canary, or to what is given in place of its parts."""

    def post(
        event_id: str, *, body: str | None = None, source: str = FIRST_SOURCE, secret: str = "", **headers: str
    ) -> requests.Response:
        event = sample("no-consent")
        event["data"]["customer"]["name"] = CANARY
        text, now = json.dumps(event) if body is None else body, datetime.now(UTC)
        usual = {
            "Content-Type": "application/json",
            "webhook-id": event_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(secret or deployed.secret).sign(event_id, now, text),
        }
        url = f"{deployed.stack.api_url}/webhook/{source}"
        return requests.post(url, data=text.encode(), headers=usual | headers, timeout=30)

    return post


def _left_behind(deployed: Deployed, event_id: str) -> list[str]:
    """What there is of an event: its record, its execution."""
    states, machine = deployed.stack.client("stepfunctions"), deployed.stack.outputs["OutreachStateMachineArn"]
    reference = EventReference(deployed.tenant, FIRST_SOURCE, event_id, "service.completed")
    found = ["record"] if deployed.stack.records.receipt(reference.record) else []
    try:
        arn = f"{machine.replace(':stateMachine:', ':execution:')}:{reference.execution_name}"
        states.describe_execution(executionArn=arn)
    except states.exceptions.ExecutionDoesNotExist:
        return found
    return [*found, "execution"]


def _log(deployed: Deployed) -> list[str]:
    """What the webhook's function logged so far."""
    listing = deployed.stack.client("cloudformation").get_paginator("list_stack_resources")
    pages = listing.paginate(StackName=deployed.stack.profile["stack_name"])
    names = {each["LogicalResourceId"]: each["PhysicalResourceId"] for page in pages
             for each in page["StackResourceSummaries"]}  # fmt: skip
    logs = deployed.stack.client("logs").get_paginator("filter_log_events")
    found = logs.paginate(logGroupName=f"/aws/lambda/{names['ReceiveWebhookFunction']}")
    return [event["message"] for page in found for event in page["events"]]


def _refused(deployed: Deployed) -> int:
    """How many requests the function has refused; those that the edge refused never reached it."""
    return sum('"refused"' in line for line in _log(deployed))


REFUSED: dict[str, tuple[int, dict[str, str]]] = {
    "not JSON": (400, {"body": f'{{"name": "{CANARY}"'}),
    "another secret": (401, {"secret": new_secret()}),
    "an unknown source": (401, {"source": "nobody"}),
    "no signature": (401, {"webhook-signature": ""}),
    "too old": (401, {"webhook-timestamp": "1696200454"}),
    "too large": (413, {"body": json.dumps({"name": CANARY, "more": "x" * 131_072})}),
    "no JSON by its name": (415, {"Content-Type": "text/plain"}),
    "not the contract": (422, {"body": json.dumps({"type": "service.completed", "data": {"customer": CANARY}})}),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_is_problem_json_and_leaves_nothing_behind(deployed: Deployed, post: Post, name: str) -> None:
    (status, given), event_id = REFUSED[name], new_event_id()
    answer = post(event_id, **given)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    assert (answer.json()["status"], {"type", "title", "detail"} - set(answer.json())) == (status, set())
    assert CANARY not in answer.text
    assert _left_behind(deployed, event_id) == []


def test_what_is_taken_is_recorded_and_run_and_its_id_is_used(deployed: Deployed, post: Post) -> None:
    event_id = new_event_id()
    taken = post(event_id)
    assert (taken.status_code, taken.headers["Content-Type"], list(taken.json())) == (
        202, "application/json", ["receipt"],
    )  # fmt: skip
    assert deployed.outcome(taken.json()["receipt"])["kind"] == "message"
    assert _left_behind(deployed, event_id) == ["record", "execution"]

    conflict = post(event_id)
    assert (conflict.status_code, conflict.headers["Content-Type"]) == (409, "application/problem+json")


def test_a_failure_of_aws_is_a_503_that_says_when_to_come_again(
    deployed: Deployed, post: Post, secretless: str
) -> None:
    answer = post(new_event_id(), source=secretless)
    assert (answer.status_code, answer.json()["status"]) == (503, 503)
    assert int(answer.headers["Retry-After"]) > 0


def test_no_line_of_the_webhooks_log_repeats_what_came(deployed: Deployed, post: Post) -> None:
    before = _refused(deployed)
    assert post(new_event_id()).status_code == 202
    for status, given in REFUSED.values():
        assert post(new_event_id(), **given).status_code == status
    deployed.until(lambda: _refused(deployed) == before + len(REFUSED), "the refusals in the log")
    assert not [line for line in _log(deployed) if "Canary" in line or "O'Door" in line]


@pytest.fixture
def stage(deployed: Deployed) -> Iterator[dict[str, Any]]:
    """The API's stage as the template made it, limited for one test to a burst of three and one request in a second.

    What 429 says is the local AWS's own: the template's gateway responses are checked as data (test_api).
    """
    gateway = deployed.stack.client("apigateway")
    [api] = [each["id"] for each in gateway.get_rest_apis()["items"] if each["id"] in deployed.url]
    names = {"restApiId": api, "stageName": deployed.stack.account}

    def limit(rate: float, burst: int) -> None:
        gateway.update_stage(**names, patchOperations=[
            {"op": "replace", "path": "/*/*/throttling/rateLimit", "value": str(rate)},
            {"op": "replace", "path": "/*/*/throttling/burstLimit", "value": str(burst)},
        ])  # fmt: skip

    made = gateway.get_stage(**names)
    limits = made["methodSettings"]["*/*"]
    limit(1, 3)
    yield made
    limit(limits["throttlingRateLimit"], limits["throttlingBurstLimit"])


def test_a_flood_is_answered_429_before_it_costs_a_function(
    deployed: Deployed, post: Post, stage: dict[str, Any]
) -> None:
    limits = stage["methodSettings"]["*/*"]
    assert (limits["throttlingRateLimit"], limits["throttlingBurstLimit"]) == (100, 200)

    before, event_ids = _refused(deployed), [new_event_id() for _ in range(12)]
    answers = {event_id: post(event_id, secret=new_secret()) for event_id in event_ids}

    met = Counter(answer.status_code for answer in answers.values())
    assert set(met) == {401, 429}, met
    assert met[429] >= 6, met
    deployed.until(lambda: _refused(deployed) == before + met[401], "the function's refusals in the log, and no more")
    assert not [event_id for event_id in event_ids if _left_behind(deployed, event_id)]
