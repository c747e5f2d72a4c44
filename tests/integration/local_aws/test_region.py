"""The local region: everything that the stack is made of works in it, and on AWS it doesn't exist."""

import json
import uuid
from urllib.parse import urlsplit

import boto3
import pytest

REGION = "us-local-1"

# What the template is made of; IAM's one endpoint for all regions is the exception, and only CloudFormation calls it.
REGIONAL_SERVICES = [
    "apigateway",
    "bedrock-agent",
    "bedrock-agent-runtime",
    "bedrock-runtime",
    "cloudformation",
    "cloudwatch",
    "dynamodb",
    "events",
    "lambda",
    "logs",
    "s3",
    "s3vectors",
    "secretsmanager",
    "sns",
    "sqs",
    "ssm",
    "stepfunctions",
    "sts",
]

STACK = {
    "Resources": {
        "Table": {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
                "BillingMode": "PAY_PER_REQUEST",
            },
        },
        "Bus": {"Type": "AWS::Events::EventBus", "Properties": {"Name": {"Ref": "AWS::StackName"}}},
        "Queue": {"Type": "AWS::SQS::Queue"},
        "Rule": {
            "Type": "AWS::Events::Rule",
            "Properties": {
                "EventBusName": {"Ref": "Bus"},
                "EventPattern": {"source": ["crm"]},
                "Targets": [{"Id": "queue", "Arn": {"Fn::GetAtt": ["Queue", "Arn"]}}],
            },
        },
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []}},
        },
        "Function": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Runtime": "python3.13",
                "Handler": "index.lambda_handler",
                "Role": {"Fn::GetAtt": ["Role", "Arn"]},
                "Code": {"ZipFile": "def lambda_handler(event, context): print(event['Records'][0]['body'])"},
            },
        },
        "Consumer": {
            "Type": "AWS::Lambda::EventSourceMapping",
            "Properties": {
                "FunctionName": {"Ref": "Function"},
                "EventSourceArn": {"Fn::GetAtt": ["Queue", "Arn"]},
                "FunctionResponseTypes": ["ReportBatchItemFailures"],
                "ScalingConfig": {"MaximumConcurrency": 2},
            },
        },
        "Secret": {
            "Type": "AWS::SecretsManager::Secret",
            "Properties": {"GenerateSecretString": {"PasswordLength": 32}},
        },
        "Parameter": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": {"Ref": "AWS::Region"}}},
        "Machine": {
            "Type": "AWS::StepFunctions::StateMachine",
            "Properties": {
                "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
                "Definition": {
                    "StartAt": "Put",
                    "States": {
                        "Put": {
                            "Type": "Task",
                            "Resource": "arn:aws:states:::dynamodb:putItem",
                            "Parameters": {"TableName": "${Table}", "Item": {"pk": {"S.$": "$.key"}}},
                            "End": True,
                        }
                    },
                },
                "DefinitionSubstitutions": {"Table": {"Ref": "Table"}},
            },
        },
    },
    "Outputs": {
        "Arns": {
            "Value": {
                "Fn::Join": [
                    " ",
                    [
                        {"Fn::GetAtt": ["Table", "Arn"]},
                        {"Fn::GetAtt": ["Bus", "Arn"]},
                        {"Fn::GetAtt": ["Queue", "Arn"]},
                        {"Fn::GetAtt": ["Function", "Arn"]},
                        {"Fn::GetAtt": ["Secret", "Id"]},
                        {"Ref": "Machine"},
                    ],
                ]
            }
        },
    },
}


@pytest.fixture(scope="module")
def stack(account):
    """The physical ids of a deployed stack by logical id, its name and its outputs."""
    name = f"stack-{uuid.uuid4().hex[:8]}"
    cloudformation = account.client("cloudformation")
    cloudformation.create_stack(StackName=name, TemplateBody=json.dumps(STACK), Capabilities=["CAPABILITY_IAM"])
    cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    resources = cloudformation.describe_stack_resources(StackName=name)["StackResources"]
    [described] = cloudformation.describe_stacks(StackName=name)["Stacks"]
    return {
        **{resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in resources},
        "arns": described["Outputs"][0]["OutputValue"].split(),
    }


def test_every_arn_of_a_stack_is_in_the_local_region_and_account(stack):
    assert len(stack["arns"]) == 6
    assert {tuple(arn.split(":")[3:5]) for arn in stack["arns"]} == {(REGION, "000000000000")}


def test_an_event_goes_from_the_bus_to_the_queue_to_the_function(account, stack, until):
    account.client("events").put_events(
        Entries=[{"EventBusName": stack["Bus"], "Source": "crm", "DetailType": "done", "Detail": '{"event": "e-17"}'}]
    )

    [event] = until(lambda: [line for line in account.log_lines(stack["Function"]) if "e-17" in line])

    assert json.loads(event)["region"] == REGION


def test_a_state_machine_writes_to_the_table(account, stack, until):
    states = account.client("stepfunctions")
    started = states.start_execution(stateMachineArn=stack["Machine"], input='{"key": "greenedge"}')

    assert until(lambda: states.describe_execution(executionArn=started["executionArn"])["status"] == "SUCCEEDED")

    found = account.client("dynamodb").get_item(TableName=stack["Table"], Key={"pk": {"S": "greenedge"}})
    assert found["Item"] == {"pk": {"S": "greenedge"}}


def test_secrets_and_parameters_are_read(account, stack):
    secret = account.client("secretsmanager").get_secret_value(SecretId=stack["Secret"])
    parameter = account.client("ssm").get_parameter(Name=stack["Parameter"])

    assert len(secret["SecretString"]) == 32
    assert parameter["Parameter"]["Value"] == REGION


def test_a_bucket_is_made_in_the_local_region(account):
    s3, name = account.client("s3"), f"cases-{uuid.uuid4().hex[:8]}"

    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket=name, Key="case.md", Body=b"a case")

    assert s3.get_bucket_location(Bucket=name)["LocationConstraint"] == REGION
    assert s3.get_object(Bucket=name, Key="case.md")["Body"].read() == b"a case"


@pytest.mark.parametrize("service", REGIONAL_SERVICES)
def test_without_the_endpoint_variable_a_call_has_nowhere_to_go(service, monkeypatch):
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)

    endpoint = urlsplit(session.client(service).meta.endpoint_url).hostname

    partitions = session.get_available_partitions()
    regions = {region for partition in partitions for region in session.get_available_regions(service, partition)}
    assert REGION in endpoint.split(".")
    assert REGION not in regions
