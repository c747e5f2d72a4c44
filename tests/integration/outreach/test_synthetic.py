"""A synthetic run goes the whole way, and nothing is counted, learned or sent because of it."""

import json
from types import SimpleNamespace

import pytest
from agent_platform.ingest.sources import Sources
from agent_platform.tenants import SYNTHETIC

from operations import messages as messages_door
from tests.builders import outcome_recorded
from tests.integration.outreach.answers import draft, scores
from tests.integration.outreach.traces import message, published

RECORD = "OutreachRecordOutcomeFunction"


@pytest.fixture
def written(ready, begin, script, probe):
    """The document of a synthetic run that came to an approved message."""
    script(draft(), scores(5))
    return ready.run(begin(sender=probe))


def test_its_message_is_stored_and_its_news_reach_nobody_who_sends(ready, written):
    assert message(ready, written)["status"] == "approved"
    (entry,) = published(ready)
    assert entry["DetailType"] == "synthetic.stored"
    assert json.loads(entry["Detail"]) == {"tenant": SYNTHETIC, "workflow": "outreach", **written["message"]}


def test_the_marketer_sees_it_only_by_its_name(ready, written):
    sources = Sources(
        table="SourcesTable", dummy_secret_arn="", dynamodb=ready.clients("dynamodb"), secrets_manager=None
    )
    stack = SimpleNamespace(
        dynamodb=ready.clients("dynamodb"), outputs={"OutreachMessages": "OutreachMessagesTable"}, sources=sources
    )
    kept = message(ready, written)

    assert list(messages_door.stored(stack)) == []
    assert list(messages_door.stored(stack, tenant=SYNTHETIC)) == [kept]
    assert messages_door.message(stack, kept["receipt"]) == kept


def test_no_metric_of_business_is_emitted(capsys, written):
    blobs = [json.loads(line)["_aws"] for line in capsys.readouterr().out.splitlines() if '"_aws"' in line]
    emitted = {metric["Name"] for blob in blobs for metric in blob["CloudWatchMetrics"][0]["Metrics"]}
    # A cold start is a process's and a slot the workflow's, whoever they first are for.
    assert emitted == {"ColdStarts", "SlotsTaken"}


def test_no_recording_is_left_to_learn_from(ready, written):
    assert ready.items("RecordingsTable") == []


def test_it_is_nobodys_neighbour(ready, written):
    assert ready.items("FeatureStoreTable")
    assert ready.clients("s3vectors").list_vectors(indexArn=ready.profiles_index)["vectors"] == []


def test_what_is_told_of_it_is_counted_nowhere(ready, probe, written):
    before = message(ready, written)
    told = outcome_recorded(message_id=written["message"]["message_id"], outcome="booked", value=245)
    ready.invoke("ReceiveWebhookFunction", probe.post(told, event_id="msg_told"))

    assert ready.invoke(RECORD, ready.queued("OutreachOutcomesQueue")) == {"batchItemFailures": []}

    assert message(ready, written) == before
    assert published(ready) == []
    [concluded] = [each for each in ready.items("EventRecordsTable") if each.get("eventId") == "msg_told"
                   and each["part"] == "receipt"]  # fmt: skip
    assert concluded["outcome"]["status"] == "nothing comes of a synthetic message"
