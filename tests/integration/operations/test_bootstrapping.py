"""Accounts made ready on a local AWS that enforces IAM: who becomes which role there, and what that role may."""

import pytest
from botocore.exceptions import ClientError

from local_aws import service
from operations import access, accounts
from operations.bootstrapping.__main__ import main
from operations.terminal import Problem

NAMES = ["local-dev", "local-test", "local-prod"]
DEV, TEST, PROD = map(accounts.named, NAMES)


@pytest.fixture(scope="module", autouse=True)
def _ready(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("LOCAL_AWS_HOME", str(tmp_path_factory.mktemp("local-aws")))
        patched.setenv("AUTH", "true")
        service.up()
        try:
            for name in NAMES:
                main(["--account", name, "--yes"])
            yield
        finally:
            service.down()


@pytest.fixture(scope="module")
def artefacts():
    """The bucket, with an artefact in it."""
    name = access.artefact_bucket(DEV)
    access.deploying(DEV).client("s3").put_object(Bucket=name, Key="artefacts/code", Body=b"the code")
    return name


def refused(call, **asked):
    with pytest.raises(ClientError) as caught:
        call(**asked)
    return caught.value.response["Error"]["Code"] in {"AccessDenied", "AccessDeniedException"}


@pytest.mark.parametrize("name", NAMES)
def test_who_deploys_becomes_the_role_of_the_account(name):
    told = access.deploying(accounts.named(name)).identity

    assert told["Account"] == accounts.named(name).id
    assert f":assumed-role/referral-deploy-{name}/" in told["Arn"]


@pytest.mark.parametrize("stranger", [TEST, DEV, accounts.named("local")])
def test_nobody_but_the_tooling_account_is_trusted_not_even_the_account_s_owner(stranger):
    with pytest.raises(Problem, match=r"may not become .*role/referral-deploy-local-dev"):
        access.under_deploy_role(DEV, by=access.own(stranger))


def test_only_the_first_account_writes_what_the_others_run(artefacts):
    for account in (TEST, PROD):
        s3 = access.deploying(account).client("s3")

        assert s3.get_object(Bucket=artefacts, Key="artefacts/code")["Body"].read() == b"the code"
        assert refused(s3.put_object, Bucket=artefacts, Key="artefacts/code", Body=b"another")
        assert refused(s3.put_object, Bucket=artefacts, Key="releases/one/template.yaml", Body=b"another")
        assert refused(s3.delete_object, Bucket=artefacts, Key="artefacts/code")


def test_what_an_account_runs_it_says_itself(artefacts):
    s3 = access.deploying(TEST).client("s3")
    s3.put_object(Bucket=artefacts, Key="runs/local-test/one.json", Body=b"{}")

    assert refused(s3.put_object, Bucket=artefacts, Key="runs/local-dev/one.json", Body=b"{}")
    assert access.deploying(PROD).client("s3").list_objects_v2(Bucket=artefacts, Prefix="runs/")["KeyCount"] == 1


def test_an_account_that_is_none_of_the_three_reads_no_artefact(artefacts):
    s3 = access.own(accounts.named("local")).client("s3")

    assert refused(s3.get_object, Bucket=artefacts, Key="artefacts/code")


def test_the_role_makes_nothing_but_through_cloudformation():
    deploying = access.deploying(PROD)
    iam, trust = deploying.client("iam"), '{"Version": "2012-10-17", "Statement": []}'

    assert refused(iam.create_role, RoleName="mine", AssumeRolePolicyDocument=trust)
    assert refused(iam.put_role_policy, RoleName=PROD.deploy_role, PolicyName="more", PolicyDocument=trust)
    assert refused(deploying.client("cloudformation").delete_stack, StackName="referral-email-system-local-prod")
    assert refused(deploying.client("cloudformation").create_stack, StackName="mine", TemplateBody="{}")


def test_a_second_time_nothing_changes(capsys):
    main(["--account", "local-dev", "--yes"])

    assert capsys.readouterr().out.count("no resource changes") == 2


def test_without_an_answer_nothing_is_made(capsys, monkeypatch):
    monkeypatch.setattr("operations.bootstrapping.__main__.confirmed", lambda _: False)
    cloudformation = access.own(PROD).client("cloudformation")
    cloudformation.delete_stack(StackName="referral-account-local-prod")
    cloudformation.get_waiter("stack_delete_complete").wait(
        StackName="referral-account-local-prod", WaiterConfig={"Delay": 1}
    )

    with pytest.raises(Problem, match="referral-account-local-prod was left as it is"):
        main(["--account", "local-prod"])
    assert "resources added" in capsys.readouterr().out
    with pytest.raises(Problem, match="scripts/bootstrap --account local-prod"):
        access.deploying(PROD)
