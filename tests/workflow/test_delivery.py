"""One artefact through three accounts of the local AWS, under roles that IAM enforces; a bad one is taken back."""

import json
from itertools import permutations

import pytest
from botocore.exceptions import ClientError

from operations import access, accounts, deployment
from operations.bootstrapping.__main__ import bootstrap
from operations.delivery.__main__ import deploy
from operations.delivery.releases import Release, Releases, Run
from operations.seed import FIRST_SOURCE
from operations.stack import Stack
from operations.terminal import Problem
from tests.workflow.deployed import Deployed, said

ACCOUNTS = ["local-dev", "local-test", "local-prod"]


@pytest.fixture(scope="module")
def ready(deployed: Deployed) -> Deployed:
    """The local AWS, with three accounts made ready as scripts/bootstrap does."""
    for name in ("local-tooling", *ACCOUNTS):
        bootstrap(accounts.named(name), agreed=True)
    return deployed


@pytest.fixture(scope="module")
def delivered(ready: Deployed) -> dict[str, Run]:
    """What runs in each account, after one artefact went from the first to the last."""
    assert ready.stack.local
    with pytest.MonkeyPatch.context() as patched:
        # The suite has built the same a moment ago.
        patched.setattr(deployment, "build", lambda: None)
        first = deploy("local-dev")
    said("promote", "local-dev", "local-test")
    # Before it runs anything it asks, and here is nobody.
    assert "There is nobody to ask: add --yes" in said("promote", "local-test", "local-prod", status=1)
    return {"local-dev": first, "local-test": _run("local-test"), "local-prod": deploy("local-prod", agreed=True)}


@pytest.fixture
def broken(delivered: dict[str, Run]) -> Release:
    """A release whose writer has no handler."""
    account = accounts.named("local-dev")
    releases = Releases(access.artefact_bucket(account), access.deploying(account).client("s3"))
    key = f"releases/{delivered['local-dev'].release.artefact}/template.yaml"
    template = releases.s3.get_object(Bucket=releases.bucket, Key=key)["Body"].read().decode()
    begins = template.index("  OutreachGenerateFunction:")
    where = template.index("    Properties:\n", begins) + len("    Properties:\n")
    broken = f"{template[:where]}      Handler: app.nothing\n{template[where:]}"
    return releases.keep(broken.encode(), commit="c0ffee", dirty=True, built_at="2026-11-21T10:00:00+00:00")


def _run(account: str) -> Run:
    told = json.loads(said("deploy", "history", "--account", account, "--json"))[0]
    return Run.read(json.dumps(told))


def test_the_same_artefact_runs_in_all_three_and_writes_there(delivered: dict[str, Run]) -> None:
    assert len({run.release.artefact for run in delivered.values()}) == 1
    for name in ACCOUNTS:
        assert Stack(name).parameters["Environment"] == name


def test_who_deployed_what_when_is_told(delivered: dict[str, Run]) -> None:
    told = said("deploy", "history", "--account", "local-test")

    assert delivered["local-test"].release.short in told
    assert delivered["local-test"].by == "root"


def test_no_account_but_the_tooling_s_may_deploy(delivered: dict[str, Run]) -> None:
    for asking, asked in permutations(ACCOUNTS, 2):
        with pytest.raises(Problem, match=f"may not become .*{asked}"):
            access.under_deploy_role(accounts.named(asked), by=access.own(accounts.named(asking)))


@pytest.mark.parametrize(("reader", "owner"), list(permutations(ACCOUNTS, 2)))
def test_nothing_of_an_account_is_read_from_another(delivered: dict[str, Run], reader: str, owner: str) -> None:
    client, theirs = Stack(reader).client, Stack(owner).outputs
    secret = f"/referral-system/{owner}/sources/{FIRST_SOURCE}"

    with pytest.raises(ClientError):
        client("dynamodb").scan(TableName=theirs["EventRecords"])
    with pytest.raises(ClientError):
        client("s3").list_objects_v2(Bucket=theirs["Brands"])
    with pytest.raises(ClientError):
        client("secretsmanager").get_secret_value(SecretId=secret)
    with pytest.raises(ClientError):
        client("ssm").get_parameter(Name=f"/referral-system/{owner}/release")
    with pytest.raises(ClientError):
        client("lambda").invoke(FunctionName=theirs["SyntheticSend"])


def test_only_where_artefacts_are_built_one_can_be_made(delivered: dict[str, Run]) -> None:
    account = accounts.named("local-test")
    s3, bucket = access.deploying(account).client("s3"), access.artefact_bucket(account)
    for key in ("releases/a/template.yaml", "artefacts/a", "runs/local-dev/now.json"):
        with pytest.raises(ClientError, match="AccessDenied"):
            s3.put_object(Bucket=bucket, Key=key, Body=b"")


def test_a_release_that_can_t_write_is_taken_back_and_goes_nowhere(delivered: dict[str, Run], broken: Release) -> None:
    told = said("deploy", "--account", "local-dev", "--artefact", broken.short, status=1)
    good = delivered["local-dev"].release

    assert f"{broken.short} doesn't work in local-dev" in told
    assert "resources changed in place: OutreachGenerateFunction, " in told
    assert f"local-dev runs {good.short} again, and that works" in told
    assert (_run("local-dev").release, _run("local-dev").instead_of) == (good, broken.artefact)
    refused = said("deploy", "--account", "local-test", "--artefact", broken.short, status=1)
    assert f"{broken.short} never worked in local-dev, so local-test doesn't get it" in refused
