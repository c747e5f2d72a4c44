from datetime import UTC, datetime

import pytest
from agent_platform.ingest.waiting import Waiting, asks_again, received_before, waited_since

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
MILLISECONDS = int(NOW.timestamp() * 1000)


def longest(waited):
    return asks_again(waited, spread=lambda _, most: most)


def shortest(waited):
    return asks_again(waited, spread=lambda least, _: least)


@pytest.mark.parametrize(
    ("waited", "least", "most"), [(0, 1, 2), (8, 1, 2), (60, 8, 15), (3600, 450, 900), (10**6, 450, 900)]
)
def test_a_message_waits_again_for_a_part_of_what_it_waited(waited, least, most):
    assert (shortest(waited), longest(waited)) == (least, most)


def test_since_when_it_waits_is_kept_however_often_it_is_sent_again():
    first = {"attributes": {"SentTimestamp": "1000"}}
    again = first | {"messageAttributes": {"waitedSince": {"stringValue": "17", "dataType": "Number"}}}
    assert (waited_since(first, now=NOW), waited_since(again, now=NOW)) == (1000, 17)
    assert waited_since({}, now=NOW) == MILLISECONDS


@pytest.mark.parametrize(("count", "before"), [("1", False), ("2", True)])
def test_a_message_that_was_received_before_says_so(count, before):
    assert received_before({"attributes": {"ApproximateReceiveCount": count}}) is before


def test_what_is_sent_again_is_the_message_with_its_tenant_and_its_trace():
    message = {"body": "{}", "attributes": {"AWSTraceHeader": "Root=1"}}
    entry = Waiting(message, "greenedge", 17, 30).entry(3)
    assert (entry["Id"], entry["MessageBody"], entry["DelaySeconds"]) == ("3", "{}", 30)
    assert entry["MessageGroupId"] == "greenedge"
    assert entry["MessageAttributes"]["waitedSince"]["StringValue"] == "17"
    assert entry["MessageSystemAttributes"]["AWSTraceHeader"]["StringValue"] == "Root=1"
