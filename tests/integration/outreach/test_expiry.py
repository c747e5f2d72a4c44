"""When retention is over: what names a person goes, the receipt stays, and whoever refers to what went is told so."""

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from agent_platform.errors import EventUnavailable
from agent_platform.ingest.events import EventRecords
from agent_platform.references import EventReference

from operations import messages as messages_door
from operations.terminal import Problem
from tests.builders import service_completed
from tests.integration.outreach.answers import draft, scores
from tests.integration.outreach.traces import PERSONAL
from tests.integration.stack import PARAMETERS

TABLES = ("EventRecordsTable", "OutreachMessagesTable", "RecordingsTable", "FeatureStoreTable", "OutreachContactsTable")
KEYS = {
    "EventRecordsTable": ("record", "part"), "OutreachMessagesTable": ("message",), "RecordingsTable": ("recording",),
    "FeatureStoreTable": ("entity", "view"), "OutreachContactsTable": ("contact",),
}  # fmt: skip


@pytest.fixture
def one_day(monkeypatch):
    """A stack whose RetentionDays is 1."""
    monkeypatch.setitem(PARAMETERS, "RetentionDays", 1)


@pytest.fixture
def finished(one_day, ready, begin, script):
    """The document of a run that came to an approved message."""
    script(draft(), scores(5))
    return ready.run(begin(service_completed()))


def let_go(stack, *, now):
    """Delete what expired, as DynamoDB does on its own; moto doesn't."""
    for table in TABLES:
        for item in stack.items(table):
            if item["expiresAt"] <= now.timestamp():
                key = {name: {"S": item[name]} for name in KEYS[table]}
                stack.clients("dynamodb").delete_item(TableName=table, Key=key)


def records_of(stack):
    dynamodb = stack.clients("dynamodb")
    return EventRecords(table=stack.table("EventRecordsTable"), retention_days=1, dynamodb=dynamodb)


def a_day_later():
    return datetime.now(UTC) + timedelta(days=1, seconds=5)


def parts(stack):
    return sorted(item["part"] for item in stack.items("EventRecordsTable"))


def test_bodies_histories_messages_recordings_and_features_go_and_receipts_stay(ready, finished):
    assert parts(ready) == ["body", "prepared#1", "receipt"]
    let_go(ready, now=a_day_later())

    assert parts(ready) == ["receipt"]
    assert [ready.items(table) for table in ("OutreachMessagesTable", "RecordingsTable", "FeatureStoreTable")] == [
        []
    ] * 3
    left = json.dumps(ready.contents())
    assert [value for value in PERSONAL if value in left] == []


def test_nothing_goes_before_its_time(ready, finished):
    let_go(ready, now=a_day_later() - timedelta(seconds=60))

    assert parts(ready) == ["body", "prepared#1", "receipt"]
    assert all(ready.items(table) for table in TABLES)


def test_a_receipt_outlives_what_it_refers_to_and_goes_after_400_days(ready, finished):
    let_go(ready, now=datetime.now(UTC) + timedelta(days=399))
    (receipt,) = ready.items("EventRecordsTable")
    assert receipt["outcome"] == {
        "kind": "message", "run": 1, "status": "approved", "execution": finished["message"]["message_id"],
    }  # fmt: skip
    let_go(ready, now=datetime.now(UTC) + timedelta(days=400, seconds=5))
    assert ready.items("EventRecordsTable") == []


@pytest.mark.parametrize("deleted", [True, False])
def test_a_run_that_comes_too_late_is_told_so_in_words(ready, finished, deleted):
    """DynamoDB deletes within days: until then the clock decides."""
    now, reference = a_day_later(), EventReference.of(finished)
    if deleted:
        let_go(ready, now=now)
    for read, what in ((records_of(ready).body, "body"), (records_of(ready).prepared, "prepared")):
        with pytest.raises(EventUnavailable, match=f"the event's {what} isn't there, or its retention is over"):
            read(reference, now=now)


@pytest.mark.parametrize("state", ["Validate", "Enrich", "Generate", "Judge", "Store"])
def test_each_state_that_needs_what_went_fails_under_a_name(ready, finished, state):
    let_go(ready, now=a_day_later())
    with pytest.raises(EventUnavailable, match="retention is over"):
        ready.step(state, {name: value for name, value in finished.items() if name != "message"})


def test_the_door_to_the_messages_says_that_there_is_none(ready, finished):
    let_go(ready, now=a_day_later())
    receipt = EventReference.of(finished).receipt
    stack = SimpleNamespace(
        sources=SimpleNamespace(all=lambda: [SimpleNamespace(tenant="greenedge")]),
        dynamodb=ready.clients("dynamodb"),
        outputs={"OutreachMessages": "OutreachMessagesTable"},
    )
    with pytest.raises(Problem, match="No messages begin with"):
        messages_door.message(stack, receipt)


def test_who_was_written_to_stays_known_for_the_brands_interval(ready, finished):
    """A contact names nobody, and forgetting it would write to a customer twice."""
    let_go(ready, now=datetime.now(UTC) + timedelta(days=29))
    (contact,) = [each for each in ready.items("OutreachContactsTable") if "lastWrittenAt" in each]
    assert contact["contact"] == f"greenedge#{finished['request']['customer']}"


def test_the_same_event_after_its_body_went_is_still_a_duplicate(ready, crm, finished):
    let_go(ready, now=a_day_later())
    again = ready.invoke("ReceiveWebhookFunction", crm.post(service_completed(), event_id="msg_1"))
    assert again["statusCode"] == 202
    assert parts(ready) == ["receipt"]
    assert ready.queued() == {"Records": []}
