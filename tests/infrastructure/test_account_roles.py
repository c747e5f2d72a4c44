"""accounts/account.yaml: its roles suffice for template.yaml, nothing in them is idle, and none is above itself."""

import re
from fnmatch import fnmatchcase

import pytest
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from operations import accounts
from operations.stack import Stack
from tests.infrastructure.account_roles import VALUES, actions_of, allows, filled, page, resources_of, statements
from tests.infrastructure.template import listed, resources, transformed, walk

PARTS = ["Boundary", "DeployRole", "ExecutionRole"]

# What AWS's own list of a type's permissions names for properties that the template doesn't use.
NOT_USED = {
    r"billing:|ec2:|elasticfilesystem:|s3files:": "a budget of a billing view, functions in a network or with files",
    r"firehose:|s3tables:|dynamodb:.*Replica|dynamodb:ImportTable": "tables of other services and in two regions",
    r"iam:(Attach|Delete|Detach|Get|Put)(Group|User)Polic": "policies of groups and users",
    r"iam:DeleteRolePermissionsBoundary": "would lift the boundary",
    r"kms:(CreateGrant|Decrypt|Encrypt|Generate|ReEncrypt|RetireGrant|RevokeGrant)": "tables under a customer's key",
}


def types():
    return sorted({resource["Type"] for resource in resources(of=transformed()).values()})


def demanded(kind):
    """What AWS says that making, reading, changing and deleting a resource of a type takes."""
    handlers = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema.get("handlers", {})
    return {each for name, handler in handlers.items() if name != "list" for each in handler["permissions"]}


@pytest.mark.parametrize("kind", types())
def test_cloudformation_s_role_suffices_for_every_type_of_the_template(kind):
    missing = {
        action for action in demanded(kind)
        if not allows("ExecutionRole", action) and not any(re.match(each, action) for each in NOT_USED)
    }  # fmt: skip

    assert missing == set()


# By AWS's Service Authorization Reference: a statement on any ARN never allows these.
OF_NO_RESOURCE = [
    "bedrock:CreateKnowledgeBase",
    "cloudwatch:DescribeAlarms",
    "cloudwatch:PutAnomalyDetector",
    "kms:CreateKey",
    "kms:ListAliases",
    "lambda:CreateEventSourceMapping",
    "logs:CreateLogDelivery",
    "logs:DescribeLogGroups",
    "logs:PutQueryDefinition",
    "secretsmanager:GetRandomPassword",
    "sns:Unsubscribe",
]


@pytest.mark.parametrize("action", OF_NO_RESOURCE)
def test_what_is_of_no_resource_is_allowed_on_all(action):
    everywhere = [each for each in statements("ExecutionRole") if resources_of(each) == ["*"]]

    assert any(fnmatchcase(action.lower(), pattern) for each in everywhere for pattern in actions_of(each))


@pytest.mark.parametrize("pattern", NOT_USED)
def test_what_is_left_out_would_be_demanded(pattern):
    left_out = [action for kind in types() for action in demanded(kind) if re.match(pattern, action)]

    assert [action for action in left_out if not allows("ExecutionRole", action)]


def test_cloudformation_s_role_has_nothing_that_no_type_takes():
    """Kinesis is the optional way in; these have no list of their own, or are of another account's artefacts."""
    taken = {action.lower() for kind in types() for action in demanded(kind)} | {"s3:getobject"}
    unlisted = {"cloudwatch:*anomalydetector", "cloudwatch:*anomalydetectors", "kinesis:*"}
    granted = {
        action for each in statements("ExecutionRole") if each["Effect"] == "Allow" for action in actions_of(each)
    }

    idle = {each for each in granted - unlisted if not any(fnmatchcase(action, each) for action in taken)}
    assert idle == set()


@pytest.mark.parametrize("part", PARTS)
def test_nothing_is_allowed_everything_and_no_service_is_allowed_everywhere(part):
    for statement in statements(part):
        if statement["Effect"] != "Allow":
            continue
        assert "*" not in actions_of(statement)
        if "*" in resources_of(statement):
            # A collection's ARN holds an id of its own.
            assert {action for action in actions_of(statement) if action.endswith(":*")} <= {"aoss:*"}


def policies():
    """Each statement of the stack's own roles, after SAM."""
    kinds = ("AWS::IAM::Role", "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy")
    for name, resource in resources(*kinds, of=transformed()).items():
        for each in walk({key: value for key, value in resource["Properties"].items() if "Assume" not in key}):
            if isinstance(each, dict) and each.get("Effect") == "Allow":
                yield name, each


def arn(value):
    """An ARN as it is in an account; None where only CloudFormation knows it."""
    written = filled(value)
    return written if written.startswith("arn:") else None


def test_the_boundary_lets_every_role_of_the_stack_do_what_its_policies_say():
    outside = set()
    for name, statement in policies():
        for action in listed(statement["Action"]):
            arns = [arn(each) for each in listed(statement["Resource"])]
            outside |= {(name, action, each) for each in arns if not allows("Boundary", action, each)}

    assert outside == set()


def test_cloudformation_makes_and_changes_no_role_without_the_boundary():
    writing = ("iam:createrole", "iam:putrolepolicy", "iam:attachrolepolicy", "iam:putrolepermissionsboundary")
    granting = [each for each in statements("ExecutionRole") if set(writing) & set(actions_of(each))]

    assert [each["Condition"] for each in granting] == [
        {"StringEquals": {"iam:PermissionsBoundary": {"Ref": "Boundary"}}}
    ]
    assert not allows("ExecutionRole", "iam:CreateUser")
    assert not allows("ExecutionRole", "sts:AssumeRole")


def test_who_deploys_changes_the_stack_with_cloudformation_s_role_alone():
    changing = [each for each in statements("DeployRole") if "stack/" in str(each["Resource"])
                and "cloudformation:createchangeset" in actions_of(each)]  # fmt: skip
    [on_aws] = [each["Condition"]["Fn::If"][1] for each in changing]

    assert on_aws == {"StringEquals": {"cloudformation:RoleArn": {"Fn::GetAtt": ["ExecutionRole", "Arn"]}}}
    assert not any(allows("DeployRole", f"cloudformation:{each}Stack") for each in ("Create", "Update", "Delete"))
    passing = [each for each in statements("DeployRole") if "iam:passrole" in actions_of(each)]
    assert [each["Resource"] for each in passing] == [{"Fn::GetAtt": ["ExecutionRole", "Arn"]}]


def test_a_pipeline_is_trusted_by_repository_and_environment():
    _, pipeline = page("account")["Resources"]["DeployRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    condition, trusted, _ = pipeline["Fn::If"]

    assert condition == "TrustsGitHub"
    assert trusted["Condition"] == {"StringEquals": {
        "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
        "token.actions.githubusercontent.com:sub": {"Fn::Sub": "repo:${GitHubRepository}:environment:${Environment}"},
    }}  # fmt: skip


@pytest.mark.parametrize(("written", "is_one"), [
    ("owner/name", True), ("owner@12/name@34", True), ("", True), ("owner/*", False), ("owner/name:ref", False),
])  # fmt: skip
def test_a_repository_is_written_as_its_tokens_say_it(written, is_one):
    """With GitHub's numbers if it is of 2026, and never as a pattern."""
    pattern = page("account")["Parameters"]["GitHubRepository"]["AllowedPattern"]

    assert bool(re.fullmatch(pattern, written)) == is_one


def test_in_one_account_no_environment_s_roles_reach_another_s():
    """Three stacks may share an account, and then only names keep them apart."""
    names = ["dev", "test", "prod"]
    begins = {name: Stack(name).profile["stack_name"][:24] for name in names}
    others = {
        name: [
            *(Stack(other).profile["stack_name"] for other in names if other != name),
            *(getattr(accounts.named(other), role) for other in names for role in ("deploy_role", "execution_role")),
            "referral-email-system-artefacts-",
        ]
        for name in names
    }

    assert VALUES["Prefix"] == begins["dev"]
    assert not [(name, each) for name in names for each in others[name] if each.startswith(begins[name])]
