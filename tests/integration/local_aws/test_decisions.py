"""What IAM decided on whoever took a role can be read, if one asks for it."""

import json

import boto3
import pytest
from botocore.exceptions import ClientError

from local_aws import service


@pytest.fixture
def reader(home, account_in, monkeypatch):
    """A client of SSM under a role that may read one parameter; the account knows a second one."""
    monkeypatch.setenv("AUTH", "true")
    monkeypatch.setenv("IAM_DECISIONS", str(home / "decisions.jsonl"))
    running = service.up()
    account = account_in(running)
    for name in ("/one", "/another"):
        account.client("ssm").put_parameter(Name=name, Value="known", Type="String")
    anybody = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    reads = {"Effect": "Allow", "Action": "ssm:GetParameter", "Resource": f"arn:aws:ssm:{running.region}:*:*/one"}
    iam = account.client("iam")
    role = iam.create_role(RoleName="reader", AssumeRolePolicyDocument=policy(anybody))["Role"]["Arn"]
    iam.put_role_policy(RoleName="reader", PolicyName="one", PolicyDocument=policy(reads))
    taken = account.client("sts").assume_role(RoleArn=role, RoleSessionName="a-test")["Credentials"]
    return boto3.client(
        "ssm", endpoint_url=running.endpoint, region_name=running.region, aws_access_key_id=taken["AccessKeyId"],
        aws_secret_access_key=taken["SecretAccessKey"], aws_session_token=taken["SessionToken"],
    )  # fmt: skip


def policy(statement):
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_what_a_role_was_allowed_and_refused_is_a_line_each(reader, home):
    reader.get_parameter(Name="/one")
    with pytest.raises(ClientError, match="AccessDenied"):
        reader.get_parameter(Name="/another")

    noted = [json.loads(line) for line in (home / "decisions.jsonl").read_text().splitlines()]
    assert [(each["role"], each["action"], each["resource"].rpartition("/")[2], each["allowed"]) for each in noted] == [
        ("reader", "ssm:GetParameter", "one", True),
        ("reader", "ssm:GetParameter", "another", False),
    ]
