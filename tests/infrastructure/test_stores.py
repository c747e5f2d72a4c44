"""Tables, buckets and queues: what keeps data keeps it safe, and no longer than it may."""

import pytest

from tests.infrastructure import template
from tests.infrastructure.template import resources, text

# Every other table holds personal data, and what it holds expires.
WITHOUT_PERSONAL_DATA = {
    "SourcesTable": "systems, not people; a source ends when it is removed",
    "AgentRegistryTable": "versions of agents, which runs refer to for ever",
    "CaseCreditsTable": "counts by case and by arm, and nothing of a customer",
}
IN_PROD = {"Fn::If": ["IsProd", "Retain", "Delete"]}
TWO_WEEKS = 14 * 24 * 60 * 60

EVERY_TABLE = pytest.mark.parametrize(("name", "table"), resources("AWS::DynamoDB::Table").items())
EVERY_BUCKET = pytest.mark.parametrize(("name", "bucket"), resources("AWS::S3::Bucket").items())
EVERY_QUEUE = pytest.mark.parametrize(("name", "queue"), resources("AWS::SQS::Queue").items())
CONSUMED = [
    (function, event["Properties"])
    for function in template.functions()
    for event in function.properties.get("Events", {}).values()
    if event["Type"] == "SQS"
]
EVERY_CONSUMER = pytest.mark.parametrize(("function", "event"), CONSUMED)


@EVERY_TABLE
def test_a_table_costs_what_is_used_and_can_be_restored(name, table):
    properties = table["Properties"]

    assert properties["BillingMode"] == "PAY_PER_REQUEST"
    assert properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert properties["SSESpecification"] == {"SSEEnabled": True}


@EVERY_TABLE
def test_nobody_deletes_a_table_in_prod_by_mistake(name, table):
    assert table["Properties"]["DeletionProtectionEnabled"] == {"Fn::If": ["IsProd", True, False]}


@pytest.mark.parametrize(("name", "store"), resources("AWS::DynamoDB::Table", "AWS::S3::Bucket").items())
def test_in_prod_data_outlives_the_stack(name, store):
    assert store["DeletionPolicy"] == IN_PROD
    assert store["UpdateReplacePolicy"] == "Retain"


@EVERY_TABLE
def test_personal_data_expires(name, table):
    expiry = table["Properties"].get("TimeToLiveSpecification")

    assert expiry == (None if name in WITHOUT_PERSONAL_DATA else {"AttributeName": "expiresAt", "Enabled": True})


def test_the_tables_without_personal_data_exist():
    assert set(WITHOUT_PERSONAL_DATA) < set(resources("AWS::DynamoDB::Table"))


@EVERY_BUCKET
def test_a_bucket_is_private_versioned_and_encrypted(name, bucket):
    properties = bucket["Properties"]

    assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(properties["PublicAccessBlockConfiguration"]) == 4
    assert properties["VersioningConfiguration"] == {"Status": "Enabled"}
    assert properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]


@EVERY_BUCKET
def test_a_bucket_refuses_plain_http(name, bucket):
    [policy] = [
        each for each in resources("AWS::S3::BucketPolicy").values() if each["Properties"]["Bucket"] == {"Ref": name}
    ]
    [statement] = policy["Properties"]["PolicyDocument"]["Statement"]

    assert policy["Condition"] == "IsAws", "the local AWS speaks plain HTTP"
    assert statement["Effect"] == "Deny"
    assert (statement["Principal"], statement["Action"]) == ("*", "s3:*")
    assert {text(each) for each in statement["Resource"]} == {f"${{{name}.Arn}}", f"${{{name}.Arn}}/*"}
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


@EVERY_QUEUE
def test_a_queue_is_encrypted(name, queue):
    assert queue["Properties"]["SqsManagedSseEnabled"] is True


@EVERY_QUEUE
def test_what_nobody_could_use_is_kept_for_two_weeks(name, queue):
    """A queue either has dead letters of its own, or is where they lie."""
    redrive = queue["Properties"].get("RedrivePolicy")
    if redrive is None:
        assert queue["Properties"]["MessageRetentionPeriod"] == TWO_WEEKS
        return
    target, attribute = redrive["deadLetterTargetArn"]["Fn::GetAtt"]
    dead_letters = resources("AWS::SQS::Queue")[target]["Properties"]
    assert redrive["maxReceiveCount"] == 5
    assert attribute == "Arn"
    assert "RedrivePolicy" not in dead_letters
    # A message's age counts on in the dead-letter queue.
    assert dead_letters["MessageRetentionPeriod"] > queue["Properties"]["MessageRetentionPeriod"]


def test_every_queue_but_the_dead_letters_is_consumed():
    consumed = {event["Queue"]["Fn::GetAtt"][0] for _, event in CONSUMED}

    assert consumed == {
        name for name, queue in resources("AWS::SQS::Queue").items() if "RedrivePolicy" in queue["Properties"]
    }


@EVERY_CONSUMER
def test_a_message_is_not_seen_again_while_it_is_worked_on(function, event):
    queue = resources("AWS::SQS::Queue")[event["Queue"]["Fn::GetAtt"][0]]

    assert queue["Properties"]["VisibilityTimeout"] >= 6 * function.timeout


@EVERY_CONSUMER
def test_only_the_messages_that_failed_come_again(function, event):
    assert event["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


@EVERY_CONSUMER
def test_a_consumer_s_concurrency_is_a_literal_of_two_or_more(function, event):
    """AWS takes no less than two, and the local AWS silently consumes nothing if it isn't a literal."""
    assert type(event["ScalingConfig"]["MaximumConcurrency"]) is int
    assert event["ScalingConfig"]["MaximumConcurrency"] >= 2
