import json
import time

import pytest
from agent_platform.errors import TransientError

from tests.builders import customer, service, service_completed
from tests.integration.outreach.answers import EMAIL, draft, scores
from tests.integration.outreach.traces import PERSONAL, message, published
from tests.integration.stack import PARAMETERS

RETENTION = PARAMETERS["RetentionDays"]


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
