"""Senders that keep what they sent and what they were told, and the proof of the promise over all of it."""

import json
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import requests
from agent_platform.items import to_item

from operations import events
from operations.seed import FIRST_SOURCE
from operations.stack import Stack
from tests.campaigns.crashes import functions_of
from tests.campaigns.history import Execution, Sent, Stored, violations
from tests.workflow.deployed import Deployed

_SENDS_BEFORE_GIVING_UP = 20
_PAUSE_SECONDS = 0.5
# So many looks in a row must find nothing moving before it counts as that.
_QUIET_LOOKS = 10


@dataclass
class Senders:
    """CRMs that send again what was not taken, as the door asks them to."""

    deployed: Deployed
    sent: list[Sent] = field(default_factory=list)

    def send(self, event_id: str, body: str, *, forged: bool = False) -> Sent:
        """One request, remembered with its answer."""
        try:
            answer = events.send(self.deployed.url, self.deployed.secret, body, event_id=event_id, forged=forged)
        except requests.RequestException:
            each = Sent(FIRST_SOURCE, event_id, body, None)
        else:
            each = Sent(FIRST_SOURCE, event_id, body, answer.status, answer.body.get("receipt"))
        self.sent.append(each)
        return each

    def deliver(self, event_id: str, body: str, *, forged: bool = False) -> Sent:
        """Send until it is taken or refused for good."""
        for _ in range(_SENDS_BEFORE_GIVING_UP):
            each = self.send(event_id, body, forged=forged)
            if each.taken or (each.refused and each.status != 429):
                return each
            time.sleep(_PAUSE_SECONDS)
        raise AssertionError(f"{event_id} was not taken {_SENDS_BEFORE_GIVING_UP} times, last with {each.status}")

    def settle(self, seconds: float) -> int:
        """Wait until nothing is queued or runs and every accepted event has an outcome, at most so long.

        What is open when nothing moves any more is reconcile's, whose hour comes at once; how many were. A busy machine
        needs it: the emulator's rules call record_failure once, where Lambda calls again what failed.
        """
        deadline, quiet, left = time.monotonic() + seconds, 0, set[str]()
        while time.monotonic() < deadline:
            idle, still = self._is_idle(), self._open()
            if idle and not still:
                break
            quiet = quiet + 1 if idle else 0
            if quiet == _QUIET_LOOKS:
                left |= still
                self._sweep(still)
                quiet = 0
            time.sleep(_PAUSE_SECONDS)
        return len(left)

    def make_due(self, record: str) -> None:
        """Let an open event's turn in the next sweep come now."""
        self.deployed.stack.dynamodb.update_item(
            TableName=self.deployed.stack.outputs["EventRecords"],
            Key=to_item({"record": record, "part": "receipt"}),
            UpdateExpression="SET dueAt = :past",
            ConditionExpression="attribute_exists(openShard)",
            ExpressionAttributeValues=to_item({":past": "2000-01-01T00:00:00Z"}),
        )

    def idle(self) -> None:
        """Wait until nothing is queued or runs."""
        self.deployed.until(self._is_idle, "the queue and the workflow to be idle")

    def violations(self) -> list[str]:
        """Everything that breaks the promise in what is stored now."""
        records, messages = self.deployed.items("EventRecords"), self.deployed.items("OutreachMessages")
        return violations(self.sent, Stored(records, messages, self._executions()))

    def outcomes(self) -> dict[str, int]:
        """How many of the accepted events came to what."""
        came_to = [item.get("outcome") or {"kind": "open"} for item in self._receipts()]
        names = [each["status"] if each["kind"] == "message" else each["kind"] for each in came_to]
        return dict(sorted(Counter(names).items()))

    def _receipts(self) -> list[dict[str, Any]]:
        taken = {each.receipt.replace(".", "#", 1) for each in self.sent if each.receipt}
        items = self.deployed.items("EventRecords")
        return [item for item in items if item["part"] == "receipt" and item["record"] in taken]

    def _open(self) -> set[str]:
        return {item["record"] for item in self._receipts() if "outcome" not in item}

    def _sweep(self, records: set[str]) -> None:
        for record in records:
            self.make_due(record)
        function = functions_of(self.deployed.stack)["Reconcile"]
        answer = self.deployed.stack.client("lambda").invoke(FunctionName=function)
        assert "FunctionError" not in answer, answer["Payload"].read()

    def _is_idle(self) -> bool:
        stack = self.deployed.stack
        counts = [f"ApproximateNumberOfMessages{which}" for which in ("", "NotVisible", "Delayed")]
        for url in queues_of(stack):
            queued = stack.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=counts)["Attributes"]
            if any(int(queued[name]) for name in counts):
                return False
        machine = stack.outputs["OutreachStateMachineArn"]
        running = stack.client("stepfunctions").list_executions(stateMachineArn=machine, statusFilter="RUNNING")
        return not running["executions"]

    def _executions(self) -> list[Execution]:
        stack = self.deployed.stack
        client, machine = stack.client("stepfunctions"), stack.outputs["OutreachStateMachineArn"]
        pages = client.get_paginator("list_executions").paginate(stateMachineArn=machine)
        arns = [each["executionArn"] for page in pages for each in page["executions"]]
        described = [client.describe_execution(executionArn=arn) for arn in arns]
        return [Execution(each["name"], each["input"]) for each in described]


def queues_of(stack: Stack) -> list[str]:
    """The queues that an event, or the news of its message, may lie in; changes of case files wait for one another."""
    return [url for name, url in sorted(stack.outputs.items()) if re.fullmatch(r"Outreach\w*QueueUrl", name)]


@contextmanager
def impatient(stack: Stack, urls: Sequence[str], seconds: int) -> Iterator[None]:
    """What one of these queues hands out until this ends comes back after so many seconds if it fails, not minutes."""
    sqs, names = stack.client("sqs"), ["VisibilityTimeout"]
    usual = {url: sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"] for url in urls}
    try:
        for url in urls:
            sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": str(seconds)})
        yield
    finally:
        for url, attributes in usual.items():
            sqs.set_queue_attributes(QueueUrl=url, Attributes=attributes)


def as_text(event: dict[str, Any]) -> str:
    """An event's body as the senders post it."""
    return json.dumps(event)
