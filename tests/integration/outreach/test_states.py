import json
import time
from dataclasses import replace
from datetime import UTC, datetime

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

from tests.builders import customer, long_history, outreach_requested, service, service_completed
from tests.fakes import completion
from tests.integration.outreach.answers import EMAIL, draft, scores
from tests.integration.stack import MACHINE, ROOT

STATES = [name for name, state in MACHINE["States"].items() if state["Type"] == "Task"]
PERSONAL = ("Maria", "Oliveira", "maria.oliveira@example.com", "5550100177", "Elm Court", "crm-77")


def message(stack, document):
    (found,) = [
        item for item in stack.items("OutreachMessagesTable") if item["messageId"] == document["message"]["message_id"]
    ]
    return found


def published(stack):
    return [call.parameters["Entries"][0] for call in stack.clients.calls if call.operation == "PutEvents"]


def test_a_good_draft_becomes_an_approved_message(ready, begin, script):
    script(draft(), scores(5))
    document = ready.run(begin())
    assert document["message"]["status"] == "approved"
    stored = message(ready, document)
    assert stored["subject"] == "A small thank-you from GreenEdge Lawn Care"
    assert "Hi Maria," in stored["text"]
    assert "https://greenedge.example/refer" in stored["text"]
    assert "{{" not in stored["text"] + stored["subject"] + stored["html"]
    assert "{{customer.first_name}}" in stored["slots"]["body"]
    assert stored["recipient"] == "maria.oliveira@example.com"
    assert (stored["score"], len(stored["attempts"])) == (5, 1)
    assert (stored["inputTokens"], stored["outputTokens"], stored["costMicros"], stored["modelCalls"]) == (
        200,
        100,
        60,
        2,
    )
    assert stored["agents"]["writer"] == {"agent_id": "platform#outreach-writer", "version": 1}


def test_a_stored_message_has_its_legal_footer_and_anchors_for_our_own_links(ready, begin, script):
    script(draft(), scores(5))
    stored = message(ready, ready.run(begin()))
    assert "14 Clover Row" in stored["text"]
    assert '<a href="https://greenedge.example/unsubscribe">' in stored["html"]
    assert '<a href="https://greenedge.example/refer">' in stored["html"]


def test_what_a_model_wrote_is_escaped_and_its_links_are_no_anchors(ready, begin, script):
    said = '<script>alert("hi")</script> https://elsewhere.example/x'
    script(*[draft(body=EMAIL["body"].replace("no rush", said)), scores(5)] * 3)
    stored = message(ready, ready.run(begin()))
    assert stored["status"] == "rejected"
    assert "<script>" not in stored["html"]
    assert "&lt;script&gt;" in stored["html"]
    assert 'href="https://elsewhere.example' not in stored["html"]
    assert "https://elsewhere.example/x" in stored["html"]


def test_each_state_adds_exactly_its_key(ready, begin, script):
    script(draft(), scores(5))
    document, name = begin(), MACHINE["StartAt"]
    while name:
        before = dict(document)
        document, following = ready.step(name, document)
        added = {MACHINE["States"][name]["ResultPath"].removeprefix("$.")} if name in STATES else set()
        assert document.keys() - before.keys() == added
        assert {key: document[key] for key in before} == before
        name = following


def test_nothing_personal_travels_in_the_document_or_the_logs(ready, begin, script, capsys):
    script(draft(), scores(5))
    document = ready.run(begin())
    said = json.dumps(document, ensure_ascii=False) + capsys.readouterr().out
    assert [value for value in PERSONAL if value in said] == []


def test_a_document_stays_small_whatever_the_event_held(ready, begin, script):
    lines = [line | {"comment": None} for line in long_history(500)]
    script(draft(), scores(5))
    document = ready.run(begin(service_completed(customer=customer(*lines))))
    assert document["request"]["history_length"] > 490
    assert len(json.dumps(document)) < 64 * 1024


def test_a_rejected_draft_is_written_again_with_its_feedback(ready, begin, script):
    models = script(draft(), scores(2), draft(subject="Thank you from {{company.name}}"), scores(5))
    document = ready.run(begin())
    stored = message(ready, document)
    assert (stored["status"], len(stored["attempts"])) == ("approved", 2)
    assert stored["subject"] == "Thank you from GreenEdge Lawn Care"
    assert '"feedback"' in models.texts(2)[-1]
    assert models.calls[0]["model"] == "us.amazon.nova-lite-v1:0"
    assert models.calls[1]["model"] == "us.amazon.nova-pro-v1:0"


def test_never_approved_is_stored_as_rejected_with_every_attempt_and_no_contact(ready, begin, script):
    script(*(answer for score in (2, 3, 1) for answer in (draft(), scores(score))))
    stored = message(ready, ready.run(begin()))
    assert (stored["status"], stored["score"], len(stored["attempts"])) == ("rejected", 3, 3)
    assert ready.items("OutreachContactsTable") == []
    assert len(ready.items("RecordingsTable")) == 1


@pytest.mark.parametrize("placeholder", ["{{offer.prize}}", "{{ }}", "{{Customer Name}}"])
def test_a_placeholder_that_nobody_knows_is_a_rejection_and_no_failure(ready, begin, script, placeholder):
    script(*[draft(body=EMAIL["body"] + f" {placeholder}"), scores(5)] * 3)
    stored = message(ready, ready.run(begin()))
    assert stored["status"] == "rejected"
    assert "".join(placeholder.split()) in "".join(stored["text"].split())


SKIPS = {
    "no_consent": service_completed(customer=customer(service(), consent=None)),
    "no_email": service_completed(customer=customer(service(), email="maria.oliveira at example")),
    "satisfaction_too_low": service_completed(service=service(satisfaction=2)),
    "no_such_offer": outreach_requested(offer_wanted={"purpose": "upsell", "offer_id": "free-lunch"}),
    "offer_not_valid": outreach_requested(offer_wanted={"purpose": "referral", "offer_id": "spring-referral-2024"}),
}


@pytest.mark.parametrize("reason", SKIPS)
def test_a_skip_is_stored_with_its_reason_and_calls_no_model(ready, begin, script, reason):
    models = script()
    document = ready.run(begin(SKIPS[reason]))
    assert document.keys() & {"features", "passages", "draft", "verdict"} == set()
    stored = message(ready, document)
    assert (stored["status"], stored["skip"]["reason"]) == ("skipped", reason)
    assert models.calls == []
    assert ready.items("RecordingsTable") == ready.items("OutreachContactsTable") == []


def test_who_was_written_to_is_left_alone_for_the_brands_interval(ready, begin, script):
    script(draft(), scores(5))
    ready.run(begin())
    document = ready.run(begin(outreach_requested(), event_id="msg_2"))
    assert message(ready, document)["skip"]["reason"] == "contacted_recently"


def test_who_was_rejected_is_not_counted_as_written_to(ready, begin, script):
    script(*[draft(), scores(1)] * 3, draft(), scores(5))
    ready.run(begin())
    document = ready.run(begin(event_id="msg_2"))
    assert document["message"]["status"] == "approved"


def test_who_is_suppressed_is_skipped(ready, begin, script):
    script(draft(), scores(5))
    customer_reference = ready.run(begin())["request"]["customer"]
    key = {"contact": {"S": f"greenedge#{customer_reference}"}}
    ready.clients("dynamodb").put_item(TableName="OutreachContactsTable", Item=key | {"suppressed": {"S": "complaint"}})
    document = ready.run(begin(event_id="msg_2"))
    assert message(ready, document)["skip"]["reason"] == "suppressed"


def test_the_bus_hears_of_a_stored_message_without_its_text(ready, begin, script):
    script(draft(), scores(5))
    document = ready.run(begin())
    (entry,) = published(ready)
    assert (entry["Source"], entry["DetailType"]) == ("referral-system", "message.stored")
    assert json.loads(entry["Detail"]) == {"tenant": "greenedge", "workflow": "outreach", **document["message"]}


def test_a_store_whose_news_failed_is_repeated_without_storing_or_measuring_twice(ready, begin, script, capsys):
    script(draft(), scores(5))
    document = ready.run(begin())
    before = ready.contents()
    capsys.readouterr()
    failed = {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "InternalFailure"}]}
    ready.clients.answer("events:PutEvents", failed)
    with pytest.raises(TransientError):
        ready.step("Store", document)
    again, _ = ready.step("Store", document)
    assert again["message"] == document["message"]
    assert len(published(ready)) == 1
    assert ready.contents() == before
    assert "_aws" not in capsys.readouterr().out


def test_store_emits_the_metrics_that_alarms_read(ready, begin, script, capsys):
    script(draft(), scores(2), draft(), scores(5))
    ready.run(begin())
    (blob,) = [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"_aws"' in line]
    names = {metric["Name"] for metric in blob["_aws"]["CloudWatchMetrics"][0]["Metrics"]}
    assert names == {"ApprovalRate", "JudgeScore", "GenerationTime", "MessagesGenerated", "RetryRate"}
    assert (blob["ApprovalRate"], blob["JudgeScore"], blob["RetryRate"]) == ([100], [5], [100])
    assert blob["GenerationTime"] == [1400]


def test_a_recording_is_what_the_run_had_before_it_redacted_and_as_long_lived_as_its_message(ready, begin, script):
    script(draft(), scores(5))
    document = ready.run(begin())
    (recording,) = ready.items("RecordingsTable")
    material = json.loads(recording["material"])
    assert material["request"] == document["request"]
    assert (material["features"], material["passages"]) == (document["features"], document["passages"])
    assert material["request"]["brand"]["version_id"]
    assert [value for value in PERSONAL if value in recording["material"]] == []
    assert recording["expiresAt"] == message(ready, document)["expiresAt"]


def test_every_item_with_personal_data_expires_with_the_retention(ready, begin, script):
    script(draft(), scores(5))
    ready.run(begin())
    for name in (
        "EventRecordsTable",
        "FeatureStoreTable",
        "OutreachMessagesTable",
        "OutreachContactsTable",
        "RecordingsTable",
    ):
        items = ready.items(name)
        assert items, name
        for item in items:
            days = (item["expiresAt"] - time.time()) / 86_400
            assert days <= (400 if item.get("part") == "receipt" else 30), (name, item.get("part"))


def test_a_run_keeps_the_agents_and_the_brand_that_it_entered_with(ready, registry, begin, script):
    models = script(draft(), scores(5))
    document, name = ready.step("Validate", begin())
    brand = json.loads((ROOT / "brands/greenedge/brand.json").read_bytes())
    brand["company"]["name"] = "Someone Else"
    ready.add_brand("greenedge", json.dumps(brand).encode())
    old = registry.resolve("outreach-writer", tenant="greenedge")
    changed = {**old.config, "model": "amazon.nova-micro-v1:0"}
    registry.register(changed, old.prompt, owner="platform", allowed_models=[changed["model"]], now=datetime.now(UTC))
    while name:
        document, name = ready.step(name, document)
    assert models.calls[0]["model"] == "us.amazon.nova-lite-v1:0"
    assert "Someone Else" not in message(ready, document)["text"]
    assert message(ready, document)["agents"]["writer"]["version"] == 1


def test_features_come_from_the_store_where_the_event_has_no_history(ready, begin, script):
    script(draft(), scores(5), draft(), scores(5))
    first = ready.run(begin())
    assert first["features"]["source"] == "event"
    ready.clients("dynamodb").delete_item(
        TableName="OutreachContactsTable", Key={"contact": {"S": f"greenedge#{first['request']['customer']}"}}
    )
    second = ready.run(begin(outreach_requested(customer=customer()), event_id="msg_2"))
    assert second["features"]["source"] == "store"
    assert second["features"]["values"] == first["features"]["values"]
    assert second["features"]["as_of"] == "2026-05-12T15:02:11Z"


def test_without_history_and_without_a_row_features_are_unknown_and_never_zero(ready, begin, script):
    script(draft(), scores(5))
    document = ready.run(begin(outreach_requested(customer=customer())))
    assert document["features"]["source"] == "none"
    unknown = [each for each in document["features"]["values"].values() if each["value"] is None]
    assert unknown
    assert all(each["reason"] for each in unknown)


def test_without_a_knowledge_base_it_is_said_so(ready, begin, script):
    script(draft(), scores(5))
    assert ready.run(begin())["passages"] == {"status": "not_configured", "items": []}


def test_passages_are_the_tenants_own_and_named_in_the_message(ready, begin, script):
    ready.clients("ssm").put_parameter(
        Name=ready._ids["KnowledgeBaseId"], Value="KB12345678", Type="String", Overwrite=True
    )
    results = [
        {
            "content": {"text": f"A case of {tenant}."},
            "location": {"type": "S3", "s3Location": {"uri": f"s3://cases/{tenant}.md"}},
            "score": 0.9,
            "metadata": {"tenant": tenant, "purpose": "referral"},
        }
        for tenant in ("brightnest", "greenedge")
    ]
    ready.clients.answer("bedrock-agent-runtime:Retrieve", {"retrievalResults": results})
    models = script(draft(), scores(5))
    document = ready.run(begin())
    assert [item["source"] for item in document["passages"]["items"]] == ["greenedge.md"]
    assert "A case of greenedge." in models.texts(0)[-1]
    assert message(ready, document)["passages"] == ["greenedge.md"]


def test_two_tenants_with_the_same_customer_and_event_share_nothing(ready, begin, script, crm, other_crm):
    script(draft(), scores(5), *[draft(), scores(1)] * 3)
    one = ready.run(begin())
    other = ready.run(begin(sender=other_crm))
    assert one["request"]["customer"] != other["request"]["customer"]
    assert one["message"]["message_id"] != other["message"]["message_id"]
    assert (one["message"]["status"], other["message"]["status"]) == ("approved", "rejected")
    assert "GreenEdge" not in json.dumps(other)
    assert "GreenEdge" not in message(ready, other)["text"]
    for name, items in ready.contents().items():
        keys = {"EventRecordsTable": "record", "FeatureStoreTable": "entity", "OutreachMessagesTable": "message",
                "OutreachContactsTable": "contact", "RecordingsTable": "recording"}  # fmt: skip
        if name in keys:
            tenants = {item[keys[name]].partition("#")[0] for item in items}
            assert tenants <= {"greenedge", "brightnest"}, name


def test_a_rerun_writes_again_and_supersedes(ready, begin, script):
    script(draft(), scores(1), draft(), scores(1), draft(), scores(1), draft(), scores(5))
    first = ready.run(begin())
    reference = EventReference.of(first)
    second = ready.run({"run": 2} | {name: first[name] for name in ("tenant", "source", "event_id", "event_type")})
    assert message(ready, first)["status"] == "superseded"
    assert message(ready, second)["status"] == "approved"
    assert second["message"]["message_id"] == replace(reference, run=2).execution_name


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


@pytest.mark.parametrize("state", STATES)
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
    with pytest.raises(ConfigurationError, match="no brand file greenedge/brand.json: .* run scripts/seed"):
        ready.step("Validate", document)


def test_a_state_may_be_repeated_without_another_result(ready, begin, script):
    script(draft(), draft(), scores(5), scores(5))
    document, name = begin(), "Validate"
    while name:
        once, following = ready.step(name, document)
        twice, _ = ready.step(name, document)
        # The run's time is Validate's own clock, which a repeated Validate reads again.
        if name != "Validate":
            assert once == twice, name
        document, name = once, following
    assert len(ready.items("OutreachMessagesTable")) == 1
