import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from agent_platform.references import EventReference

from tests.builders import customer, long_history, outreach_requested, service_completed
from tests.integration.outreach.answers import EMAIL, draft, scores
from tests.integration.outreach.traces import PERSONAL, message
from tests.integration.stack import MACHINE, ROOT, TASKS


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


def test_each_state_adds_exactly_its_key(ready, begin, script):
    script(draft(), scores(5))
    document, name = begin(), MACHINE["StartAt"]
    while name:
        before = dict(document)
        document, following = ready.step(name, document)
        added = {MACHINE["States"][name]["ResultPath"].removeprefix("$.")} if name in TASKS else set()
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


def test_a_run_keeps_the_agents_and_the_brand_that_it_entered_with(ready, registry, begin, script):
    models = script(draft(), scores(5))
    document, name = ready.step("Validate", begin())
    brand = json.loads((ROOT / "brands/greenedge/brand.json").read_bytes())
    brand["company"]["name"] = "Someone Else"
    ready.add_brand("greenedge", json.dumps(brand).encode())
    old = registry.version("platform#outreach-writer", 1)
    changed = {**old.config, "model": "amazon.nova-micro-v1:0"}
    assert ready.release(changed, old.prompt, owner="platform", now=datetime.now(UTC)).version == 2
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
    names = ("days_since_last_service", "overdue_factor")
    aged = {name: {"value": None, "reason": "stale"} for name in names}
    assert second["features"]["values"] == first["features"]["values"] | aged
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
