"""The deployed stack as the workflow suite sees it: what a test sends to it and asks of it."""

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pytest
import requests
from agent_platform.items import from_item, to_item

from local_aws import service
from operations import deployment, events, sources
from operations.seed import FIRST_SOURCE, FIRST_TENANT, seed
from operations.stack import ROOT, Stack

PATIENCE_SECONDS = 60
# Set, tests run on the stack that stands already under LOCAL_AWS_HOME.
STANDING = "STANDING_STACK"
# Where a stack's local AWS notes what IAM decided.
DECISIONS = "decisions.jsonl"


@contextmanager
def stood_up(home: Path, **switches: str) -> Iterator[None]:
    """The stack on a local AWS of its own; functions run under their own roles, which the emulator enforces."""
    with pytest.MonkeyPatch.context() as patched:
        own = {"LOCAL_AWS_HOME": str(home), "AUTH": "true", "SFN_WAIT_SCALE": "0.05",
               "IAM_DECISIONS": str(home / DECISIONS)}  # fmt: skip
        for name, value in (own | switches).items():
            patched.setenv(name, value)
        service.up("offline")
        try:
            deployment.build()
            deployment.deploy("local")
            list(seed(Stack("local")))
            yield
        finally:
            service.down()


@dataclass(frozen=True)
class Deployed:
    """The deployed stack, and what a test does to it."""

    stack: Stack
    secret: str
    tenant: str = FIRST_TENANT

    @classmethod
    def now(cls) -> Self:
        """The stack as it stands on the local AWS now."""
        stack = Stack("local")
        return cls(stack, sources.signing_secret(stack, FIRST_SOURCE))

    @property
    def url(self) -> str:
        return f"{self.stack.api_url}/webhook/{FIRST_SOURCE}"

    def send(self, event: dict[str, Any], event_id: str | None = None) -> events.Answer:
        """Post one event, signed."""
        return events.send(self.url, self.secret, json.dumps(event), event_id=event_id or events.new_event_id())

    def receipt(self, receipt: str) -> dict[str, Any]:
        found = self.stack.records.receipt(receipt.replace(".", "#", 1))
        assert found
        return found

    def outcome(self, receipt: str) -> dict[str, Any]:
        """The event's outcome, once it has one."""
        return self.until(lambda: self.receipt(receipt).get("outcome"), f"an outcome of {receipt}")

    def message(self, receipt: str) -> dict[str, Any]:
        """The message that an accepted event came to."""
        outcome = self.outcome(receipt)
        assert outcome["kind"] == "message", outcome
        return self.item("OutreachMessages", message=f"{self.tenant}#{outcome['execution']}")

    def item(self, output: str, **key: str) -> dict[str, Any]:
        """One item of the table that an output names."""
        got = self.stack.dynamodb.get_item(TableName=self.stack.outputs[output], Key=to_item(key))
        return from_item(got["Item"])

    def items(self, output: str) -> list[dict[str, Any]]:
        """All items of the table that an output names."""
        pages = self.stack.dynamodb.get_paginator("scan").paginate(TableName=self.stack.outputs[output])
        return [from_item(item) for page in pages for item in page["Items"]]

    def until[T](self, look: Callable[[], T | None], what: str, *, patience: float = PATIENCE_SECONDS) -> T:
        """What `look` finds, as soon as it finds something, within so many seconds."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if found := look():
                return found
            time.sleep(0.1)
        raise AssertionError(f"waited {patience:.0f} s in vain for {what}")

    @contextmanager
    def given(self, function: str, **variables: str) -> Iterator[None]:
        """A function, by its logical id, whose environment says something else, until this ends."""
        functions, name = self.stack.client("lambda"), physical(self.stack, function)
        usual = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
        functions.update_function_configuration(FunctionName=name, Environment={"Variables": usual | variables})
        try:
            yield
        finally:
            functions.update_function_configuration(FunctionName=name, Environment={"Variables": usual})

    def history(self, receipt: str) -> list[dict[str, Any]]:
        """The whole history of an event's execution, with its data."""
        arn = self.until(lambda: self.receipt(receipt).get("executionArn"), "the start")
        client = self.stack.client("stepfunctions")
        pages = client.get_paginator("get_execution_history").paginate(executionArn=arn)
        return [event for page in pages for event in page["events"]]

    def fault(self, *faults: dict[str, Any]) -> None:
        """Let the model go wrong."""
        assert self.stack.local
        url = f"{self.stack.local.model_endpoint}/_control/faults"
        requests.post(url, json=list(faults), timeout=10).raise_for_status()

    def model_calls(self) -> list[dict[str, Any]]:
        """The calls that reached the model's server."""
        assert self.stack.local
        calls = requests.get(f"{self.stack.local.model_endpoint}/_control/calls", timeout=10).json()
        return list(calls["calls"])


def said(script: str, *arguments: str, status: int = 0) -> str:
    """What a script prints, on both of its streams."""
    ended = subprocess.run(
        [ROOT / "scripts" / script, *arguments],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == status, ended.stdout
    return ended.stdout


def physical(stack: Stack, resource: str) -> str:
    """What a resource of the stack is called there, by its logical id."""
    found = stack.client("cloudformation").describe_stack_resource(
        StackName=stack.profile["stack_name"], LogicalResourceId=resource
    )
    return str(found["StackResourceDetail"]["PhysicalResourceId"])


def begin_anew(stack: Stack, function: str) -> None:
    """Let a function, by its logical id, forget what it has read: its next request begins another process."""
    functions, found = stack.client("lambda"), physical(stack, function)
    timeout = functions.get_function_configuration(FunctionName=found)["Timeout"]
    # Its settings stay what they are; to be given them ends its processes.
    functions.update_function_configuration(FunctionName=found, Timeout=timeout)
