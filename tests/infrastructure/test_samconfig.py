"""samconfig.toml: one profile for each environment, so that `sam deploy --config-env NAME` is all there is to type."""

import tomllib
from datetime import timedelta

import botocore.session
import pytest
from outreach.outcomes.kinds import GRACE, MATURES_AFTER

from local_aws import servers
from operations import accounts
from tests.infrastructure.template import ROOT, resources, transformed, written

CONFIG = tomllib.loads((ROOT / "samconfig.toml").read_text())
ENVIRONMENTS = list(accounts.with_stack())
LOCAL = [name for name, account in accounts.with_stack().items() if account.is_local]
EVERY_ENVIRONMENT = pytest.mark.parametrize("environment", ENVIRONMENTS)


def deploy(environment):
    return CONFIG[environment]["deploy"]["parameters"]


def overrides(environment):
    """By name; a value with a space stands in quotes, as SAM CLI reads it."""
    pairs = (pair.split("=", 1) for pair in deploy(environment)["parameter_overrides"])
    return {name: value.strip('"') for name, value in pairs}


def test_there_is_a_profile_for_each_environment():
    assert set(CONFIG) - {"version"} == {"default", *ENVIRONMENTS}


def test_what_is_the_same_everywhere_is_said_once_and_for_no_environment():
    """SAM CLI reads one profile and never `default` beside it, so what deploying takes stands in each."""
    assert set(CONFIG["default"]) == {"build", "validate"}
    assert all(set(CONFIG[environment]) == {"deploy"} for environment in ENVIRONMENTS)


@EVERY_ENVIRONMENT
def test_a_message_is_kept_until_what_became_of_it_is_counted(environment):
    """From when it was written: it may be sent a week later."""
    longest = max(MATURES_AFTER.values()) + GRACE + timedelta(days=7)
    parameter = written()["Parameters"]["RetentionDays"]

    assert timedelta(days=int(overrides(environment)["RetentionDays"])) >= longest
    assert timedelta(days=parameter["MinValue"]) >= longest
    assert "until what became of a message is counted" in parameter["Description"]


@EVERY_ENVIRONMENT
def test_a_stack_is_named_after_its_environment(environment):
    assert deploy(environment)["stack_name"] == f"referral-email-system-{environment}"
    assert overrides(environment)["Environment"] == environment


@EVERY_ENVIRONMENT
def test_a_deployment_asks_nothing_and_an_unchanged_one_is_no_failure(environment):
    assert deploy(environment)["fail_on_empty_changeset"] is False
    assert deploy(environment)["confirm_changeset"] is False
    assert deploy(environment)["resolve_s3"] is True


@EVERY_ENVIRONMENT
def test_a_deployment_may_make_just_what_the_template_has(environment):
    """No role has a name of its own, so CAPABILITY_NAMED_IAM isn't asked for."""
    roles = resources("AWS::IAM::Role", "AWS::IAM::ManagedPolicy", of=transformed()).values()

    assert deploy(environment)["capabilities"] == "CAPABILITY_IAM"
    assert not [role for role in roles if {"RoleName", "ManagedPolicyName"} & set(role["Properties"])]


@EVERY_ENVIRONMENT
def test_a_profile_overrides_parameters_that_exist_and_differ(environment):
    parameters = written()["Parameters"]

    assert set(overrides(environment)) <= set(parameters)
    assert {name for name, parameter in parameters.items() if "Default" not in parameter} <= set(overrides(environment))
    assert set(overrides(environment)) == set(overrides("prod")), "the same page for all, so that they compare"


@EVERY_ENVIRONMENT
def test_values_are_allowed_by_the_template(environment):
    for name, value in overrides(environment).items():
        allowed = written()["Parameters"][name].get("AllowedValues")
        assert allowed is None or value in allowed


def test_what_is_the_same_in_every_environment_is_left_to_the_template():
    assert not set.intersection(*(set(overrides(environment).items()) for environment in ENVIRONMENTS))


@EVERY_ENVIRONMENT
def test_a_stack_is_for_the_target_and_region_of_its_account(environment):
    account = accounts.named(environment)

    assert overrides(environment)["DeployTarget"] == account.target
    assert deploy(environment)["region"] == account.region


def test_the_local_profile_s_region_is_the_local_aws_s_and_none_of_aws_s():
    session = botocore.session.get_session()
    regions = {
        region
        for partition in session.get_available_partitions()
        for service in session.get_available_services()
        for region in session.get_available_regions(service, partition, allow_non_regional=True)
    }

    assert {deploy(environment)["region"] for environment in LOCAL} == {servers.REGION}
    assert servers.REGION not in regions
    assert {deploy(environment)["region"] for environment in set(ENVIRONMENTS) - set(LOCAL)} <= regions


def test_no_profile_names_an_account_or_a_key():
    used = {key for environment in ENVIRONMENTS for key in deploy(environment)}

    assert not used & {"profile", "role_arn", "s3_bucket", "kms_key_id"}
