from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta

import pytest
from agent_platform.errors import EventUnavailable, TransientError
from agent_platform.ingest.conclusions import conclusion
from agent_platform.ingest.events import EventRecords, Recorded
from agent_platform.ingest.receipts import Outcome, noted_in, outcome_in
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


# Events that start no run


VOIDED = replace(REFERENCE, event_type="service.voided")


def failure_of(stack):
    (failure,) = [item for item in stack.items("EventRecordsTable") if item["part"].startswith("failure#")]
    return failure


def test_an_event_that_starts_no_run_is_concluded_by_its_note_and_leaves_the_list_of_open_events(records):
    record(records, VOIDED)
    assert records.note(VOIDED, "features updated")
    receipt = records.receipt(VOIDED.record)
    assert outcome_in(receipt) == Outcome("noted", 1, "features updated", "")
    assert noted_in(receipt) == outcome_in(receipt)
    assert {"openShard", "dueAt"}.isdisjoint(receipt)


def test_a_second_note_changes_nothing(records, stack):
    record(records, VOIDED)
    records.note(VOIDED, "features updated")
    before = stack.contents()
    assert records.note(VOIDED, "something else")
    assert stack.contents() == before


def test_a_duplicate_of_what_was_noted_needs_no_publishing_and_a_failed_one_does(records):
    record(records, VOIDED)
    records.record_failure(VOIDED, {"error": "NeverStarted"}, now=NOW)
    assert record(records, VOIDED) == Recorded("duplicate", started=False)
    records.note(VOIDED, "features updated")
    assert record(records, VOIDED) == Recorded("duplicate", started=True)


def test_what_was_given_up_and_then_taken_in_has_no_current_failure(records, stack):
    record(records, VOIDED)
    records.record_failure(VOIDED, {"error": "NeverStarted"}, now=NOW)
    assert failure_of(stack)["current"]
    assert records.note(VOIDED, "features updated")
    assert not failure_of(stack)["current"]
    assert records.outcome(VOIDED).kind == "noted"


def test_a_failure_that_comes_after_the_note_is_kept_and_not_current(records, stack):
    record(records, VOIDED)
    records.note(VOIDED, "features updated")
    assert not records.record_failure(VOIDED, {"error": "NeverStarted"}, now=NOW)
    assert not failure_of(stack)["current"]
    assert records.outcome(VOIDED).kind == "noted"


def test_a_message_is_no_note_s_to_replace(records, stack):
    record(records)
    message = Outcome("message", 1, "approved", REFERENCE.execution_name)
    item = conclusion(records.table, REFERENCE, message, before=None)
    stack.clients("dynamodb").transact_write_items(TransactItems=[item])
    assert not records.note(REFERENCE, "features updated")
    assert records.outcome(REFERENCE) == message


def test_a_note_that_another_outcome_overtakes_is_tried_again(records, monkeypatch):
    record(records, VOIDED)
    looked = records.outcome

    def look_then_fail(reference):
        seen = looked(reference)
        records.record_failure(reference, {"error": "NeverStarted"}, now=NOW)
        return seen

    with monkeypatch.context() as patched:
        patched.setattr(records, "outcome", look_then_fail)
        with pytest.raises(TransientError, match="changed meanwhile"):
            records.note(VOIDED, "features updated")
    assert records.note(VOIDED, "features updated")


def test_an_unknown_event_can_t_be_noted_and_another_error_is_raised_as_it_is(records, stack):
    with pytest.raises(EventUnavailable):
        records.note(VOIDED, "features updated")
    record(records, VOIDED)
    stack.clients.fail("dynamodb:TransactWriteItems", "AccessDeniedException", 400)
    with pytest.raises(ClientError, match="AccessDenied"):
        records.note(VOIDED, "features updated")
