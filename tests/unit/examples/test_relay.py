"""The relay: what it lets through, what it makes of it, and what it tells the CRM; the stack is a stand-in."""

import base64
import hashlib
import hmac
import io
import json
import logging
import urllib.error
from email.message import Message
from typing import Any

import pytest
from agent_platform.ingest.sources import new_secret
from event_contracts import validate
from standardwebhooks import Webhook

from examples import relay

CRM_SECRET, SOURCE_SECRET = "the CRM's own", new_secret()
URL = "https://api.example/prod/webhook/greenedge-crm"
SENT: dict[str, Any] = {
    "event": "job.completed",
    "delivery_id": "dlv.0001",
    "occurred_at": "2026-05-12T15:02:11Z",
    "client": {
        "id": 77,
        "display_name": "Maria Oliveira",
        "email": "maria.oliveira@example.com",
        "mobile": "+1 555 010 0177",
        "town": "Springfield",
        "country": "US",
        "opted_in": True,
        "opted_in_at": "2024-02-01",
        "past_jobs": [{"number": 1, "title": "weekly mow", "finished_at": "2026-04-14", "total": "$45.00"}],
    },
    "job": {
        "number": 2,
        "title": "weekly mow",
        "finished_at": "2026-05-12",
        "total": 45,
        "stars": 5,
        "review": "Neat.",
    },
}


class StackStandIn:
    """The stack's API: answers as it is told to, and takes only what is signed for the source."""

    def __init__(self) -> None:
        self.status, self.headers, self.posted = 202, {"Content-Type": "application/json"}, []
        self.unreachable = False

    def __call__(self, request: Any, *, timeout: float) -> Any:
        if self.unreachable:
            raise urllib.error.URLError("maria.oliveira@example.com")
        headers = {name.lower(): value for name, value in request.header_items()}
        assert (request.full_url, request.get_method()) == (URL, "POST")
        assert headers["content-type"] == "application/json"
        Webhook(SOURCE_SECRET).verify(request.data, headers)
        self.posted.append((headers["webhook-id"], request.data))
        message = Message()
        for name, value in self.headers.items():
            message[name] = value
        answer = urllib.error.HTTPError(URL, self.status, "", message, io.BytesIO(b'{"said": "by the stack"}'))
        if self.status >= 300:
            raise answer
        return answer


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> StackStandIn:
    made = StackStandIn()
    monkeypatch.setattr("urllib.request.urlopen", made)
    return made


def signature(body: bytes, secret: str = CRM_SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def relayed(sent: Any, *, signed: str | None = None) -> relay.Answer:
    body = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    headers = {"x-crm-signature": signature(body) if signed is None else signed}
    return relay.Relay(CRM_SECRET, SOURCE_SECRET, URL).answer(headers, body)


def test_the_crms_event_is_posted_in_the_words_of_the_contract(stack: StackStandIn) -> None:
    answer = relayed(SENT)

    assert (answer.status, json.loads(answer.body)) == (202, {"said": "by the stack"})
    [(_, text)] = stack.posted
    event = json.loads(text)
    assert validate(event) == []
    assert event["data"]["customer"]["name"] == "Maria Oliveira"
    assert event["data"]["customer"]["consent"]["given_at"] == "2024-02-01"
    assert [line["price"] for line in event["data"]["customer"]["service_history"]] == ["$45.00"]
    assert (event["data"]["service"]["satisfaction"], event["data"]["service"]["comment"]) == (5, "Neat.")


def test_what_the_crm_sends_again_has_the_same_id_and_text_and_another_event_another_id(stack: StackStandIn) -> None:
    for sent in (SENT, SENT, SENT | {"delivery_id": "dlv.0002"}):
        relayed(sent)

    first, again, other = stack.posted
    assert first == again
    assert first[0] != other[0]
    assert all("." not in event_id and len(event_id) <= 128 for event_id, _ in stack.posted)


def test_without_consent_none_is_claimed(stack: StackStandIn) -> None:
    relayed(SENT | {"client": SENT["client"] | {"opted_in": False}})

    assert json.loads(stack.posted[0][1])["data"]["customer"]["consent"] is None


@pytest.mark.parametrize(
    "signed",
    ["", "sha256=", "é", "\ud800", signature(b"{}"), signature(json.dumps(SENT).encode(), "another"), None],
    ids=["none", "no digits", "not ASCII", "a lone surrogate", "another body", "another secret", "no prefix"],
)
def test_what_the_crm_did_not_sign_is_refused_and_goes_nowhere(stack: StackStandIn, signed: str | None) -> None:
    given = signature(json.dumps(SENT).encode()).removeprefix("sha256=") if signed is None else signed

    assert relayed(SENT, signed=given).status == 401
    assert stack.posted == []


def test_the_signature_is_compared_in_constant_time(stack: StackStandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hmac.compare_digest", lambda one, other: False)

    assert relayed(SENT).status == 401


@pytest.mark.parametrize(
    "sent", [b"{", b"[]", b"7", b"\xff", b"{}", b"[" * 60_000, json.dumps(SENT | {"job": 5}).encode()]
)
def test_what_cannot_be_mapped_is_refused_by_the_errors_name_alone(stack: StackStandIn, sent: bytes) -> None:
    answer = relayed(sent)

    assert answer.status == 422
    assert "mapped" in answer.body
    assert stack.posted == []


def test_an_event_of_no_interest_is_answered_and_goes_nowhere(stack: StackStandIn) -> None:
    assert relayed(SENT | {"event": "job.created"}).status == 200
    assert stack.posted == []


@pytest.mark.parametrize("status", [202, 409, 413, 422, 429, 503])
def test_the_crm_gets_the_stacks_own_answer(stack: StackStandIn, status: int) -> None:
    stack.status, stack.headers = status, {"Content-Type": "application/problem+json", "Retry-After": "5"}

    answer = relayed(SENT)

    assert (answer.status, json.loads(answer.body), answer.headers) == (status, {"said": "by the stack"}, stack.headers)


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_wrong_setting_of_the_relay_loses_no_event(stack: StackStandIn, status: int) -> None:
    stack.status = status

    answer = relayed(SENT)

    assert answer.status == 503
    assert "SOURCE_SECRET or WEBHOOK_URL" in answer.body


def test_a_stack_that_is_out_of_reach_makes_the_crm_try_again(stack: StackStandIn) -> None:
    stack.unreachable = True

    assert relayed(SENT).status == 503


@pytest.mark.parametrize("trouble", ["none", "unmapped", "forged", "refused", "unreachable"])
def test_no_log_line_and_no_answer_of_its_own_repeats_what_was_sent(
    stack: StackStandIn, caplog: pytest.LogCaptureFixture, trouble: str
) -> None:
    caplog.set_level(logging.DEBUG)
    stack.status, stack.unreachable = 422 if trouble == "refused" else 202, trouble == "unreachable"
    sent = SENT | {"job": "Maria"} if trouble == "unmapped" else SENT

    answer = relayed(sent, signed="Maria" if trouble == "forged" else None)

    assert caplog.messages
    said = caplog.text + answer.body
    assert not [word for word in ("Maria", "maria.oliveira", "Springfield", CRM_SECRET, SOURCE_SECRET) if word in said]


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"CRM_SECRET": CRM_SECRET, "SOURCE_SECRET": SOURCE_SECRET, "WEBHOOK_URL": URL}.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize("encoded", [False, True])
def test_behind_a_function_url_a_body_is_text_or_base64(stack: StackStandIn, environment: None, encoded: bool) -> None:
    body = json.dumps(SENT).encode()
    text = base64.b64encode(body).decode() if encoded else body.decode()
    request = {"headers": {"X-Crm-Signature": signature(body)}, "body": text, "isBase64Encoded": encoded}

    answer = relay.lambda_handler(request, None)

    assert answer == {
        "statusCode": 202, "headers": {"Content-Type": "application/json"}, "body": '{"said": "by the stack"}',
    }  # fmt: skip


def test_missing_settings_are_all_named(monkeypatch: pytest.MonkeyPatch, environment: None) -> None:
    monkeypatch.delenv("SOURCE_SECRET")
    monkeypatch.setenv("WEBHOOK_URL", "")

    with pytest.raises(LookupError, match="SOURCE_SECRET, WEBHOOK_URL"):
        relay.from_environment()
