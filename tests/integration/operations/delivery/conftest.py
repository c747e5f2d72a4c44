"""Two AWS accounts' worth of delivery on moto: a bucket of releases, and an account that gets them."""

from types import SimpleNamespace

import boto3
import pytest
from moto import mock_aws

from operations.accounts import Account
from operations.delivery.releases import Releases
from tests.integration.operations.delivery.cloudformation import CloudFormation

REGION, BUCKET = "us-east-1", "the-artefacts"


@pytest.fixture
def cloud(monkeypatch):
    """An empty account, without any way to a real one."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    with mock_aws():
        session = boto3.Session(region_name=REGION)
        session.client("s3").create_bucket(Bucket=BUCKET)
        yield session


@pytest.fixture
def releases(cloud):
    return Releases(BUCKET, cloud.client("s3"))


@pytest.fixture
def keep(releases):
    """Keep a release of a template with these resources."""

    def keep(**resources):
        lines = ["Resources:", *(f"  {name}: {{Type: {type_}}}" for name, type_ in resources.items())]
        return releases.keep(
            "\n".join(lines).encode(), commit="c0ffee" * 6, dirty=False, built_at="2026-11-20T10:00:00Z"
        )

    return keep


@pytest.fixture
def cloudformation(releases):
    return CloudFormation(releases.s3)


@pytest.fixture
def account_of(cloud, cloudformation):
    """An account by its name in samconfig.toml, and the access of Anna to it."""

    def client(name):
        return cloudformation if name == "cloudformation" else cloud.client(name)

    def account_of(name, **said):
        account = Account(name, "local", id="", region=REGION, tooling="tooling", **said)
        identity = {"Arn": "arn:aws:sts::111111111111:assumed-role/deploy/anna", "Account": "111111111111"}
        return account, SimpleNamespace(client=client, identity=identity, environment={})

    return account_of
