"""Accounts of the local AWS beside each other: what one shares with the other, and what it doesn't."""

import json
import uuid

import boto3
import pytest
import requests
from botocore.exceptions import ClientError

from tests.integration.local_aws.conftest import zipped

OURS, OTHERS = "111111111111", "222222222222"
SOURCE = 'def lambda_handler(event, context): return {"statusCode": 200, "body": "hello"}'


@pytest.fixture
def client(account):
    """A client of a service in an account, by its owner's key."""

    def client(name, owner):
        running = account.running
        keys = {"aws_access_key_id": owner, "aws_secret_access_key": owner}
        return boto3.client(name, endpoint_url=running.endpoint, region_name=running.region, **keys)

    return client


@pytest.fixture
def bucket(client, account):
    """A bucket of the others with code and a template in it."""
    s3, name = client("s3", OTHERS), f"bucket-{uuid.uuid4().hex[:8]}"
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": account.running.region})
    s3.put_object(Bucket=name, Key="code.zip", Body=zipped({"app.py": SOURCE}))
    template = {"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}
    s3.put_object(Bucket=name, Key="template.json", Body=json.dumps(template))
    return name


@pytest.fixture
def shared(client, bucket):
    """The same, which its owner lets us read."""
    allow = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{OURS}:root"}, "Action": "s3:GetObject",
             "Resource": f"arn:aws:s3:::{bucket}/*"}  # fmt: skip
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    client("s3", OTHERS).put_bucket_policy(Bucket=bucket, Policy=policy)
    return bucket


def made(client, bucket):
    """A function of ours, by the code in a bucket."""
    function = {"FunctionName": f"function-{uuid.uuid4().hex[:8]}", "Runtime": "python3.13", "Timeout": 10}
    code = {"S3Bucket": bucket, "S3Key": "code.zip"}
    role = f"arn:aws:iam::{OURS}:role/any"
    return client("lambda", OURS).create_function(**function, Code=code, Role=role, Handler="app.lambda_handler")


def proposed(client, account, bucket):
    """A change set of ours, by the template in a bucket."""
    url = f"{account.running.endpoint}/{bucket}/template.json"
    asked = {"StackName": f"stack-{uuid.uuid4().hex[:8]}", "ChangeSetName": "one", "ChangeSetType": "CREATE"}
    cloudformation = client("cloudformation", OURS)
    made = cloudformation.create_change_set(**asked, TemplateURL=url)["Id"]
    return cloudformation.describe_change_set(ChangeSetName=made)["Changes"]


def test_code_and_templates_are_read_from_a_bucket_that_another_account_shares(client, account, shared):
    function = made(client, shared)["FunctionName"]
    answer = client("lambda", OURS).invoke(FunctionName=function)["Payload"].read()

    assert json.loads(answer)["body"] == "hello"
    assert [each["ResourceChange"]["LogicalResourceId"] for each in proposed(client, account, shared)] == ["Topic"]


def test_from_a_bucket_that_isn_t_shared_nothing_is_read(client, account, bucket):
    with pytest.raises(ClientError, match="not found"):
        proposed(client, account, bucket)


def test_an_api_is_reached_by_its_address_whichever_account_it_stands_in(client, account, shared):
    arn = made(client, shared)["FunctionArn"]
    gateway = client("apigateway", OURS)
    api = gateway.create_rest_api(name="the-api")["id"]
    root = gateway.get_resources(restApiId=api)["items"][0]["id"]
    method = {"restApiId": api, "resourceId": root, "httpMethod": "POST"}
    gateway.put_method(**method, authorizationType="NONE")
    uri = f"arn:aws:apigateway:{account.running.region}:lambda:path/2015-03-31/functions/{arn}/invocations"
    gateway.put_integration(**method, type="AWS_PROXY", integrationHttpMethod="POST", uri=uri)
    gateway.create_deployment(restApiId=api, stageName="live")
    answer = requests.post(f"{account.running.endpoint}/_aws/execute-api/{api}/live/", timeout=10)

    assert (answer.status_code, answer.text) == (200, "hello")
