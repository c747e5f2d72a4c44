"""Cost allocation tags: every profile gives its stack the same two, and CloudFormation hands them on to what costs."""

from functools import cache

import pytest
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from operations import accounts
from operations.stack import Stack
from tests.infrastructure.template import resources, transformed, walk

# What can have no tags of a stack, and why its costs are told apart all the same.
UNTAGGED = {
    "AWS::ApiGateway::Deployment": "free; its stage has them",
    "AWS::ApiGateway::GatewayResponse": "free",
    "AWS::Bedrock::GuardrailVersion": "billed by what its guardrail reads, which has them",
    "AWS::Bedrock::DataSource": "what it ingests is billed to the model and the index",
    "AWS::CloudWatch::AnomalyDetector": "billed to the alarm that reads it, which has them",
    "AWS::IAM::ManagedPolicy": "free",
    "AWS::IAM::Policy": "free",
    "AWS::Lambda::EventInvokeConfig": "free",
    "AWS::Lambda::LayerVersion": "billed as storage of code, of which an account has 75 GB for nothing",
    "AWS::Lambda::Permission": "free",
    "AWS::Logs::QueryDefinition": "free",
    "AWS::OpenSearchServerless::AccessPolicy": "free",
    "AWS::OpenSearchServerless::Index": "billed to its collection",
    "AWS::OpenSearchServerless::SecurityPolicy": "free",
    "AWS::S3::BucketPolicy": "free",
    "AWS::Scheduler::Schedule": "billed by the invocation, of which an account has 14 million a month for nothing",
    "AWS::SNS::Subscription": "its messages are billed to its topic",
    "AWS::SNS::TopicPolicy": "free",
    "AWS::SQS::QueuePolicy": "free",
}


@cache
def takes_tags(kind):
    """Whether a resource of this type gets the stack's tags when it is made, by AWS's own schema of it."""
    tagging = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema.get("tagging", {})
    return bool(tagging.get("taggable") and tagging.get("tagOnCreate"))


def types():
    return {resource["Type"] for resource in resources(of=transformed()).values()}


@pytest.mark.parametrize("environment", accounts.with_stack())
def test_a_profile_says_which_system_and_which_environment_a_cost_is_of(environment):
    assert Stack(environment).tags == {"application": "referral-email-system", "environment": environment}


def test_everything_that_can_have_tags_has_them_and_what_can_t_is_accounted_for():
    assert {kind for kind in types() if not takes_tags(kind)} == types() & set(UNTAGGED)


def test_nothing_is_named_as_untagged_that_takes_tags():
    assert not [kind for kind in UNTAGGED if takes_tags(kind)]


def test_no_resource_says_otherwise_than_its_stack():
    own = {tag["Key"] for resource in resources().values() for each in walk(resource.get("Properties", {}))
           if isinstance(each, dict) for tag in each.get("Tags", []) if isinstance(tag, dict)}  # fmt: skip

    assert not own & set(Stack("prod").tags)
