"""The door as a CRM meets it: every answer of the deployed API."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import requests

from operations.events import Answer, new_event_id, send
from tests.workflow.deployed import Deployed

type Sample = Callable[..., dict[str, Any]]


def _recorded(deployed: Deployed, event_id: str) -> bool:
    return any(item.get("eventId") == event_id for item in deployed.items("EventRecords"))


def test_an_id_used_for_another_body_is_refused(deployed: Deployed, sample: Sample) -> None:
    event_id = new_event_id()
    assert deployed.send(sample("good-referral"), event_id).status == 202
    assert deployed.send(sample("good-referral"), event_id).status == 409


def test_a_contract_refusal_lists_every_problem_and_echoes_nothing(deployed: Deployed, sample: Sample) -> None:
    event = sample("good-referral")
    event["data"]["customer"] |= {"id": None, "email": ["canary@example.com"], "service_history": "canary"}
    event_id = new_event_id()
    answer = deployed.send(event, event_id)

    assert answer.status == 422
    assert {error["pointer"] for error in answer.body["errors"]} == {
        "/data/customer/id", "/data/customer/email", "/data/customer/service_history",
    }  # fmt: skip
    assert "canary" not in json.dumps(answer.body)
    assert not _recorded(deployed, event_id)


@pytest.mark.parametrize("source", ["greenedge-crm", "nobody"])
def test_a_forged_signature_and_an_unknown_source_get_the_same_answer(
    deployed: Deployed, sample: Sample, source: str
) -> None:
    url = f"{deployed.stack.api_url}/webhook/{source}"
    body, event_id = json.dumps(sample("good-referral")), new_event_id()
    answer = send(url, deployed.secret, body, event_id=event_id, forged=True)

    assert (answer.status, answer.body["title"]) == (401, "Unauthorized")
    assert "source" not in answer.body["detail"].split("with the")[0]
    assert not _recorded(deployed, event_id)


@pytest.mark.parametrize(
    ("body", "status"),
    [("{", 400), ('{"type": NaN}', 400), (json.dumps({"blob": "x" * 131_072}), 413), ("[]", 422), ("{}", 422)],
)
def test_what_is_no_event_is_refused(deployed: Deployed, body: str, status: int) -> None:
    answer = send(deployed.url, deployed.secret, body, event_id=new_event_id())
    assert (answer.status, answer.body["status"]) == (status, status)


def test_another_content_type_is_refused(deployed: Deployed) -> None:
    answer = requests.post(deployed.url, data="<a/>", headers={"Content-Type": "application/xml"}, timeout=10)
    assert (answer.status_code, answer.headers["Content-Type"]) == (415, "application/problem+json")


def test_both_secrets_of_a_rotation_are_valid_and_the_third_oldest_is_not(deployed: Deployed, sample: Sample) -> None:
    from operations import sources

    stack, source = deployed.stack, f"rotating-{uuid.uuid4().hex[:8]}"
    oldest = sources.add(stack, source, deployed.tenant)
    older = sources.rotate(stack, source)
    newest = sources.rotate(stack, source)

    def answer(secret: str) -> Answer:
        return send(
            f"{stack.api_url}/webhook/{source}", secret, json.dumps(sample("no-consent")), event_id=new_event_id()
        )

    assert [answer(secret).status for secret in (newest, older, oldest)] == [202, 202, 401]
