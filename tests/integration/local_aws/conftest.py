"""A local AWS of the tests' own, beside one that may be running, and a way to put functions into it."""

import io
import json
import os
import textwrap
import time
import uuid
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from unittest import mock

import boto3
import pytest
from botocore.config import Config

from local_aws import servers, service

ROLE = f"arn:aws:iam::{servers.ACCOUNT}:role/any"


@dataclass
class Account:
    """The AWS account in a running local AWS."""

    running: service.State

    def client(self, name):
        return boto3.client(
            name,
            endpoint_url=self.running.endpoint,
            region_name=self.running.region,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(retries={"total_max_attempts": 1}),
        )

    def deploy(self, source, *, files=None, **configuration):
        """A function with this source as its app.py, and more files if wanted; its name and ARN."""
        options = {
            "Runtime": "python3.13",
            "Handler": "app.lambda_handler",
            "Role": ROLE,
            "Timeout": 10,
        } | configuration
        created = self.client("lambda").create_function(
            FunctionName=f"function-{uuid.uuid4().hex[:8]}",
            Code={"ZipFile": zipped({"app.py": source} | (files or {}))},
            **options,
        )
        return SimpleNamespace(name=created["FunctionName"], arn=created["FunctionArn"])

    def layer(self, files):
        """A layer with these files; its version's ARN."""
        published = self.client("lambda").publish_layer_version(
            LayerName=f"layer-{uuid.uuid4().hex[:8]}", Content={"ZipFile": zipped(files)}
        )
        return published["LayerVersionArn"]

    def invoke(self, function, event=None):
        """What the function answers, and its error as Lambda's Invoke gives it, or None."""
        answer = self.client("lambda").invoke(FunctionName=function.name, Payload=json.dumps(event or {}))
        return SimpleNamespace(payload=json.loads(answer["Payload"].read()), error=answer.get("FunctionError"))

    def execute(self, states, *, start_at, given=None, seconds=10):
        """The end of an execution of a new state machine with these states."""
        step_functions = self.client("stepfunctions")
        machine = step_functions.create_state_machine(
            name=f"machine-{uuid.uuid4().hex[:8]}",
            definition=json.dumps({"StartAt": start_at, "States": states}),
            roleArn=ROLE,
        )["stateMachineArn"]
        started = step_functions.start_execution(stateMachineArn=machine, input=json.dumps(given or {}))
        arn = started["executionArn"]
        return eventually(
            lambda: step_functions.describe_execution(executionArn=arn),
            until=lambda found: found["status"] != "RUNNING",
            seconds=seconds,
        )

    def log_lines(self, function_name):
        """Every line in a function's log group, which may not be there yet."""
        logs = self.client("logs")
        try:
            events = logs.filter_log_events(logGroupName=f"/aws/lambda/{function_name}")["events"]
        except logs.exceptions.ResourceNotFoundException:
            return []
        return [event["message"] for event in events]

    def sum_of(self, namespace, metric, dimensions):
        """A metric's sum over the last minutes."""
        now = datetime.now(UTC)
        statistics = self.client("cloudwatch").get_metric_statistics(
            Namespace=namespace,
            MetricName=metric,
            Dimensions=[{"Name": name, "Value": value} for name, value in dimensions.items()],
            StartTime=now - timedelta(minutes=10),
            EndTime=now + timedelta(minutes=1),
            Period=3600,
            Statistics=["Sum"],
        )
        return sum(point["Sum"] for point in statistics["Datapoints"])


def eventually(read, *, until, seconds=10):
    """What `read` gives as soon as it fulfils the condition, or whatever it gives when the time is over."""
    deadline = time.monotonic() + seconds
    while not until(found := read()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return found


def zipped(files):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, textwrap.dedent(text))
    return content.getvalue()


@pytest.fixture
def host():
    """What the shell that started the session's local AWS held."""
    return HOST


@pytest.fixture(scope="session")
def until():
    return lambda read: eventually(read, until=bool)


@pytest.fixture
def account_in():
    return Account


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An instance's own home; whatever runs there is ended afterwards."""
    monkeypatch.setenv("LOCAL_AWS_HOME", str(tmp_path))
    yield tmp_path
    service.down()


# What a developer's shell may hold, and no function may see.
HOST = {
    "SECRET_OF_THE_HOST": "a host's variable",
    "AWS_PROFILE": "production",
    "AWS_CA_BUNDLE": "/no/such/bundle.pem",
    "PYTHONPATH": "/a/path/of/the/host",
    "VIRTUAL_ENV": "/a/venv/of/the/host",
}


@pytest.fixture(scope="session")
def account(tmp_path_factory):
    home = {"LOCAL_AWS_HOME": str(tmp_path_factory.mktemp("local-aws"))}
    with mock.patch.dict(os.environ, home | HOST | {"SFN_WAIT_SCALE": "0"}):
        running = service.up()
    yield Account(running)
    with mock.patch.dict(os.environ, home):
        service.down()
