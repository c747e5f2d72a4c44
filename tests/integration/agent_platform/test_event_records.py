from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta

import pytest
from agent_platform.errors import EventUnavailable
from agent_platform.ingest.events import EventRecords, Recorded
from agent_platform.references import EventReference
from botocore.exceptions import ClientError

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
REFERENCE = EventReference("greenedge", "greenedge-crm", "msg_1", "service.completed")


@pytest.fixture
def records(stack):
    return EventRecords(table=stack.table("EventRecordsTable"), retention_days=30, dynamodb=stack.clients("dynamodb"))


def record(records, reference=REFERENCE, body='{"a": 1}', payload_hash="h1"):
    return records.record(reference, body, payload_hash=payload_hash, now=NOW)


def test_an_event_is_new_once_then_a_duplicate_or_a_conflict(records):
    assert record(records) == Recorded("new", started=False)
    assert record(records) == Recorded("duplicate", started=False)
    assert record(records, payload_hash="h2") == Recorded("conflict", started=False)
    records.mark_started(REFERENCE, "arn")
    assert record(records) == Recorded("duplicate", started=True)


def test_a_conflict_leaves_the_body_that_came_first(records):
    record(records)
    record(records, body='{"b": 2}', payload_hash="h2")
    assert records.body(REFERENCE, now=NOW) == {"a": 1}


def test_another_failure_is_raised_as_it_is(records, stack):
    stack.clients.fail("dynamodb:TransactWriteItems", "AccessDeniedException", 400)
    with pytest.raises(ClientError, match="AccessDenied"):
        record(records)


def test_a_body_is_gone_when_its_retention_is_over_though_the_item_is_still_there(records):
    record(records)
    last = NOW + timedelta(days=30)
    assert records.body(REFERENCE, now=last - timedelta(seconds=1)) == {"a": 1}
    with pytest.raises(EventUnavailable, match="body"):
        records.body(REFERENCE, now=last)


def test_what_was_never_recorded_is_unavailable(records):
    for ask in (records.body, records.prepared):
        with pytest.raises(EventUnavailable):
            ask(REFERENCE, now=NOW)
    with pytest.raises(EventUnavailable):
        records.outcome(REFERENCE)


def test_each_run_has_what_its_own_validate_prepared(records):
    again = replace(REFERENCE, run=2)
    records.keep_prepared(REFERENCE, {"comment": "Schön 💌"}, now=NOW)
    records.keep_prepared(again, {"comment": None}, now=NOW)
    records.keep_prepared(again, {"comment": None}, now=NOW)
    assert records.prepared(REFERENCE, now=NOW) == {"comment": "Schön 💌"}
    assert records.prepared(again, now=NOW) == {"comment": None}


@pytest.mark.parametrize("changes", [{"tenant": "brightnest"}, {"source": "other-crm"}])
def test_two_tenants_and_two_sources_with_the_same_ids_see_nothing_of_each_other(records, changes):
    other = replace(REFERENCE, **changes)
    record(records)
    records.keep_prepared(REFERENCE, {"identity": "Maria"}, now=NOW)
    records.mark_started(REFERENCE, "arn")
    assert records.receipt(other.record) is None
    for ask in (records.body, records.prepared):
        with pytest.raises(EventUnavailable):
            ask(other, now=NOW)
    assert record(records, other, body='{"b": 2}', payload_hash="h2") == Recorded("new", started=False)
    assert records.body(REFERENCE, now=NOW) == {"a": 1}


def test_every_key_begins_with_its_tenant_and_every_item_expires(records, stack):
    record(records)
    records.keep_prepared(REFERENCE, {}, now=NOW)
    records.record_failure(REFERENCE, {"error": "ModelRefused"}, now=NOW)
    items = stack.items("EventRecordsTable")
    assert {item["part"] for item in items} == {"receipt", "body", "prepared#1", "failure#1"}
    assert all(item["record"].startswith("greenedge#") for item in items)
    days = {item["part"]: (item["expiresAt"] - NOW.timestamp()) / 86_400 for item in items}
    assert days == {"receipt": 400, "body": 30, "prepared#1": 30, "failure#1": 400}


def test_an_event_id_may_be_anything_that_a_crm_sends(records):
    odd = replace(REFERENCE, event_id="ü#/\\💌" + "x" * 120)
    assert record(records, odd) == Recorded("new", started=False)
    assert records.receipt(odd.record)["eventId"] == odd.event_id
    assert asdict(odd)["event_id"] == odd.event_id
