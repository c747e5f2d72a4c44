import base64
import time
from datetime import UTC, datetime, timedelta

import pytest
from agent_platform.ingest.sources import Source, Sources, authenticate, new_secret
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

SOURCE = Source("greenedge-crm", "greenedge", "arn")
ONE, TWO = new_secret(), new_secret()
BODY = '{"type": "service.completed"}'


def signed(body=BODY, *, secret=ONE, event_id="msg_1", late=timedelta(0)):
    moment = datetime.now(UTC) - late
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": Webhook(secret).sign(event_id, moment, body),
    }


def tenant(headers, body=BODY, *, source=SOURCE, valid=(ONE, TWO)):
    context = authenticate(source, list(valid), headers, body)
    return context.tenant if context else None


@pytest.mark.parametrize("secret", [ONE, TWO], ids=["the old", "the new"])
def test_either_secret_is_valid_while_one_is_rotated(secret):
    assert tenant(signed(secret=secret)) == "greenedge"


def test_a_rotated_out_secret_is_not():
    assert tenant(signed(secret=new_secret())) is None


@pytest.mark.parametrize("name", ["", "\ud800", "a" * 3_000, "../greenedge", "GreenEdge", "-"])
def test_what_no_source_can_be_called_is_looked_up_as_what_none_is(name):
    asked = []

    class Table:
        def get_item(self, **asks):
            asked.append(asks["Key"])
            return {}

    class Secrets:
        def get_secret_value(self, **_):
            return {"SecretString": TWO}

    sources = Sources(table="t", dummy_secret_arn="arn", dynamodb=Table(), secrets_manager=Secrets())
    assert sources.find(name)[0] is None
    assert asked == [{"source": {"S": "-"}}]


def test_several_signatures_may_be_sent_at_once():
    headers = signed()
    other = Webhook(new_secret()).sign("msg_1", datetime.now(UTC), BODY)
    headers["webhook-signature"] = f"v1a,AAAA {other} {headers['webhook-signature']}"
    assert tenant(headers) == "greenedge"


def test_an_unknown_source_is_refused_whatever_it_signs_with():
    assert tenant(signed(), source=None) is None


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
@pytest.mark.parametrize("value", [None, "", " ", "é", "v1,", "v1,%%", ",", "nan", "inf", "1e400", "-1", "v1,=", "0"])
def test_a_header_that_is_missing_or_nonsense_is_a_refusal_and_no_crash(name, value):
    headers = signed()
    del headers[name]
    if value is not None:
        headers[name] = value
    assert tenant(headers) is None


@given(st.fixed_dictionaries({name: st.text() for name in ("webhook-id", "webhook-timestamp", "webhook-signature")}))
def test_no_header_crashes_or_opens_the_door(headers):
    assert tenant(headers) is None


@given(st.text())
def test_no_other_body_fits_a_signature(body):
    assert tenant(signed(), body) == ("greenedge" if body == BODY else None)


@pytest.mark.parametrize(("minutes", "fits"), [(-6, False), (-4, True), (4, True), (6, False)])
def test_a_timestamp_counts_for_five_minutes(minutes, fits):
    assert (tenant(signed(late=timedelta(minutes=minutes))) is not None) == fits


def test_a_timestamp_that_was_not_signed_is_refused():
    assert tenant(signed() | {"webhook-timestamp": str(int(time.time()) + 60)}) is None


@pytest.mark.parametrize("event_id", ["msg.1", "x" * 129, "msg\n1", "msg\u200b1"])
def test_a_well_signed_but_malformed_id_is_refused(event_id):
    assert tenant(signed(event_id=event_id)) is None


@pytest.mark.parametrize("event_id", ["x" * 128, "msg_1", "4711", "3f2c-ü"])
def test_any_other_id_is_taken(event_id):
    assert tenant(signed(event_id=event_id)) == "greenedge"


def test_an_id_with_a_dot_would_move_the_border_between_what_is_signed():
    # Signed was `msg_1.<time>.<body>`; the same characters read as another id, another time and another body.
    headers, moved = signed(), str(int(time.time()))
    honest = headers["webhook-timestamp"]
    headers |= {"webhook-id": f"msg_1.{honest}", "webhook-timestamp": moved}
    assert tenant(headers, BODY) is None


def test_a_new_secret_has_32_bytes_and_is_not_the_last_one():
    one, other = new_secret(), new_secret()
    assert one != other
    assert len(base64.b64decode(one.removeprefix("whsec_"))) == 32
