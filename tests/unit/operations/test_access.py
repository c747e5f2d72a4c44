"""Whose credentials a script uses for an account, and what it says when they are the wrong ones."""

from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError

from operations import access
from operations.access import Access
from operations.accounts import Account
from operations.terminal import Problem

DEV = Account("dev", "aws", "111111111111", "us-east-1", tooling="tooling", deploy_role="deploy-dev")
KEYS = {"AccessKeyId": "A", "SecretAccessKey": "S", "SessionToken": "T"}


class Caller:
    """Somebody's credentials, and what STS answers to them."""

    def __init__(self, account, arn="user/someone", trusted=True):
        self.told = {"Account": account, "Arn": f"arn:aws:iam::{account}:{arn}"}
        self.trusted, self.asked = trusted, []

    def client(self, name, **_):
        assert name == "sts"
        return SimpleNamespace(get_caller_identity=lambda: self.told, assume_role=self._assume)

    def _assume(self, **asked):
        self.asked.append(asked["RoleArn"])
        self.session_name = asked["RoleSessionName"]
        if not self.trusted:
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "AssumeRole")
        return {"Credentials": KEYS}

    def access(self, account, **environment):
        return Access(account, environment, self)


@pytest.fixture
def shell(monkeypatch):
    """Gives this shell somebody's credentials."""

    def given(caller):
        monkeypatch.setattr(access, "_of_caller", caller.access)

    return given


def test_credentials_of_another_account_are_refused_with_both_ids(shell):
    shell(Caller("222222222222"))

    with pytest.raises(Problem, match=r"are of account 222222222222; .* says dev is 111111111111"):
        access.own(DEV)


def test_an_account_without_an_id_is_the_credentials_own(shell):
    shell(Caller("222222222222"))
    anywhere = Account("dev", "aws", "", "us-east-1", tooling="tooling", deploy_role="deploy-dev")

    assert access.own(anywhere).identity["Account"] == "222222222222"
    by = Caller("222222222222")
    access.under_deploy_role(anywhere, by=by.access(anywhere))
    assert by.asked == ["arn:aws:iam::222222222222:role/deploy-dev"]


def test_who_deploys_has_the_role_s_keys_and_no_profile_that_would_win_over_them():
    by = Caller("999999999999")
    got = access.under_deploy_role(
        DEV, by=by.access(DEV, AWS_PROFILE="mine", AWS_ENDPOINT_URL="http://there", PATH="/")
    )

    assert by.asked == ["arn:aws:iam::111111111111:role/deploy-dev"]
    assert by.session_name == "someone", "CloudTrail and the record of releases say who it was"
    assert "AWS_PROFILE" not in got.environment
    assert {got.environment[f"AWS_{each}"] for each in ("ACCESS_KEY_ID", "SESSION_TOKEN")} == {"A", "T"}
    assert got.session.get_credentials().access_key == "A"
    assert got.client("s3").meta.endpoint_url == "http://there"


def test_who_is_not_trusted_is_told_so_and_what_to_do():
    by = Caller("444444444444", trusted=False)

    with pytest.raises(Problem, match=r"444444444444:user/someone may not become .*bootstrap --account dev"):
        access.under_deploy_role(DEV, by=by.access(DEV))


def test_a_pipeline_that_has_the_role_already_takes_no_second_one(shell):
    pipeline = Caller("111111111111", "assumed-role/deploy-dev/job")
    shell(pipeline)

    assert access.under_deploy_role(DEV, by=pipeline.access(DEV)).session is pipeline
    assert pipeline.asked == []


def test_the_same_role_name_in_another_account_is_another_role(shell):
    elsewhere = Caller("999999999999", "assumed-role/deploy-dev/job")
    shell(elsewhere)
    access.under_deploy_role(DEV, by=elsewhere.access(DEV))

    assert elsewhere.asked == ["arn:aws:iam::111111111111:role/deploy-dev"]
