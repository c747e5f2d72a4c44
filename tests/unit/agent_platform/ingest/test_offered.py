import base64

import pytest
from agent_platform.ingest.door import Offered
from hypothesis import given
from hypothesis import strategies as st


def proxy_event(**changes):
    event = {
        "headers": {"Content-Type": "application/json", "WebHook-ID": "msg_1"},
        "pathParameters": {"source": "greenedge-crm"},
        "body": '{"ä": 1}',
        "isBase64Encoded": False,
    }
    return event | changes


def test_headers_are_found_by_their_lower_case_name():
    offered = Offered.from_proxy_event(proxy_event())
    assert offered == Offered(
        "greenedge-crm", {"content-type": "application/json", "webhook-id": "msg_1"}, '{"ä": 1}'.encode()
    )


@given(st.binary())
def test_base64_gives_the_bytes_that_were_sent(body):
    offered = Offered.from_proxy_event(proxy_event(body=base64.b64encode(body).decode(), isBase64Encoded=True))
    assert offered.body == body


@pytest.mark.parametrize("body", ["%%%", "AAA", "é", "AA=A"])
def test_what_is_called_base64_and_is_not_is_no_request(body):
    assert Offered.from_proxy_event(proxy_event(body=body, isBase64Encoded=True)) is None


@pytest.mark.parametrize("name", ["headers", "pathParameters", "body"])
def test_what_api_gateway_leaves_null_is_empty(name):
    offered = Offered.from_proxy_event(proxy_event(**{name: None}))
    expected = {"headers": {}, "pathParameters": "", "body": b""}[name]
    assert {"headers": offered.headers, "pathParameters": offered.source, "body": offered.body}[name] == expected
