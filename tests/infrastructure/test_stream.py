"""The stream's way in: off unless asked for, and a record that can't be taken in holds nobody up for ever."""

import pytest

from tests.infrastructure import template
from tests.infrastructure.template import resources, text, transformed, written

READER = "ReadStreamFunction"
OF_THE_STREAM = {"EventStream", "EventProducerPolicy", READER, "ReadStreamFunctionRole", "ReadStreamLogPolicy",
                 "ReadStreamLogs", "StreamBehind"}  # fmt: skip


@pytest.fixture
def mapping():
    """What CloudFormation makes of the reader's event."""
    [made] = [each for each in resources("AWS::Lambda::EventSourceMapping", of=transformed()).values()
              if text(each["Properties"]["EventSourceArn"]) == "${EventStream.Arn}"]  # fmt: skip
    return made


def test_it_is_off_unless_asked_for_and_costs_nothing_then(mapping):
    assert written()["Parameters"]["StreamIngest"]["Default"] == "off"
    assert {
        name for name, each in written()["Resources"].items() if each.get("Condition") == "Streams"
    } == OF_THE_STREAM
    assert mapping["Condition"] == "Streams"


def test_a_record_that_kills_the_reader_is_found_by_halves_and_then_given_up(mapping):
    properties = mapping["Properties"]

    assert properties["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert properties["BisectBatchOnFunctionError"] is True
    assert properties["MaximumRetryAttempts"] > 0, "-1 is for ever"
    assert text(properties["DestinationConfig"]["OnFailure"]["Destination"]) == "${StreamRefusals.Arn}"


def test_what_was_given_up_can_still_be_read_where_it_lies(mapping):
    kept = resources("AWS::Kinesis::Stream")["EventStream"]["Properties"]["RetentionPeriodHours"] * 3600

    assert 0 < mapping["Properties"]["MaximumRecordAgeInSeconds"] < kept / 2


def test_records_are_read_from_the_first_on_and_encrypted(mapping):
    assert mapping["Properties"]["StartingPosition"] == "TRIM_HORIZON", "LATEST loses what came before the deployment"
    assert resources("AWS::Kinesis::Stream")["EventStream"]["Properties"]["StreamEncryption"]["EncryptionType"] == "KMS"


def test_who_puts_events_there_may_do_nothing_else():
    [statement] = resources("AWS::IAM::ManagedPolicy")["EventProducerPolicy"]["Properties"]["PolicyDocument"][
        "Statement"
    ]

    assert statement["Action"] == ["kinesis:PutRecord", "kinesis:PutRecords"]
    assert text(statement["Resource"]) == "${EventStream.Arn}"


def test_the_reader_may_do_with_an_event_what_the_webhook_may():
    """Admission is the webhook's alone: pushing back on a shard would hold up everybody on it."""
    door = template.function("ReceiveWebhookFunction").properties["Policies"][0]["Statement"]
    [policy] = resources("AWS::IAM::Role")["ReadStreamFunctionRole"]["Properties"]["Policies"]
    reader = policy["PolicyDocument"]["Statement"]

    assert [each for each in door if each not in reader and "AdmissionTable" not in str(each)] == []


def test_the_reader_may_read_its_stream_as_lambda_does_for_it_and_no_other():
    """What AWSLambdaKinesisExecutionRole has, without the listing of streams and the fan-out, which it doesn't use."""
    [policy] = resources("AWS::IAM::Role")["ReadStreamFunctionRole"]["Properties"]["Policies"]
    [reading] = [each for each in policy["PolicyDocument"]["Statement"] if "kinesis:GetRecords" in each["Action"]]

    assert {action.partition(":")[2] for action in reading["Action"]} == {
        "DescribeStream", "DescribeStreamSummary", "GetRecords", "GetShardIterator", "ListShards",
    }  # fmt: skip
    assert text(reading["Resource"]) == "${EventStream.Arn}"
