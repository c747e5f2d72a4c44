"""People have the last word: over the API, signed by a role that is bound to a company, and by scripts/review."""

import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from agent_platform.items import to_item
from agent_platform.moments import iso
from agent_platform.reviews.records import ReviewRecords
from agent_platform.reviews.reviewers import Reviewers
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from operations.reviewing.desk import Desk
from operations.terminal import Problem
from tests.workflow.deployed import Deployed
from tests.workflow.test_seldom import counted, written_by_a_candidate

type Sample = Callable[..., dict[str, Any]]
ANYBODY = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
MAY_ASK = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*"}


class Signed:
    """A person who asks the API under a role."""

    def __init__(self, deployed: Deployed, credentials: dict[str, str]) -> None:
        self._deployed = deployed
        names = ("AccessKeyId", "SecretAccessKey", "SessionToken")
        self._signer = SigV4Auth(
            Credentials(*(credentials[name] for name in names)), "execute-api", deployed.stack.profile["region"]
        )

    def __call__(self, method: str, path: str, body: Any = None) -> requests.Response:
        url, data = f"{self._deployed.stack.api_url}{path}", json.dumps(body) if body is not None else None
        asked = AWSRequest(method, url, data=data, headers={"Content-Type": "application/json"})
        self._signer.add_auth(asked)
        return requests.request(method, url, data=data, headers=dict(asked.headers), timeout=30)


@pytest.fixture
def anna(deployed: Deployed) -> Signed:
    """Anna, under a role that reviews for nobody yet; it is called as the company."""
    iam, name = deployed.stack.client("iam"), f"reviewers-{uuid.uuid4().hex[:8]}"
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=_policy(ANYBODY))["Role"]
    iam.put_role_policy(RoleName=name, PolicyName="ask", PolicyDocument=_policy(MAY_ASK))
    taken = deployed.stack.client("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="anna")["Credentials"]
    signed = Signed(deployed, taken)
    assert signed("GET", "/reviews/next").status_code == 403
    account = role["Arn"].split(":")[4]
    Reviewers(table=deployed.stack.outputs["Reviews"], dynamodb=deployed.stack.dynamodb).bind(
        f"{account}/{name}", deployed.tenant
    )
    return signed


@pytest.fixture
def waiting(deployed: Deployed, sample: Sample) -> str:
    """The id of a message that waits for a person."""
    message = deployed.message(deployed.send(sample("spanish")).body["receipt"])
    assert message["status"] == "pending_review"
    return str(message["messageId"])


def test_a_signed_request_of_a_bound_role_gives_the_message_and_takes_the_decision(
    deployed: Deployed, anna: Signed, waiting: str
) -> None:
    assert requests.get(f"{deployed.stack.api_url}/reviews/next", timeout=30).status_code == 403

    def mine() -> Any:
        answer = anna("GET", "/reviews/next")
        return answer.json() if answer.status_code == 200 and answer.json()["id"] == waiting else None

    seen = deployed.until(mine, "the message on the desk")
    assert not {"score", "arm", "agents"} & set(seen)
    wrong = {"verdict": "edit", "edit": seen["draft"] | {"body": f"{seen['draft']['body']}\n\nWe give you $500."}}
    refused = anna("POST", f"/reviews/{waiting}/decision", wrong)
    assert (refused.status_code, "$500" in refused.text) == (409, True)

    for _ in range(2):
        assert anna("POST", f"/reviews/{waiting}/decision", {"verdict": "approve"}).json()["outcome"] == "approved"
    assert deployed.item("OutreachMessages", message=f"{deployed.tenant}#{waiting}")["status"] == "approved"
    assert anna("POST", f"/reviews/{waiting}/decision", {"verdict": "reject"}).status_code == 409


def test_what_a_person_rejects_by_the_keyboard_is_declined(deployed: Deployed, waiting: str) -> None:
    desk = on_the_desk(deployed, {"messageId": waiting}, "ben")
    assert desk.decide(waiting, {"verdict": "reject", "reason": "tone"})["outcome"] == "declined"

    message = deployed.item("OutreachMessages", message=f"{deployed.tenant}#{waiting}")
    assert (message["status"], message["review"]["decision"]["reason"]) == ("declined", "tone")


def test_a_decision_counts_for_the_arm_that_wrote(deployed: Deployed, sample: Sample) -> None:
    message, writer = written_by_a_candidate(deployed, sample, "spanish")
    desk = on_the_desk(deployed, message, "cleo")
    desk.decide(message["messageId"], {"verdict": "approve"})

    assert counted(deployed, message, writer)["ApprovalRate"]["value"] == 1


def test_whoever_asks_next_tells_what_was_decided_and_not_told(deployed: Deployed, sample: Sample) -> None:
    message, writer = written_by_a_candidate(deployed, sample, "spanish")
    desk = on_the_desk(deployed, message, "cleo")
    with deployed.given("OutreachDecideReviewFunction", BUS_NAME="no-such-bus"), pytest.raises(Problem):
        desk.decide(message["messageId"], {"verdict": "approve"})
    records = ReviewRecords(table=deployed.stack.outputs["Reviews"], dynamodb=deployed.stack.dynamodb)
    untold = [each.message_id for each in records.news(deployed.tenant, "outreach")]
    assert "ApprovalRate" not in counted(deployed, message, writer)
    Desk(deployed.stack, deployed.tenant, "dora").next()

    assert untold == [message["messageId"]]
    assert list(records.news(deployed.tenant, "outreach")) == []
    assert counted(deployed, message, writer)["ApprovalRate"]["value"] == 1


def test_a_message_to_somebody_who_was_written_to_meanwhile_is_skipped(deployed: Deployed, waiting: str) -> None:
    message = deployed.item("OutreachMessages", message=f"{deployed.tenant}#{waiting}")
    desk = on_the_desk(deployed, message, "cleo")
    deployed.stack.dynamodb.put_item(
        TableName=deployed.stack.outputs["OutreachContacts"],
        Item=to_item({
            "contact": f"{deployed.tenant}#{message['customer']}", "lastWrittenAt": iso(datetime.now(UTC)),
            "lastMessage": "another",
        }),
    )  # fmt: skip
    desk.decide(waiting, {"verdict": "approve"})

    after = deployed.item("OutreachMessages", message=f"{deployed.tenant}#{waiting}")
    assert (after["status"], after["skip"]["reason"]) == ("skipped", "contacted_recently")


def on_the_desk(deployed: Deployed, message: dict[str, Any], reviewer: str) -> Desk:
    """A reviewer's desk, with this message in their hands; whatever waited before it is another's to decide."""
    desk = Desk(deployed.stack, deployed.tenant, reviewer)
    deployed.until(lambda: (desk.next() or {}).get("id") == message["messageId"], "the message on the desk")
    return desk


def _policy(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
