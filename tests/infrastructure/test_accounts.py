"""accounts.toml: the only place with account ids, and one line of succession from the first account to the last."""

import re
import subprocess

import pytest

from local_aws import servers
from operations import accounts
from tests.infrastructure.template import ROOT, resources, transformed

BOUNDARY = {"Fn::If": ["HasBoundary", {"Ref": "PermissionsBoundary"}, {"Ref": "AWS::NoValue"}]}
DEPLOYED_BY_ROLE = [name for name, account in accounts.with_stack().items() if account.tooling]
EACH = pytest.mark.parametrize("account", accounts.every().values(), ids=lambda account: account.name)
BY_ROLE = pytest.mark.parametrize("name", DEPLOYED_BY_ROLE)


@EACH
def test_an_id_has_twelve_digits_and_only_aws_s_may_be_left_open(account):
    assert re.fullmatch(r"\d{12}", account.id) or (account.id == "" and not account.is_local)


def test_the_ids_of_aws_are_filled_in_all_or_none():
    assert len({bool(accounts.named(name).id) for name in ("tooling", "dev", "test", "prod")}) == 1


def test_no_two_local_accounts_are_one():
    local = [account.id for account in accounts.every().values() if account.is_local]

    assert len(set(local)) == len(local)
    assert accounts.named("local").id == servers.ACCOUNT


@BY_ROLE
def test_an_artefact_comes_from_the_account_before_and_lies_where_lambda_can_read_it(name):
    account = accounts.named(name)
    before = accounts.every().get(account.after)

    assert before is None or (before.target, before.tooling) == (account.target, account.tooling)
    # Lambda takes code from a bucket of its own region.
    assert accounts.tooling_of(account).region == account.region


@BY_ROLE
def test_the_roles_are_an_account_s_own(name):
    """So that dev, test and prod can be three stacks of one account."""
    account = accounts.named(name)

    assert account.deploy_role.endswith(f"-deploy-{name}")
    assert account.execution_role.endswith(f"-cloudformation-{name}")


@pytest.mark.parametrize("last", ["prod", "local-prod"])
def test_there_is_one_way_to_production_and_its_end_asks(last):
    way = [accounts.named(last)]
    while way[-1].after:
        way.append(accounts.named(way[-1].after))

    assert [account.name.removeprefix("local-") for account in way] == ["prod", "test", "dev"]
    assert [account.asks for account in way] == [True, False, False]


def test_no_other_file_that_is_deployed_knows_an_account():
    ids = [account.id for account in accounts.every().values() if account.id.strip("0")]
    found = subprocess.run(
        ["git", "grep", "-lE", "|".join(ids), "--", "template.yaml", "samconfig.toml", "statemachines", "functions",
         "layers", "observability", "operations", "scripts", "accounts/*.yaml", ".github"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert found.stdout == ""


def test_no_role_of_the_stack_is_without_the_boundary():
    """CloudFormation's role may make no other."""
    without = [
        name for name, role in resources("AWS::IAM::Role", of=transformed()).items()
        if role["Properties"].get("PermissionsBoundary") != BOUNDARY
    ]  # fmt: skip

    assert without == []
