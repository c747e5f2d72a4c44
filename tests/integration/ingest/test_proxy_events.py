"""Requests in the shape in which AWS hands them over, which the local AWS's REST API smooths away."""

import base64
import json

import pytest
from agent_platform.ingest.sources import new_secret
from standardwebhooks import webhooks

from tests.builders import outreach_requested, service_completed
from tests.integration.crm import Crm

WEBHOOK = "ReceiveWebhookFunction"


@pytest.fixture
def post(stack):
    """The status with which one proxy event is answered."""
    return lambda event: stack.invoke(WEBHOOK, event)["statusCode"]


def in_every_spelling(offered, spell):
    """The same request with each header's name spelled so."""
    single = {spell(name): value for name, value in offered["headers"].items()}
    return offered | {"headers": single, "multiValueHeaders": {name: [value] for name, value in single.items()}}


def repeated(offered, name, *values):
    """The same request with one header sent several times: AWS keeps all of them, and the last among `headers`."""
    others = {each: value for each, value in offered["headers"].items() if each.lower() != name}
    multiple = {each: [value] for each, value in others.items()} | {name: list(values)}
    return offered | {"headers": others | {name: values[-1]}, "multiValueHeaders": multiple}


def header(offered, name):
    return next(value for each, value in offered["headers"].items() if each.lower() == name)


def left_behind(stack):
    return stack.items("EventRecordsTable"), stack.queued()["Records"]


@pytest.mark.parametrize("spell", [str.lower, str.upper, str.title, str.swapcase], ids=lambda each: each.__name__)
def test_headers_are_known_in_any_case(crm, post, spell):
    assert post(in_every_spelling(crm.post(service_completed()), spell)) == 202


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature", "content-type"])
def test_a_header_sent_twice_with_one_value_is_that_value(crm, post, name):
    offered = crm.post(service_completed())
    value = header(offered, name)
    assert post(repeated(offered, name, value, value)) == 202


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_of_a_header_sent_twice_the_value_that_is_verified_is_the_value_that_is_used(stack, crm, post, name):
    offered = crm.post(service_completed(), event_id="msg_signed")
    value = header(offered, name)
    other = {"webhook-id": "msg_smuggled", "webhook-timestamp": "1", "webhook-signature": "v1,AAAA"}[name]

    assert post(repeated(offered, name, value, other)) == 401
    assert left_behind(stack) == ([], [])
    assert post(repeated(offered, name, other, value)) == 202
    [receipt] = [item for item in stack.items("EventRecordsTable") if item["part"] == "receipt"]
    assert receipt["eventId"] == "msg_signed"


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature", "content-type"])
def test_a_header_in_two_spellings_is_one_header_and_its_last_value(stack, crm, post, name):
    offered = in_every_spelling(crm.post(service_completed()), str.lower)
    value = offered["headers"].pop(name)
    spoiled = offered | {"headers": {name.upper(): value, **offered["headers"], name: "x"}}

    assert post(spoiled) in {401, 415}
    assert left_behind(stack) == ([], [])
    assert post(offered | {"headers": {name.upper(): "x", **offered["headers"], name: value}}) == 202


def test_several_signatures_in_one_header_are_taken_and_in_two_headers_the_last_counts(crm, post):
    offered, other = crm.post(service_completed()), Crm(crm.source, new_secret()).post(service_completed())
    fitting, foreign = (header(each, "webhook-signature") for each in (offered, other))

    assert post(repeated(offered, "webhook-signature", f"{foreign} {fitting}")) == 202
    assert post(repeated(offered, "webhook-signature", fitting, foreign)) == 401


NOTHING = {
    "no headers": {"headers": None, "multiValueHeaders": None},
    "no headers at all": {"headers": {}, "multiValueHeaders": {}},
    "no path": {"pathParameters": None},
    "no body": {"body": None},
    "no body, called base64": {"body": None, "isBase64Encoded": True},
    "an empty body": {"body": ""},
    "bytes that are no text": {"body": base64.b64encode(b"\xc3\x28\x00\xff").decode(), "isBase64Encoded": True},
    "text that is no UTF-8": {"body": '"\ud800"'},
    "text called base64": {"body": '{"name": "Maria"}', "isBase64Encoded": True},
}


@pytest.mark.parametrize("name", NOTHING)
def test_what_is_null_empty_or_no_text_is_refused_without_a_trace(stack, crm, post, name, capsys):
    status = post(crm.post(service_completed(), **NOTHING[name]))

    assert status in {400, 401, 415}
    assert "Maria" not in capsys.readouterr().out
    assert left_behind(stack) == ([], [])


def test_base64_of_what_was_signed_is_what_was_signed(stack, crm, post):
    offered = crm.post(json.dumps(outreach_requested(), ensure_ascii=False))
    encoded = base64.b64encode(offered["body"].encode()).decode()

    assert post(offered) == 202
    # The same event again, not a conflict: the same bytes in another wrapping.
    assert post(offered | {"body": encoded, "isBase64Encoded": True}) == 202
    assert post(offered | {"body": encoded}) == 401


def test_an_unknown_source_costs_as_many_calls_and_comparisons_as_a_wrong_signature(stack, crm, post, monkeypatch):
    compared, really = [], webhooks.hmac.compare_digest
    monkeypatch.setattr(webhooks.hmac, "compare_digest", lambda *pair: compared.append(map(len, pair)) or really(*pair))
    spent = []
    for each in (
        Crm(crm.source, new_secret()),
        Crm("nobody", crm.secret),
        Crm("nobody", new_secret()),
        Crm("", crm.secret),
        Crm("x" * 3000, crm.secret),
    ):
        compared.clear()
        assert post(each.post(service_completed())) == 401
        spent.append(([str(call) for call in stack.clients.calls], [tuple(lengths) for lengths in compared]))
    assert spent == [spent[0]] * 5
    # Two secrets, looked at again in case they were rotated a moment ago.
    assert spent[0] == (["dynamodb:GetItem", "secretsmanager:GetSecretValue"], [(32, 32)] * 4)
    assert left_behind(stack) == ([], [])
