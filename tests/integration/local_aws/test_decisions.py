"""What IAM decided on whoever took a role can be read, if one asks for it."""

import json

import boto3
import pytest
from botocore.exceptions import ClientError

from local_aws import service


@pytest.fixture
def allowed(home, account_in, monkeypatch):
    """What makes a client under a role of its own that may do one thing; and the account's own clients."""
    monkeypatch.setenv("AUTH", "true")
    monkeypatch.setenv("IAM_DECISIONS", str(home / "decisions.jsonl"))
    running = service.up()
    account = account_in(running)

    def client(service_name, action, resource):
        anybody = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
        granted = {
            "Effect": "Allow",
            "Action": action,
            "Resource": f"arn:aws:{service_name}:{running.region}:*:{resource}",
        }
        iam = account.client("iam")
        role = iam.create_role(RoleName="somebody", AssumeRolePolicyDocument=policy(anybody))["Role"]["Arn"]
        iam.put_role_policy(RoleName="somebody", PolicyName="one", PolicyDocument=policy(granted))
        taken = account.client("sts").assume_role(RoleArn=role, RoleSessionName="a-test")["Credentials"]
        return boto3.client(
            service_name, endpoint_url=running.endpoint, region_name=running.region,
            aws_access_key_id=taken["AccessKeyId"], aws_secret_access_key=taken["SecretAccessKey"],
            aws_session_token=taken["SessionToken"],
        )  # fmt: skip

    return account, client


def policy(statement):
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def noted(home):
    decisions = [json.loads(line) for line in (home / "decisions.jsonl").read_text().splitlines()]
    return [(each["role"], each["action"], each["resource"].rpartition(":")[2], each["allowed"]) for each in decisions]


def test_what_a_role_was_allowed_and_refused_is_a_line_each(allowed, home):
    account, client = allowed
    for name in ("/one", "/another"):
        account.client("ssm").put_parameter(Name=name, Value="known", Type="String")
    reader = client("ssm", "ssm:GetParameter", "parameter/one")
    reader.get_parameter(Name="/one")
    with pytest.raises(ClientError, match="AccessDenied"):
        reader.get_parameter(Name="/another")

    assert noted(home) == [
        ("somebody", "ssm:GetParameter", "parameter/one", True),
        ("somebody", "ssm:GetParameter", "parameter/another", False),
    ]


def test_who_may_send_a_message_may_send_many_at_once_and_delete_none(allowed, home):
    account, client = allowed
    queue = account.client("sqs").create_queue(QueueName="waiting")["QueueUrl"]
    sender = client("sqs", "sqs:SendMessage", "waiting")
    entries = [{"Id": each, "MessageBody": each, "MessageGroupId": "a-tenant"} for each in ("one", "two")]
    assert len(sender.send_message_batch(QueueUrl=queue, Entries=entries)["Successful"]) == 2
    with pytest.raises(ClientError, match="AccessDenied"):
        sender.delete_message_batch(QueueUrl=queue, Entries=[{"Id": "one", "ReceiptHandle": "any"}])

    # MiniStack asks the queue's own policy besides, which is a line of its own.
    assert set(noted(home)) >= {
        ("somebody", "sqs:SendMessage", "waiting", True),
        ("somebody", "sqs:DeleteMessage", "waiting", False),
    }
