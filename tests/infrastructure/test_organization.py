"""What nobody in the organization may do, as data: it can't be deployed anywhere but on AWS."""

import fnmatch
import json

import pytest

from operations import accounts
from tests.infrastructure.account_roles import page
from tests.infrastructure.template import ROOT, listed, resources, transformed, written

POLICIES = {
    resource["Properties"]["Name"]: resource["Properties"]
    for resource in page("organization")["Resources"].values()
    if resource["Type"] == "AWS::Organizations::Policy"
}
MODEL_REGIONS = set(accounts.named("management").model_regions.split(","))


def denied(policy):
    return {each["Sid"]: each for each in POLICIES[policy]["Content"]["Statement"]}


def test_policies_hold_for_every_account_and_deny_only():
    assert all(each["TargetIds"] == [{"Ref": "Production"}, {"Ref": "Workbench"}] for each in POLICIES.values())
    control = [each["Content"]["Statement"] for each in POLICIES.values() if each["Type"] == "SERVICE_CONTROL_POLICY"]
    assert {statement["Effect"] for statements in control for statement in statements} == {"Deny"}


def test_root_does_nothing():
    root = denied("no-root")["NoRoot"]

    assert (root["Action"], root["Resource"]) == ("*", "*")
    assert root["Condition"] == {"ArnLike": {"aws:PrincipalArn": "arn:*:iam::*:root"}}


def test_models_may_be_asked_wherever_a_profile_leads_and_nothing_else_is_made_elsewhere():
    """An SCP is evaluated in each region that an inference profile may choose."""
    regions, models = denied("only-our-regions")["Regions"], denied("only-our-regions")["ModelRegions"]

    assert set(listed(models["Action"])) <= set(regions["NotAction"])
    assert models["Condition"] == {"StringNotEquals": {"aws:RequestedRegion": {"Ref": "ModelRegions"}}}
    assert regions["Condition"] == {"StringNotEquals": {"aws:RequestedRegion": {"Ref": "Regions"}}}
    assert {each.region for each in accounts.with_stack().values() if not each.is_local} <= MODEL_REGIONS


def test_the_model_regions_are_those_of_every_profile_that_an_agent_has():
    """Of the profiles of a geography: the United States' lead to these three from us-east-1."""
    models = {json.loads(path.read_text())["model"] for path in ROOT.glob("agents/*/config.json")}

    assert {model.partition(".")[0] for model in models} == {"us"}
    assert {"us-east-1", "us-east-2", "us-west-2"} == MODEL_REGIONS


def test_accounts_are_made_one_after_the_other():
    """Organizations refuses a second one while it makes the first."""
    made = {name: each for name, each in page("organization")["Resources"].items()
            if each["Type"] == "AWS::Organizations::Account"}  # fmt: skip
    first, *others = made

    assert [made[each]["DependsOn"] for each in others] == [first, *others[:-1]]


def test_what_the_stack_deletes_with_itself_is_no_log_that_has_to_stay():
    """A log group goes with its function, by CloudFormation's role alone."""
    logs = denied("the-record-stays")["Logs"]
    [pattern] = logs["Condition"]["ArnNotLike"].values()

    assert fnmatch.fnmatch("arn:aws:iam::111111111111:role/referral-cloudformation-dev",
                           pattern["Fn::Sub"].replace("${AWS::Partition}", "aws"))  # fmt: skip
    assert resources("AWS::Logs::LogGroup", of=transformed())


@pytest.mark.parametrize("sid", ["ItsFilesToCome", "DaysOfLogs"])
def test_what_would_end_the_record_by_and_by_is_done_by_templates_only(sid):
    condition = denied("the-record-stays")[sid]["Condition"]

    assert condition["ForAllValues:StringNotEquals"] == {"aws:CalledVia": "cloudformation.amazonaws.com"}


def test_the_trail_and_its_files_stay_under_the_name_that_they_have():
    trail = page("trail")["Resources"]["Trail"]["Properties"]["TrailName"]
    statements = denied("the-record-stays")

    assert statements["Trail"]["Resource"]["Fn::Sub"].endswith(f":trail/{trail}")
    assert statements["ItsFiles"]["Resource"]["Fn::Sub"].endswith(f":::{trail}-*")
    assert statements["ItsFilesToCome"]["Resource"] == statements["ItsFiles"]["Resource"]
    lock = page("trail")["Resources"]["Calls"]["Properties"]["ObjectLockConfiguration"]["Rule"]["DefaultRetention"]
    assert lock == {"Mode": "GOVERNANCE", "Days": {"Ref": "KeepDays"}}


def test_a_bucket_of_the_stack_needs_no_exception():
    assert POLICIES["nothing-public"]["Content"] == {
        "s3_attributes": {"public_access_block_configuration": {"@@assign": "all"}}
    }
    for bucket in resources("AWS::S3::Bucket", of=written()).values():
        assert set(bucket["Properties"]["PublicAccessBlockConfiguration"].values()) == {True}
