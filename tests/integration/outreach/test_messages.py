from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from agent_platform.errors import ConflictingOutcome, EventUnavailable, TransientError
from agent_platform.ingest.events import EventRecords
from agent_platform.recordings import Recording
from agent_platform.references import EventReference
from botocore.exceptions import ClientError
from outreach.contacts import Contact, Contacts
from outreach.messages import ContactChanged, Messages, _Settings

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
AT = "2026-11-20T09:00:00Z"
EXPIRY = 1_800_000_000
AFTER_TWO_YEARS = datetime.fromtimestamp(EXPIRY, UTC) + timedelta(days=730)
FIRST = EventReference("greenedge", "greenedge-crm", "msg_1", "service.completed")
SECOND = replace(FIRST, run=2)
INTERVAL_DAYS = 45


class Store:
    """The store of messages on a stack, with an event that was recorded."""

    def __init__(self, stack):
        dynamodb = stack.clients("dynamodb")
        self.stack = stack
        self.records = EventRecords(table=stack.table("EventRecordsTable"), retention_days=30, dynamodb=dynamodb)
        self.contacts = Contacts(table=stack.table("OutreachContactsTable"), dynamodb=dynamodb)
        own = _Settings(stack.table("OutreachMessagesTable"), stack.table("RecordingsTable"))
        self.messages = Messages(own, dynamodb=dynamodb, records=self.records, contacts=self.contacts)

    def record(self, reference=FIRST):
        self.records.record(reference, "{}", payload_hash="h", now=NOW)

    def store(self, reference=FIRST, status="approved", customer="c-1", at=AT):
        name = reference.execution_name
        message = {
            "message": f"{reference.tenant}#{name}",
            "messageId": name,
            "tenant": reference.tenant,
            "storedAt": f"{AT}#{name}",
            "asOf": at,
            "receipt": reference.receipt,
            "customer": customer,
            "status": status,
            "expiresAt": EXPIRY,
        }
        recording = Recording(reference.tenant, "outreach", "referral", AT, name, {"request": {}})
        stored = self.messages.store(message, recording, reference, interval_days=INTERVAL_DAYS)
        return stored.new

    def status(self, reference):
        found = self.messages.find(reference.tenant, reference.execution_name)
        return found and found["status"]

    def fail(self, reference):
        return self.records.record_failure(reference, {"error": "ModelRefused"}, now=NOW)

    def failure(self, run):
        items = self.stack.items("EventRecordsTable")
        return next(item for item in items if item["part"] == f"failure#{run}")


@pytest.fixture
def store(stack):
    made = Store(stack)
    made.record()
    return made


def test_a_message_is_stored_once_with_recording_contact_and_outcome(store):
    assert store.store() is True
    assert store.status(FIRST) == "approved"
    assert store.contacts.find("greenedge", "c-1") == Contact(AT, None)
    (recording,) = store.stack.items("RecordingsTable")
    assert recording["recording"] == f"greenedge#{FIRST.execution_name}"
    assert recording["series"] == "greenedge#outreach#referral"
    outcome = store.records.outcome(FIRST)
    assert (outcome.kind, outcome.run, outcome.status, outcome.execution) == (
        "message",
        1,
        "approved",
        FIRST.execution_name,
    )


def test_the_second_store_of_a_run_finds_its_own_message_and_changes_nothing(store):
    store.store()
    before = store.stack.contents()
    assert store.store() is False
    assert store.stack.contents() == before


@pytest.mark.parametrize(
    ("status", "contacts", "addressees"), [("approved", 1, 1), ("rejected", 0, 1), ("skipped", 0, 0)]
)
def test_a_contact_is_noted_for_approved_messages_and_an_addressee_for_written_ones(
    store, status, contacts, addressees
):
    store.store(status=status)
    assert store.status(FIRST) == status
    noted = [each["contact"] for each in store.stack.items("OutreachContactsTable")]
    assert noted.count("greenedge#c-1") == contacts
    assert noted.count(f"greenedge#message#{FIRST.execution_name}") == addressees
    assert len(store.stack.items("RecordingsTable")) == 1


def test_whom_a_message_was_written_to_is_known_for_two_years_after_it_is_gone(store):
    store.store()
    known = store.contacts.addressee("greenedge", FIRST.execution_name, now=AFTER_TWO_YEARS - timedelta(seconds=1))
    assert (known["customer"], known["asOf"]) == ("c-1", AT)
    assert known.keys() == {"contact", "customer", "asOf", "expiresAt"}
    assert store.contacts.addressee("greenedge", FIRST.execution_name, now=AFTER_TWO_YEARS) is None


def test_every_item_expires(store):
    store.store()
    for name in ("OutreachMessagesTable", "RecordingsTable"):
        assert [item["expiresAt"] for item in store.stack.items(name)] == [EXPIRY], name
    noted = sorted(item["expiresAt"] for item in store.stack.items("OutreachContactsTable"))
    assert noted == [EXPIRY, AFTER_TWO_YEARS.timestamp()]


@pytest.mark.parametrize("before", ["approved", "rejected", "skipped"])
def test_a_reruns_message_supersedes_the_one_before_of_any_kind(store, before):
    store.store(status=before)
    assert store.store(SECOND, status="rejected") is True
    assert (store.status(FIRST), store.status(SECOND)) == ("superseded", "rejected")
    assert store.records.outcome(FIRST).execution == SECOND.execution_name


@pytest.mark.parametrize("reference", [FIRST, SECOND], ids=["of a redriven run", "of a rerun"])
def test_a_message_supersedes_a_failure(store, reference):
    store.fail(FIRST)
    store.store(reference)
    assert store.failure(1)["current"] is False
    assert store.records.outcome(FIRST).kind == "message"


def test_a_failure_after_the_message_leaves_it_current(store):
    store.store()
    assert store.fail(SECOND) is False
    assert (store.status(FIRST), store.records.outcome(FIRST).kind) == ("approved", "message")


def test_a_later_runs_failure_gives_way_to_an_earlier_runs_message(store):
    store.fail(SECOND)
    assert store.store(FIRST) is True
    assert (store.records.outcome(FIRST).kind, store.failure(2)["current"]) == ("message", False)


def test_a_run_that_comes_after_a_later_ones_message_is_in_conflict_and_changes_nothing(store):
    store.store(SECOND)
    before = store.stack.contents()
    with pytest.raises(ConflictingOutcome, match="run 2 has an outcome already"):
        store.store(FIRST)
    assert store.stack.contents() == before


def meanwhile(store, happens):
    """Let something happen between this run's look at the outcome and its transaction, once."""
    look = store.records.receipt_of

    def looked(reference):
        seen = look(reference)
        store.records.receipt_of = look
        happens()
        return seen

    store.records.receipt_of = looked


def test_who_loses_a_race_against_another_run_tries_again_and_then_sees_it(store):
    store.fail(FIRST)
    meanwhile(store, lambda: Store(store.stack).store(FIRST))
    with pytest.raises(TransientError):
        store.store(SECOND)
    assert store.status(SECOND) is None
    assert store.store(SECOND) is True
    assert (store.status(FIRST), store.status(SECOND)) == ("superseded", "approved")
    assert store.failure(1)["current"] is False


def test_who_loses_a_race_against_the_same_run_has_stored_it(store):
    meanwhile(store, lambda: Store(store.stack).store(FIRST))
    assert store.store(FIRST) is False
    assert len(store.stack.items("OutreachMessagesTable")) == 1


def test_a_failure_that_is_recorded_meanwhile_is_superseded_at_the_next_try(store):
    meanwhile(store, lambda: Store(store.stack).fail(FIRST))
    with pytest.raises(TransientError):
        store.store(FIRST)
    assert store.store(FIRST) is True
    assert store.failure(1)["current"] is False


@pytest.mark.parametrize("code", ["AccessDeniedException", "ThrottlingException"])
def test_aws_errors_are_raised_as_they_are_and_nothing_is_stored(store, code):
    before = store.stack.contents()
    store.stack.clients.fail("dynamodb:TransactWriteItems", code, 400)
    with pytest.raises(ClientError, match=code):
        store.store()
    assert store.stack.contents() == before


def test_an_event_that_was_never_recorded_can_have_no_outcome(stack):
    with pytest.raises(EventUnavailable):
        Store(stack).store()
    assert stack.items("OutreachMessagesTable") == []


def test_two_tenants_with_the_same_ids_see_nothing_of_each_other(store):
    other = replace(FIRST, tenant="brightnest")
    store.record(other)
    store.store()
    assert store.messages.find("brightnest", FIRST.execution_name) is None
    assert store.contacts.find("brightnest", "c-1") == Contact(None, None)
    assert store.records.outcome(other) is None
    assert store.store(other, status="rejected") is True
    assert (store.status(FIRST), store.status(other)) == ("approved", "rejected")


def test_messages_are_listed_by_tenant_and_time_from_the_index(store):
    store.store()
    listed = store.stack.clients("dynamodb").query(
        TableName="OutreachMessagesTable",
        IndexName="ByTime",
        KeyConditionExpression="tenant = :tenant AND storedAt >= :since",
        ExpressionAttributeValues={":tenant": {"S": "greenedge"}, ":since": {"S": "2026-11-20"}},
    )
    assert [item["messageId"]["S"] for item in listed["Items"]] == [FIRST.execution_name]


def test_recordings_are_found_by_tenant_workflow_purpose_and_time(store):
    store.store()
    listed = store.stack.clients("dynamodb").query(
        TableName="RecordingsTable",
        IndexName="BySeries",
        KeyConditionExpression="series = :series AND recordedAt >= :since",
        ExpressionAttributeValues={":series": {"S": "greenedge#outreach#referral"}, ":since": {"S": "2026-11"}},
    )
    assert listed["Count"] == 1


OTHER_EVENT = replace(FIRST, event_id="msg_2")


def test_of_two_events_for_one_customer_that_were_decided_at_once_one_is_written(store):
    store.record(OTHER_EVENT)
    store.store()
    with pytest.raises(ContactChanged):
        store.store(OTHER_EVENT)
    assert store.status(OTHER_EVENT) is None
    assert store.store(OTHER_EVENT, status="skipped") is True


@pytest.mark.parametrize(("at", "allowed"), [("2027-01-04T08:59:59Z", False), ("2027-01-04T09:00:00Z", True)])
def test_the_next_message_is_stored_once_the_interval_is_over(store, at, allowed):
    store.record(OTHER_EVENT)
    store.store()
    if allowed:
        assert store.store(OTHER_EVENT, at=at) is True
    else:
        with pytest.raises(ContactChanged):
            store.store(OTHER_EVENT, at=at)


def test_an_older_run_never_moves_the_contact_back(store):
    store.record(OTHER_EVENT)
    store.store(at="2026-11-25T09:00:00Z")
    with pytest.raises(ContactChanged):
        store.store(OTHER_EVENT, at=AT)
    assert store.contacts.find("greenedge", "c-1").last_written_at == "2026-11-25T09:00:00Z"


def test_a_customer_suppressed_meanwhile_gets_no_message(store):
    contact = {"contact": {"S": "greenedge#c-1"}, "suppressed": {"S": "unsubscribed"}}
    store.stack.clients("dynamodb").put_item(TableName=store.stack.table("OutreachContactsTable"), Item=contact)
    with pytest.raises(ContactChanged):
        store.store()
    assert store.stack.items("OutreachContactsTable") == [{"contact": "greenedge#c-1", "suppressed": "unsubscribed"}]


def test_another_run_of_the_same_event_may_write_again(store):
    store.store()
    assert store.contacts.find("greenedge", "c-1", receipt=FIRST.receipt) == Contact(None, None)
    assert store.store(SECOND) is True


def test_the_contact_outlives_the_interval_where_data_is_kept_for_a_shorter_time(store):
    store.store(at="2026-12-20T09:00:00Z")
    [contact] = [each for each in store.stack.items("OutreachContactsTable") if "lastWrittenAt" in each]
    assert contact["expiresAt"] == int(datetime(2027, 2, 4, 9, tzinfo=UTC).timestamp())


def test_a_superseded_message_that_expired_does_not_come_back(store):
    store.store()
    key = {"message": {"S": f"greenedge#{FIRST.execution_name}"}}
    store.stack.clients("dynamodb").delete_item(TableName=store.stack.table("OutreachMessagesTable"), Key=key)
    store.store(SECOND)
    assert store.status(FIRST) is None
