import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from agent_platform.references import EventReference

from tests.builders import customer, long_history, outreach_requested, service, service_completed
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


def test_every_log_line_from_the_webhook_to_the_message_names_the_receipt(ready, begin, script, capsys):
    script(draft(), scores(2), draft(), scores(5))
    document = ready.run(begin())
    logged = [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"_aws"' not in line]
    receipt = EventReference.of(document).receipt
    assert {(line["correlation_id"], line["tenant"], line["event"]) for line in logged} == {
        (receipt, "greenedge", "msg_1")
    }
    states = [line["state"] for line in logged if "state" in line]
    assert states == ["Validate", "Enrich", "Retrieve", "Generate", "Judge", "Generate", "Judge", "Store"]
    agents = {line["state"]: line["agent"] for line in logged if "agent" in line}
    assert agents == {"Generate": "platform#outreach-writer", "Judge": "platform#outreach-judge"}
    assert {line["workflow"] for line in logged} == {"ingest", "outreach"}


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
    assert [each for each in ready.items("OutreachContactsTable") if "lastWrittenAt" in each] == []
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


def test_features_come_from_the_store_where_it_knows_the_event(ready, begin, script):
    script(draft(), scores(5))
    document = ready.run(begin())
    assert document["features"]["source"] == "store"
    assert document["features"]["as_of"] == document["request"]["as_of"]
    assert document["features"]["values"]["service_count"] == {"value": 2, "reason": None}


def test_what_the_queue_has_not_brought_yet_is_folded_from_the_event_itself_to_the_same_values(ready, begin, script):
    script(draft(), scores(5), draft(), scores(5))
    first = ready.run(begin(materialized=False))
    assert first["features"]["source"] == "event"
    assert ready.items("FeatureStoreTable") == []

    ready.invoke("OutreachMaterializeFeaturesFunction", ready.queued("OutreachFeaturesQueue"))
    second, _ = ready.step("Enrich", first)
    assert second["features"] == first["features"] | {"source": "store"}


def test_an_event_that_the_row_does_not_know_is_folded_together_with_the_history(ready, begin):
    begin()
    later = service_completed(service=service(id="job-1002", date="2026-05-19T14:00:00Z"), customer=customer())
    document = begin(later | {"timestamp": "2026-05-19T15:00:00Z"}, event_id="msg_2", materialized=False)
    for state in ("Validate", "Enrich"):
        document, _ = ready.step(state, document)
    features = document["features"]
    assert features["source"] == "event"
    assert features["values"]["service_count"]["value"] == 3
    assert len([item for item in ready.items("FeatureStoreTable") if item["view"].startswith("history#")]) == 1


def test_a_later_event_that_says_nothing_of_the_customer_leaves_the_row_as_it_is(ready, begin):
    begin()
    silent = outreach_requested(customer=customer(property=None)) | {"timestamp": "2026-05-20T15:00:00Z"}
    document = begin(silent, event_id="msg_2")
    for state in ("Validate", "Enrich"):
        document, _ = ready.step(state, document)
    assert document["features"]["source"] == "store"
    assert document["features"]["values"]["service_count"]["value"] == 2


def test_without_anything_known_features_are_unknown_and_never_zero(ready, begin, script):
    script(draft(), scores(5))
    document = ready.run(begin(outreach_requested(customer=customer(property=None))))
    assert document["features"]["source"] == "none"
    unknown = [each for name, each in document["features"]["values"].items() if name != "months_to_season"]
    assert unknown
    assert all(each["value"] is None and each["reason"] for each in unknown)


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
            "metadata": {"tenant": tenant, "purpose": "referral", "season": "any"},
        }
        for tenant in ("brightnest", "greenedge")
    ]
    ready.clients.answer("bedrock-agent-runtime:Retrieve", {"retrievalResults": results})
    models = script(draft(), scores(5))
    document = ready.run(begin())
    assert [item["source"] for item in document["passages"]["items"]] == ["greenedge"]
    assert "A case of greenedge." in models.texts(0)[-1]
    assert message(ready, document)["passages"] == ["greenedge"]


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
