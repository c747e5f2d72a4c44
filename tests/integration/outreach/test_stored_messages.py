import json
import time
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta

import pytest
from agent_platform.errors import TransientError
from agent_platform.ingest.events import EventRecords
from agent_platform.references import EventReference
from outreach.mail_law.rule_sets import VERSION

from tests.builders import customer, service, service_completed
from tests.integration.outreach.answers import EMAIL, draft, scores
from tests.integration.outreach.traces import PERSONAL, measured, message, published
from tests.integration.stack import PARAMETERS

RETENTION = PARAMETERS["RetentionDays"]


def test_a_stored_message_has_its_legal_footer_and_anchors_for_our_own_links(ready, begin, script):
    script(draft(), scores(5))
    stored = message(ready, ready.run(begin()))
    assert "14 Clover Row" in stored["text"]
    leave = f"https://greenedge.example/unsubscribe?message={stored['messageId']}"
    assert f"Unsubscribe at any time: {leave}" in stored["text"]
    assert f'<a href="{leave}">' in stored["html"]
    assert stored["headers"] == {
        "List-Unsubscribe": f"<{leave}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    assert '<a href="https://greenedge.example/refer">' in stored["html"]


def test_a_stored_message_says_by_which_law_and_on_whose_consent_it_was_written(ready, begin, script):
    script(draft(), scores(5))
    law = message(ready, ready.run(begin()))["law"]
    assert law == {"rules": "us-can-spam", "version": VERSION, "country": "US", "basis": "express", "breaches": []}


def test_a_mail_that_breaks_the_law_is_rejected_whatever_the_judge_said(ready, begin, script):
    script(draft(), scores(5))
    document, state = begin(), "Validate"
    while state != "Store":
        document, state = ready.step(state, document)
    document["verdict"]["best"]["subject"] = "Fwd: a thank you"
    stored = message(ready, ready.step("Store", document)[0])
    assert stored["status"] == "rejected"
    [breach] = stored["law"]["breaches"]
    assert breach.startswith("honest_subject: ")


def test_a_message_is_stored_with_its_claims_and_what_each_was_held_against(ready, begin, script):
    script(draft(), scores(5))
    document = ready.run(begin())
    stored = message(ready, document)
    by_slot = {each["slot"]: each for each in stored["ledger"]}
    assert {each["result"] for each in stored["ledger"]} == {"slot"}
    assert stored["sources"][by_slot["offer.amount"]["source"]] in stored["text"]
    assert stored["sources"][by_slot["customer.first_name"]["source"]] == "Maria"
    assert [value for value in PERSONAL if value in json.dumps(stored["ledger"])] == []
    assert "ledger" not in json.dumps(document)


def test_what_a_model_wrote_is_escaped_and_its_links_are_no_anchors(ready, begin, script):
    said = '<script>alert("hi")</script> https://elsewhere.example/x'
    script(*[draft(body=EMAIL["body"].replace("no rush", said)), scores(5)] * 3)
    stored = message(ready, ready.run(begin()))
    assert stored["status"] == "rejected"
    assert "<script>" not in stored["html"]
    assert "&lt;script&gt;" in stored["html"]
    assert 'href="https://elsewhere.example' not in stored["html"]
    assert "https://elsewhere.example/x" in stored["html"]


def test_a_run_frees_its_slot_when_it_is_stored_and_a_rerun_takes_none(ready, begin, script):
    script(*[draft(), scores(5)] * 2)
    document = begin()

    def slots():
        return [row["subject"] for row in ready.items("AdmissionTable") if row["series"] == "greenedge#slots"]

    assert slots() == [EventReference.of(document).execution_name]
    for run in (1, 2):
        ready.run({**document, "run": run})
        assert slots() == []


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
    logged = capsys.readouterr().out
    assert measured(logged, "ColdStarts")
    assert [metric for metric in ("MessagesGenerated", "EndToEndTime") if measured(logged, metric)] == []


def test_store_emits_the_metrics_that_alarms_read(ready, begin, script, capsys):
    script(draft(), scores(2), draft(), scores(5))
    ready.run(begin())
    logged = capsys.readouterr().out
    expected = {"ApprovalRate": 100, "JudgeScore": 5, "GenerationTime": 1400, "MessagesGenerated": 1, "RetryRate": 100}
    dimensions = {"workflow": "outreach", "agent": "platform#outreach-writer", "version": "1"}
    for metric, value in {**expected, "Findings": 0}.items():
        assert measured(logged, metric) == [(value, dimensions)], metric
    judged = {**dimensions, "agent": "platform#outreach-judge"}
    assert measured(logged, "JudgeApproval") == [(100, judged)]
    [(took, workflow_only)] = measured(logged, "EndToEndTime")
    assert workflow_only == {"workflow": "outreach"}
    assert 0 < took < 60_000
    assert measured(logged, "FeatureRowHit") == [(100, {"workflow": "outreach"})]
    assert measured(logged, "Skips") == []


def test_the_findings_of_the_draft_that_was_kept_are_counted(ready, begin, script, capsys):
    worse = draft(body=EMAIL["body"].replace("{{offer.amount}}", "$999"))
    script(worse, scores(3), worse, scores(2), worse, scores(1))
    stored = message(ready, ready.run(begin()))
    [(found, _)] = measured(capsys.readouterr().out, "Findings")
    assert found == len(stored["findings"]) > 0


def test_a_rerun_is_timed_from_when_it_was_wanted(ready, begin, script, capsys):
    script(draft(), scores(5), draft(), scores(5))
    first = begin()
    ready.run(first)
    rerun = replace(EventReference.of(first), run=2)
    records = EventRecords(table="EventRecordsTable", retention_days=0, dynamodb=ready.clients("dynamodb"))
    wanted = datetime.now(UTC) - timedelta(hours=3)
    records.mark_started(EventReference.of(first), "an-execution")
    assert records.begin_rerun(rerun, "another", now=wanted)
    capsys.readouterr()
    ready.run(asdict(rerun))
    [(took, _)] = measured(capsys.readouterr().out, "EndToEndTime")
    assert 0 <= took - 3 * 3_600_000 < 60_000


def test_a_run_whose_event_is_not_materialized_yet_finds_no_row(ready, begin, script, capsys):
    script(draft(), scores(5))
    ready.run(begin(materialized=False))
    assert measured(capsys.readouterr().out, "FeatureRowHit") == [(0, {"workflow": "outreach"})]


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


def test_a_recording_has_what_drift_is_looked_for_in(ready, begin, script):
    script(draft(), scores(2), draft(), scores(5))
    document = ready.run(begin())
    (recording,) = ready.items("RecordingsTable")
    measured_of_it = json.loads(recording["material"])["measured"]
    stored, features = message(ready, document), document["features"]["values"]

    assert measured_of_it["agents"] == {
        "writer": {"agent_id": "platform#outreach-writer", "version": 1},
        "judge": {"agent_id": "platform#outreach-judge", "version": 1},
    }
    inputs = measured_of_it["inputs"]
    assert (inputs["purpose"], inputs["locale"]) == ("referral", document["request"]["locale"])
    assert inputs["lifetime_value"] == features["lifetime_value"]["value"]
    assert inputs["property_features"] == len(features["property_features"]["value"])
    assert set(features) - set(inputs) == {"months_to_season"}
    assert measured_of_it["retrieval"]["passages"] == len(document["passages"]["items"])
    outputs = measured_of_it["outputs"]
    assert outputs == {
        "approved": True, "attempts": 2, "score": 5.0, "scores": {each["criterion"]: 5 for each in stored["scores"]},
        "findings": 0, "length": len(stored["text"]),
    }  # fmt: skip


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
            # Whom a message was written to, by a reference that names nobody, is known for longer.
            longest = RETENTION + 730 if "#message#" in item.get("contact", "") else RETENTION
            assert days <= (400 if item.get("part") == "receipt" else longest), (name, item.get("part"))


def test_a_rejected_message_carries_the_findings_and_scores_of_the_draft_whose_text_it_has(ready, begin, script):
    worse = draft(body=EMAIL["body"].replace("{{offer.amount}}", "$999"))
    script(draft(), scores(3), worse, scores(2), worse, scores(1))
    stored = message(ready, ready.run(begin()))
    assert (stored["status"], stored["score"], stored["findings"]) == ("rejected", 3.0, [])
    assert {each["score"] for each in stored["scores"]} == {3}
    assert "$999" not in stored["text"]


def test_the_offers_conditions_and_the_sender_go_with_the_message(ready, begin, script):
    script(draft(), scores(5))
    stored = message(ready, ready.run(begin()))
    conditions = "Both credits are applied after"
    assert conditions in stored["text"]
    assert stored["text"].index(conditions) < stored["text"].index("unsubscribe")
    assert stored["sender"]["email"].endswith("@greenedge.example")


def test_more_repairs_than_fit_are_counted(ready, begin, script):
    script(draft(), scores(5))
    untidy = [service(id=f"job-{number}", price=" $45 ", crew="") for number in range(80)]
    document = ready.run(begin(service_completed(customer=customer(*untidy))))
    repairs = document["request"]["repairs"]
    assert len(repairs) == 51
    assert "further repairs" in repairs[-1]["what"]
