"""What a stack on moto knows, taken out and put back over another state of it."""

import io
import json
import stat
from types import SimpleNamespace

import pytest

from operations.recovery.exporting import export
from operations.recovery.holdings import Holdings
from operations.recovery.restoring import restore
from operations.terminal import Problem
from tests.integration.open_events import receipts
from tests.integration.stack import of_type

PATH = "/referral-system/test/"
RECONCILE = "ReconcileFunction"


class CloudFormation:
    """Lists a stack's resources under the names that they have on moto."""

    def __init__(self, *found):
        self.found = [
            {"ResourceType": kind, "LogicalResourceId": logical, "PhysicalResourceId": physical}
            for kind, logical, physical in found
        ]

    def get_paginator(self, operation):
        assert operation == "list_stack_resources"
        return self

    def paginate(self, **asked):
        return [{"StackResourceSummaries": self.found}]


class Functions:
    """Invokes reconcile, or says why that failed."""

    def __init__(self):
        self.invoked, self.error = [], None

    def invoke(self, FunctionName):  # noqa: N803 - boto3's own name
        self.invoked.append(FunctionName)
        return {"FunctionError": "Unhandled", "Payload": io.BytesIO(self.error.encode())} if self.error else {}


@pytest.fixture
def functions():
    return Functions()


@pytest.fixture
def holdings(stack, functions):
    tables = stack.clients("dynamodb").list_tables()["TableNames"]
    buckets = [each["Name"] for each in stack.clients("s3").list_buckets()["Buckets"]]
    cloudformation = CloudFormation(
        *(("AWS::DynamoDB::Table", name, name) for name in tables),
        *(("AWS::S3::Bucket", name.title(), name) for name in buckets),
        ("AWS::Lambda::Function", RECONCILE, RECONCILE),
        ("AWS::SSM::Parameter", "OutreachManifest", f"{PATH}workflows/outreach"),
    )
    own = {"cloudformation": cloudformation, "lambda": functions}
    return Holdings(
        SimpleNamespace(
            account="test",
            client=lambda name: own.get(name) or stack.clients(name),
            dynamodb=stack.clients("dynamodb"),
            profile={"stack_name": "the-stack"},
            tags={"environment": "test"},
        )
    )


@pytest.fixture
def exported(holdings, started, tmp_path):
    """A run on its way, an object in a bucket and a parameter, exported."""
    started()
    bucket = next(iter(holdings.buckets().values()))
    holdings.stack.client("s3").put_object(Bucket=bucket, Key="a tenant/deep/file.md", Body=b"words")
    for name in ("agents/writer/production", "workflows/outreach"):
        holdings.stack.client("ssm").put_parameter(Name=PATH + name, Value="before", Type="String", Overwrite=True)
    list(export(holdings, tmp_path / "export"))
    return tmp_path / "export"


def scanned(holdings):
    return {
        table: sorted(holdings.stack.dynamodb.scan(TableName=table)["Items"], key=str)
        for table in holdings.tables().values()
    }


def emptied(holdings):
    """Delete every item, as if the tables were new."""
    dynamodb = holdings.stack.dynamodb
    for table, items in scanned(holdings).items():
        key = [each["AttributeName"] for each in dynamodb.describe_table(TableName=table)["Table"]["KeySchema"]]
        for item in items:
            dynamodb.delete_item(TableName=table, Key={name: item[name] for name in key})


def test_every_table_of_the_template_is_exported(holdings, exported):
    assert {path.name for path in (exported / "tables").iterdir()} == set(of_type("DynamoDB::Table"))


def test_an_export_is_its_owner_s_alone_and_never_written_over(holdings, exported):
    assert stat.S_IMODE(exported.stat().st_mode) == 0o700
    with pytest.raises(Problem, match="there already"):
        list(export(holdings, exported))


def test_a_key_that_leads_out_of_the_folder_is_refused(holdings, tmp_path):
    bucket = next(iter(holdings.buckets().values()))
    holdings.stack.client("s3").put_object(Bucket=bucket, Key="../../outside", Body=b"")
    with pytest.raises(Problem, match="leads out"):
        list(export(holdings, tmp_path / "export"))


def test_what_was_lost_is_there_again_and_what_was_open_is_due(holdings, exported, functions, stack):
    before = scanned(holdings)
    emptied(holdings)

    told = list(restore(holdings, exported))

    after = scanned(holdings)
    due = [item.pop("dueAt", None) for items in (*before.values(), *after.values()) for item in items]
    assert after == before
    [was, now] = [each["S"] for each in due if each]
    assert now != was
    assert receipts(stack)["msg_1"]["dueAt"] == now
    assert functions.invoked == [RECONCILE]
    assert told[-1] == "1 event on the way: started again"


def test_a_source_signs_with_the_secret_that_it_had_though_its_address_is_new(holdings, exported):
    secrets = holdings.stack.client("secretsmanager")
    saved = json.loads((exported / "secrets.json").read_text())
    name = next(name for name in saved if "/sources/" in name)
    secrets.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)

    list(restore(holdings, exported))

    arns = {row["secretArn"]["S"] for row in holdings.stack.dynamodb.scan(TableName="SourcesTable")["Items"]}
    found = [secrets.get_secret_value(SecretId=arn) for arn in arns]
    assert {each["Name"]: each["SecretString"] for each in found}[name] == saved[name]


def test_objects_and_parameters_come_back_but_for_those_of_the_new_template(holdings, exported):
    bucket, s3, ssm = next(iter(holdings.buckets().values())), holdings.stack.client("s3"), holdings.stack.client("ssm")
    s3.delete_object(Bucket=bucket, Key="a tenant/deep/file.md")
    for name in ("agents/writer/production", "workflows/outreach"):
        ssm.put_parameter(Name=PATH + name, Value="after", Type="String", Overwrite=True)

    list(restore(holdings, exported))

    assert s3.get_object(Bucket=bucket, Key="a tenant/deep/file.md")["Body"].read() == b"words"
    values = {each["Name"].removeprefix(PATH): each["Value"] for each in holdings.parameters()}
    assert values["agents/writer/production"] == "before"
    assert values["workflows/outreach"] == "after"


def test_restoring_twice_is_restoring_once(holdings, exported):
    list(restore(holdings, exported))
    once = scanned(holdings)
    list(restore(holdings, exported))
    assert {table: len(items) for table, items in scanned(holdings).items()} == {t: len(i) for t, i in once.items()}


def test_a_failed_reconcile_is_told(holdings, exported, functions):
    functions.error = '{"errorType": "IncompleteSweepError"}'
    with pytest.raises(Problem, match="IncompleteSweepError"):
        list(restore(holdings, exported))


def test_a_folder_without_an_export_is_refused(holdings, tmp_path):
    with pytest.raises(Problem, match="holds no export"):
        list(restore(holdings, tmp_path))
