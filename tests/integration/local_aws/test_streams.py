"""A Kinesis stream and who reads it: in order, from the first record on, and again from the one that failed."""

import uuid

import pytest

READER = """
import base64

tried = []

def lambda_handler(event, context):
    for record in event["Records"]:
        read = base64.b64decode(record["kinesis"]["data"]).decode()
        print("read", read, record["eventID"].endswith(":" + record["kinesis"]["sequenceNumber"]),
              type(record["kinesis"]["approximateArrivalTimestamp"]).__name__)
        if read == "fails once" and read not in tried:
            tried.append(read)
            return {"batchItemFailures": [{"itemIdentifier": record["kinesis"]["sequenceNumber"]}]}
    return {"batchItemFailures": []}
"""


@pytest.fixture
def stream(account):
    name = f"stream-{uuid.uuid4().hex[:8]}"
    account.client("kinesis").create_stream(StreamName=name, StreamModeDetails={"StreamMode": "ON_DEMAND"})
    return name


def test_what_failed_is_read_again_and_nothing_after_it_is_lost(account, stream, until):
    kinesis, reader = account.client("kinesis"), account.deploy(READER)
    for data in ("first", "fails once", "last"):
        kinesis.put_record(StreamName=stream, Data=data.encode(), PartitionKey="a customer")
    arn = kinesis.describe_stream_summary(StreamName=stream)["StreamDescriptionSummary"]["StreamARN"]
    account.client("lambda").create_event_source_mapping(
        EventSourceArn=arn, FunctionName=reader.name, StartingPosition="TRIM_HORIZON", BatchSize=100,
        FunctionResponseTypes=["ReportBatchItemFailures"],
    )  # fmt: skip

    def read():
        return [line.split("read ", 1)[1].strip() for line in account.log_lines(reader.name) if "read " in line]

    assert until(lambda: any("last" in line for line in read()))
    assert list(dict.fromkeys(read())) == ["first True float", "fails once True float", "last True float"]
    assert [line.partition(" True")[0] for line in read()].count("fails once") == 2
