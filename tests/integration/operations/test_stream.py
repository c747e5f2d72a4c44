"""An event that is put into the stream is one that the reader takes in; what it refused is shown until forgotten."""

import base64
import json
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from agent_platform.ingest.refusals import Refusal

from examples.producer import Producer
from operations import stream
from operations.terminal import Problem
from tests.builders import service_completed

BODY = json.dumps(service_completed())


@pytest.fixture
def streamed(account, stack):
    """A stack with a stream of one shard."""
    kinesis = stack.clients("kinesis")
    kinesis.create_stream(StreamName="the-stream", ShardCount=1)
    return SimpleNamespace(**vars(account) | {"outputs": account.outputs | {"EventStreamName": "the-stream"}})


def delivered(stack):
    """The stream's records, as Lambda delivers them."""
    kinesis = stack.clients("kinesis")
    shard = kinesis.describe_stream(StreamName="the-stream")["StreamDescription"]["Shards"][0]["ShardId"]
    iterator = kinesis.get_shard_iterator(StreamName="the-stream", ShardId=shard, ShardIteratorType="TRIM_HORIZON")
    records = kinesis.get_records(ShardIterator=iterator["ShardIterator"])["Records"]
    return [
        {
            "eventID": f"{shard}:{each['SequenceNumber']}",
            "kinesis": {
                "sequenceNumber": each["SequenceNumber"],
                "partitionKey": each["PartitionKey"],
                "approximateArrivalTimestamp": each["ApproximateArrivalTimestamp"].timestamp(),
                "data": base64.b64encode(each["Data"]).decode(),
            },
        }
        for each in records
    ]


def test_an_event_that_is_put_there_is_taken_in_under_its_customer_s_key(stack, crm, streamed):
    place = stream.put(streamed, crm.source, crm.secret, BODY, event_id="msg_1")

    [record] = delivered(stack)
    assert place == record["eventID"]
    assert record["kinesis"]["partitionKey"] == service_completed()["data"]["customer"]["id"]
    assert stack.invoke("ReadStreamFunction", {"Records": [record]}) == {"batchItemFailures": []}
    assert {item["eventId"] for item in stack.items("EventRecordsTable") if item["part"] == "receipt"} == {"msg_1"}
    assert list(stream.refused(streamed)) == []


def test_what_an_integrator_s_producer_sends_twice_is_taken_in_once(stack, crm, streamed):
    producer = Producer(stack.clients("kinesis"), "the-stream", crm.source, crm.secret)
    for event_id in ("msg_1", "msg_2", "msg_1"):
        producer.put(service_completed(), event_id=event_id, customer="crm-77")

    records = delivered(stack)
    assert {each["kinesis"]["partitionKey"] for each in records} == {"crm-77"}
    assert stack.invoke("ReadStreamFunction", {"Records": records}) == {"batchItemFailures": []}
    assert list(stream.refused(streamed)) == []
    detail = [json.loads(message["body"])["detail"]["event_id"] for message in stack.queued()["Records"]]
    assert sorted(set(detail)) == ["msg_1", "msg_2"]
    assert len([item for item in stack.items("EventRecordsTable") if item["part"] == "receipt"]) == 2


@pytest.mark.parametrize("body", ["{", "[]", '{"data": {"customer": 5}}', '{"data": {"customer": {"id": ""}}}'])
def test_what_names_no_customer_is_put_there_all_the_same(stack, crm, streamed, body):
    stream.put(streamed, crm.source, crm.secret, body, event_id="msg_1")

    [record] = delivered(stack)
    assert record["kinesis"]["partitionKey"] == "msg_1"


def test_what_was_refused_is_shown_with_every_problem_until_it_is_forgotten(stack, crm, streamed):
    for number in range(12):
        stream.put(streamed, crm.source, crm.secret, "{}", event_id=f"msg_{number}")
    records = delivered(stack)
    stack.invoke("ReadStreamFunction", {"Records": records})
    places = {each["eventID"].partition(":")[2] for each in records}

    for forget in (False, True):
        found = list(stream.refused(streamed, forget=forget))
        assert {each.first for each in found} == places
        assert len(found) == 12
        assert all(each.status == 422 and each.errors for each in found)
    assert list(stream.refused(streamed)) == []


def test_what_lambda_gave_up_is_shown_as_well(stack, streamed):
    """The message is the one that AWS documents."""
    given_up = {
        "requestContext": {"condition": "RetryAttemptsExhausted", "approximateInvokeCount": 101},
        "version": "1.0",
        "timestamp": "2026-11-20T00:38:06.021Z",
        "KinesisBatchInfo": {
            "shardId": "shardId-000000000001",
            "startSequenceNumber": "1",
            "endSequenceNumber": "5",
            "approximateArrivalOfFirstRecord": "2026-11-20T00:38:04.835Z",
            "approximateArrivalOfLastRecord": "2026-11-20T00:38:05.580Z",
            "batchSize": 5,
            "streamArn": "arn:aws:kinesis:us-east-2:123456789012:stream/the-stream",
        },
    }
    stack.clients("sqs").send_message(QueueUrl=streamed.outputs["StreamRefusalsUrl"], MessageBody=json.dumps(given_up))

    [found] = stream.refused(streamed)

    detail = "Lambda gave up 5: RetryAttemptsExhausted."
    assert found == Refusal("shardId-000000000001", "1", "5", "2026-11-20T00:38:04.835Z", 503, detail, ())
    assert datetime.fromisoformat(found.arrived_at) < datetime.now(UTC)


def test_a_stack_without_a_stream_says_how_to_get_one(account):
    with pytest.raises(Problem, match="StreamIngest=on"):
        stream.put(SimpleNamespace(**vars(account), account="dev"), "a-crm", "whsec_AAAA", BODY, event_id="msg_1")
