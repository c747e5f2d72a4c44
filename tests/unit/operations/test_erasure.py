"""What a receipt of a forgotten customer says without a stack: whose an event is, and until when what remains stays."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from agent_platform.experiments.leaving import Participation
from agent_platform.inference import ledger
from agent_platform.tenants import customer_reference
from outreach.erasure.person import Person

from operations.erasure.remains import (
    LEDGER_DAYS,
    OLD_VERSION_DAYS,
    RECOVERY_DAYS,
    STREAM_DAYS,
    UPLOAD_DAYS,
    remains_of,
)
from tests.infrastructure.template import resources

KEY, NOW = b"k", datetime(2026, 11, 22, tzinfo=UTC)
PERSON = Person("greenedge", customer_reference("greenedge", "77", key=KEY), KEY)
OUTPUTS = dict.fromkeys(("OutreachContacts", "EventRecords", "OutreachCases", "Experiments", "Cases", "Evaluations",
                         "CostLedger", "Inbox"), "a-table")  # fmt: skip


def remains(*, unreadable=(), **outputs):
    stack = SimpleNamespace(outputs=OUTPUTS | outputs, parameters={"RetentionDays": "30"})
    return remains_of(SimpleNamespace(stack=stack, now=NOW, unreadable=unreadable))


@pytest.mark.parametrize("given", ["77", " 77 ", 77, 77.0])
def test_a_customer_is_theirs_however_the_crm_writes_the_id(given):
    assert PERSON.is_subject_of({"data": {"customer": {"id": given}}}, messages=())


@pytest.mark.parametrize(
    ("said", "theirs"),
    [
        ({"data": {"customer": {"id": "78"}}}, False),
        ({"identity": {"customer_id": "77"}}, True),
        ({"identity": {"customer_id": "78"}}, False),
        ({"data": {"message_id": "a"}}, True),
        ({"data": {"message_id": "b"}}, False),
        ({"data": "77"}, None),
        ({"data": {"customer": None}}, None),
        (None, None),
    ],
)
def test_an_event_is_theirs_by_its_customer_or_by_its_message(said, theirs):
    assert PERSON.is_subject_of(said, messages={"a"}) is theirs


def test_another_tenant_s_customer_with_the_same_id_is_another_person():
    other = Person("brightnest", PERSON.reference, KEY)

    assert other.is_subject_of({"data": {"customer": {"id": "77"}}}, messages=()) is False


def test_a_person_who_is_printed_shows_no_key():
    assert "key" not in repr(PERSON)


def test_the_last_day_of_backups_is_named():
    [backups] = [each for each in remains() if each.where == "point-in-time recovery"]

    assert backups.until == "2026-12-27"


def test_no_table_names_another_time_for_its_backups():
    """DynamoDB's own default, unless a table says otherwise."""
    named = [table["Properties"]["PointInTimeRecoverySpecification"] for table in
             resources("AWS::DynamoDB::Table").values()]  # fmt: skip

    assert RECOVERY_DAYS == 35
    assert all("RecoveryPeriodInDays" not in each for each in named)


def test_files_go_and_the_stream_forgets_when_it_is_told():
    rules = resources("AWS::S3::Bucket")["InboxBucket"]["Properties"]["LifecycleConfiguration"]["Rules"]
    [inbox] = [rule for rule in rules if rule.get("Prefix") == "inbox/"]
    [stream] = resources("AWS::Kinesis::Stream").values()

    assert inbox["ExpirationInDays"] == UPLOAD_DAYS
    assert inbox["NoncurrentVersionExpiration"]["NoncurrentDays"] < OLD_VERSION_DAYS
    assert stream["Properties"]["RetentionPeriodHours"] == 24 * STREAM_DAYS


def test_the_books_are_kept_as_long_as_is_told():
    assert LEDGER_DAYS == ledger._KEPT_DAYS


def test_a_stream_s_records_and_what_nobody_can_read_are_told_where_there_are_any():
    whole = {each.what for each in remains()}
    more = {each.what for each in remains(unreadable=[1, 2], EventStreamName="a-stream")}

    assert more - whole == {"records as they were sent", "2 contents that keep no contract"}


def test_who_leaves_a_rollout_leaves_what_came_of_them_to_the_day_and_another_name_each_time():
    row = {
        "experiment": "a-writer#2", "customer": "greenedge#c-1", "version": 2, "arm": "candidate", "bucket": 7_001,
        "share": 5_000, "at": "2026-11-20T09:10:11Z", "expiresAt": 1,
        "outcomes": {"ApprovalRate": {"value": 1.0, "maturedAt": "2026-11-20T09:12:00Z"}},
    }  # fmt: skip
    left, again = Participation(row).of_nobody(), Participation(row).of_nobody()

    assert left.pop("customer").startswith("greenedge#nobody-")
    assert left == {
        "experiment": "a-writer#2", "version": 2, "arm": "candidate", "share": 5_000, "at": "2026-11-20T00:00:00Z",
        "expiresAt": 1, "outcomes": {"ApprovalRate": {"value": 1.0, "maturedAt": "2026-11-20T00:00:00Z"}},
    }  # fmt: skip
    assert again["customer"] != Participation(row).of_nobody()["customer"]
