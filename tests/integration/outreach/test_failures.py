import pytest
from agent_platform.errors import (
    ConfigurationError,
    EventUnavailable,
    InvalidEvent,
    MalformedOutput,
    OutputTruncated,
    TransientError,
    UnexpectedError,
)
from agent_platform.references import EventReference

from tests.fakes import completion
from tests.integration.outreach.answers import draft, scores
from tests.integration.outreach.traces import PERSONAL
from tests.integration.stack import TASKS

FAILURES = {
    "a throttled model": ("Generate", [TransientError("converse: ThrottlingException")], TransientError),
    "a truncated answer": ("Generate", [OutputTruncated("the answer ended at max_tokens")], OutputTruncated),
    "no shape, twice": ("Generate", [completion("Sure!"), completion("Sure!")], MalformedOutput),
    "a judge without shape, twice": ("Judge", [draft(), completion("4/5"), completion("4/5")], MalformedOutput),
    "a defect": ("Generate", [ZeroDivisionError("maria.oliveira@example.com")], UnexpectedError),
}


@pytest.mark.parametrize("name", FAILURES)
def test_a_failure_of_a_model_has_a_name_and_stores_no_message(ready, begin, script, capsys, name):
    state, answers, error = FAILURES[name]
    script(*answers)
    document, following = begin(), "Validate"
    while following != state:
        document, following = ready.step(following, document)
    with pytest.raises(error) as raised:
        ready.step(state, document)
    assert type(raised.value) is error
    assert ready.items("OutreachMessagesTable") == []
    assert [value for value in PERSONAL if value in str(raised.value) + capsys.readouterr().out] == []


@pytest.mark.parametrize("state", TASKS)
def test_in_every_state_a_throttled_call_is_transient_and_a_denied_one_is_not(ready, begin, script, state):
    calls = {
        "Validate": "dynamodb:GetItem", "Enrich": "dynamodb:GetItem", "Retrieve": "ssm:GetParameter",
        "Generate": "dynamodb:GetItem", "Judge": "dynamodb:GetItem", "Store": "dynamodb:TransactWriteItems",
    }  # fmt: skip
    script(draft(), scores(5))
    document, following = begin(), "Validate"
    while following != state:
        document, following = ready.step(following, document)
    for code, error in (("ThrottlingException", TransientError), ("AccessDeniedException", ConfigurationError)):
        ready.clients.fail(calls[state], code, 400)
        with pytest.raises(error, match=code) as raised:
            ready.step(state, document)
        assert type(raised.value) is error
        assert "marisol" not in str(raised.value)
    document, _ = ready.step(state, document)


def test_an_event_without_a_record_is_unavailable(ready, script):
    reference = {
        "tenant": "greenedge",
        "source": "greenedge-crm",
        "event_id": "nowhere",
        "event_type": "service.completed",
    }
    with pytest.raises(EventUnavailable):
        ready.step("Validate", {**reference, "run": 1})


def test_a_recorded_event_that_no_contract_accepts_is_invalid(ready, begin):
    document = begin()
    record = EventReference.of(document).record
    ready.clients("dynamodb").update_item(
        TableName="EventRecordsTable",
        Key={"record": {"S": record}, "part": {"S": "body"}},
        UpdateExpression="SET event = :event",
        ExpressionAttributeValues={":event": {"S": '{"type": "service.completed", "version": 1}'}},
    )
    with pytest.raises(InvalidEvent, match="2 problems, the first at /data"):
        ready.step("Validate", document)


def test_a_tenant_without_a_brand_file_is_told_what_to_do(ready, begin, crm):
    document = begin()
    versions = ready.clients("s3").list_object_versions(Bucket="brandsbucket", Prefix="greenedge/")["Versions"]
    for version in versions:
        ready.clients("s3").delete_object(Bucket="brandsbucket", Key=version["Key"], VersionId=version["VersionId"])
    with pytest.raises(ConfigurationError, match=r"no brand file greenedge/brand\.json .* run scripts/seed"):
        ready.step("Validate", document)
