"""Least privilege, read from the roles and policies that come out of SAM's transform."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.infrastructure import template
from tests.infrastructure.template import listed, resources, text, transformed, written

# AWS's own policies that SAM attaches to the roles it makes, and why they are accepted.
ATTACHED_BY_SAM = {
    "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole": "to write its own log",
    "arn:aws:iam::aws:policy/AWSXrayWriteOnlyAccess": "Tracing: Active; X-Ray knows no resources",
}

# Actions that are allowed on every resource, because their service knows none.
WITHOUT_RESOURCE = {
    **dict.fromkeys(
        [
            "logs:CreateLogDelivery",
            "logs:GetLogDelivery",
            "logs:UpdateLogDelivery",
            "logs:DeleteLogDelivery",
            "logs:ListLogDeliveries",
            "logs:PutResourcePolicy",
            "logs:DescribeResourcePolicies",
            "logs:DescribeLogGroups",
        ],
        "the state machine's log is delivered by CloudWatch Logs, and SAM doesn't add what that takes",
    ),
    **dict.fromkeys(
        ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
        "the traces of a function whose role is written out",
    ),
    "cloudwatch:GetMetricData": "metrics are no resources",
}

# ARNs that a role may use and that end, or hold, a wildcard.
_HERE = "${AWS::Region}:${AWS::AccountId}"
WITH_WILDCARD = {
    f"arn:${{AWS::Partition}}:secretsmanager:{_HERE}:secret:/referral-system/${{Environment}}/sources/*": (
        "sources come and go without a deployment; their secrets stand under one path"
    ),
    "${BrandsBucket.Arn}/*": "a tenant's file has the tenant's name",
    "${PromptsBucket.Arn}/*": "a prompt has its agent's name and the hash of its version",
    f"arn:${{AWS::Partition}}:ssm:{_HERE}:parameter/referral-system/${{Environment}}/workflows/*": (
        "each workflow that joins brings its manifest"
    ),
    f"arn:${{AWS::Partition}}:ssm:{_HERE}:parameter/referral-system/${{Environment}}/agents/*": (
        "agents come by being registered, not by a deployment"
    ),
    f"arn:${{AWS::Partition}}:bedrock:{_HERE}:knowledge-base/*": "its id stands in SSM and may change",
    f"arn:${{AWS::Partition}}:states:{_HERE}:execution:${{AWS::StackName}}-outreach:*": "each run has its own ARN",
    "${CasesBucket.Arn}/*": "each case is a file under its tenant's name",
    "${EvaluationsBucket.Arn}/*": "each evaluation has its folder",
    "${EvaluationsBucket.Arn}/probes/*": "each judge has its set",
    "${EvaluationsBucket.Arn}/probings/*": "each probing has its folder",
    f"arn:${{AWS::Partition}}:states:{_HERE}:execution:${{AWS::StackName}}-agent-evaluation:*": "each has its own ARN",
    f"arn:${{AWS::Partition}}:states:{_HERE}:execution:${{AWS::StackName}}-agent-evaluation/*:*": (
        "each pair runs as an execution of its Map's own run"
    ),
    "${InboxBucket.Arn}/inbox/*": "each tenant's files stand below its name",
    "${InboxBucket.Arn}/reports/*": "each file's reports stand below its name",
    f"arn:${{AWS::Partition}}:states:{_HERE}:execution:${{AWS::StackName}}-bulk-ingest:*": "each has its own ARN",
    f"arn:${{AWS::Partition}}:states:{_HERE}:execution:${{AWS::StackName}}-bulk-ingest/*:*": (
        "each range runs as an execution of its Map's own run"
    ),
    f"arn:${{AWS::Partition}}:states:{_HERE}:execution:${{AWS::StackName}}-agent-rollout:*": "each has its own ARN",
    f"arn:${{AWS::Partition}}:cloudwatch:{_HERE}:alarm:${{AWS::StackName}}-rollout.*": (
        "each rollout has its own alarms"
    ),
    "arn:aws:bedrock:*::foundation-model/${Models}": "an inference profile routes to several regions",
    "arn:aws:bedrock:*:*:inference-profile/*.${Models}": "profiles are named by geography, and are in many regions",
}

# What a function consumes, by the property of its event that names it.
CONSUMED = {"SQS": "Queue", "Kinesis": "Stream"}
READING = {"sqs:ReceiveMessage", "kinesis:GetRecords"}

Statement = dict[str, Any]


def statements() -> Iterator[tuple[str, Statement]]:
    """Every statement that a role has, with its role or policy."""
    for name, resource in resources("AWS::IAM::Role", of=transformed()).items():
        for policy in resource["Properties"].get("Policies", []):
            yield from ((name, each) for each in chosen(policy["PolicyDocument"]["Statement"]))
    for name, resource in resources("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", of=transformed()).items():
        yield from ((name, each) for each in chosen(resource["Properties"]["PolicyDocument"]["Statement"]))


def chosen(statement: Any) -> Iterator[Statement]:
    """The statements of a policy; of what a condition chooses, both."""
    match statement:
        case [*several]:
            for each in several:
                yield from chosen(each)
        case {"Fn::If": [_, *either]}:
            yield from chosen(either)
        case _:
            yield statement


def arns() -> set[str]:
    return {text(resource) for _, statement in statements() for resource in listed(statement["Resource"])}


def test_only_what_knows_no_resources_is_allowed_on_all():
    everywhere = {
        action
        for _, statement in statements()
        if "*" in listed(statement["Resource"])
        for action in listed(statement["Action"])
    }

    assert everywhere == set(WITHOUT_RESOURCE)


def test_what_is_allowed_on_all_resources_is_allowed_on_nothing_else_beside():
    """One statement is about resources or about none: a `*` beside an ARN would swallow it."""
    assert all("*" not in listed(each["Resource"]) or each["Resource"] == "*" for _, each in statements())


def test_every_wildcard_in_an_arn_has_its_reason():
    assert {arn for arn in arns() if "*" in arn and arn != "*"} == set(WITH_WILDCARD)


def test_actions_are_allowed_by_their_names():
    for owner, statement in statements():
        assert statement["Effect"] == "Allow", owner
        assert not [action for action in listed(statement["Action"]) if "*" in action], owner
        assert not {"NotAction", "NotResource"} & set(statement), owner


@pytest.mark.parametrize("function", template.functions(), ids=str)
def test_the_page_grants_by_statements_and_not_by_ready_made_policies(function):
    own = resources("AWS::IAM::ManagedPolicy")
    for policy in function.properties.get("Policies", []):
        assert "Statement" in policy or policy["Ref"] in own


def test_of_aws_s_own_policies_only_those_that_sam_attaches():
    attached = [
        arn
        for role in resources("AWS::IAM::Role", of=transformed()).values()
        for arn in role["Properties"].get("ManagedPolicyArns", [])
    ]

    assert {arn for arn in attached if isinstance(arn, str)} == set(ATTACHED_BY_SAM)


@pytest.mark.parametrize("function", template.functions(), ids=str)
def test_a_consumer_s_role_is_written_out_and_reads_its_own_queue_or_stream_alone(function):
    """SAM's would read every queue and every stream of the account, and write every log."""
    events = function.properties.get("Events", {}).values()
    consumed = [text(each["Properties"][CONSUMED[each["Type"]]]) for each in events if each["Type"] in CONSUMED]
    read = [text(each["Resource"]) for owner, each in statements()
            if owner == f"{function}Role" and not READING.isdisjoint(listed(each["Action"]))]  # fmt: skip

    assert read == consumed
    assert ("Role" in function.properties) == bool(consumed)


def test_models_are_called_by_their_profiles_and_in_every_region_they_route_to():
    models = ["amazon.nova-lite-v1:0", "anthropic.claude-haiku-4-5-20251001-v1:0"]
    policy = written()["Resources"]["OutreachModelPolicy"]["Properties"]["PolicyDocument"]

    assert [expanded(each["Resource"], models) for each in policy["Statement"]] == [
        [f"arn:aws:bedrock:*::foundation-model/{model}" for model in models],
        [f"arn:aws:bedrock:*:*:inference-profile/*.{model}" for model in models],
    ]


def expanded(resource: dict[str, Any], models: list[str]) -> list[str]:
    """What CloudFormation makes of the Split of a Sub of a Join over AllowedModels."""
    separator, substituted = resource["Fn::Split"]
    pattern, variables = substituted["Fn::Sub"]
    delimiter, joined = variables["Models"]["Fn::Join"]
    assert joined == {"Ref": "AllowedModels"}
    return pattern.replace("${Models}", delimiter.join(models)).split(separator)


def test_who_may_send_to_a_queue_is_one_service_for_this_stack_s_own_rules():
    for policy in resources("AWS::SQS::QueuePolicy").values():
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
            assert statement["Principal"] == {"Service": "events.amazonaws.com"}
            assert "AWS::AccountId" in text(statement["Condition"]["ArnLike"]["aws:SourceArn"])


def test_who_may_invoke_a_function_is_one_service_for_one_source():
    for permission in resources("AWS::Lambda::Permission", of=transformed()).values():
        assert permission["Properties"]["Principal"].endswith(".amazonaws.com")
        assert permission["Properties"]["SourceArn"]
