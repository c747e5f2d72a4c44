"""Sending as a company's system does, and what becomes of each answer."""

import json
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
import urllib3
from agent_platform.errors import ConfigurationError, TransientError
from agent_platform.ingest.sources import Source, authenticate, new_secret
from agent_platform.synthetic.runs import SyntheticRun
from agent_platform.synthetic.sending import send
from agent_platform.tenants import SYNTHETIC, TenantContext

URL, EVENT = "https://the.api/webhook/synthetic", {"data": {"id": "$run"}}


class Webhook:
    """A door that answers one status, and keeps what it was sent."""

    def __init__(self, status=202, error=None):
        self._status, self._error = status, error

    def __call__(self, method, url, *, body, headers, timeout, retries):
        if self._error:
            raise self._error
        self.request = SimpleNamespace(method=method, url=url, body=body, headers=headers)
        self.timeout, self.retries = timeout, retries
        return SimpleNamespace(status=self._status, json=lambda: {"receipt": "synthetic.1"})


def sent(webhook, secret=None):
    run = SyntheticRun.begin(datetime.now(UTC))
    return run, send(run, EVENT, url=URL, secret=secret or new_secret(), post=webhook)


def test_what_is_sent_is_signed_as_the_door_checks_it():
    webhook, secret = Webhook(), new_secret()
    run, receipt = sent(webhook, secret)

    assert receipt == "synthetic.1"
    request = webhook.request
    assert (request.method, request.url) == ("POST", URL)
    assert json.loads(request.body) == {"data": {"id": run.token}}
    assert request.headers["webhook-id"] == run.event_id
    source = Source(SYNTHETIC, SYNTHETIC, "an-arn")
    assert authenticate(source, [secret], request.headers, request.body.decode()) == TenantContext(SYNTHETIC)


def test_it_is_sent_once_and_given_up_before_the_function_ends():
    webhook = Webhook()
    sent(webhook)

    assert webhook.retries is False
    assert webhook.timeout < 25


@pytest.mark.parametrize(("status", "error"), [
    (401, ConfigurationError), (422, ConfigurationError), (301, ConfigurationError),
    (429, TransientError), (500, TransientError), (503, TransientError),
])  # fmt: skip
def test_an_event_that_is_not_accepted_is_an_error_that_says_the_answer(status, error):
    with pytest.raises(error, match=f"the webhook answered {status}"):
        sent(Webhook(status))


def test_a_door_that_does_not_answer_is_an_error_without_its_address():
    unreachable = urllib3.exceptions.ConnectTimeoutError(None, f"{URL} timed out")
    with pytest.raises(TransientError) as raised:
        sent(Webhook(error=unreachable))
    assert str(raised.value) == "the webhook did not answer: ConnectTimeoutError"
