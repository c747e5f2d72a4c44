"""Tenants that share a stack: what each sent, and how long each of its events waited for its start."""

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from agent_platform.references import EventReference

from operations import events, sources
from operations.seed import FIRST_TENANT
from operations.stack import Stack
from tests.campaigns.senders import as_text

# One after the other they would come no faster than they start.
AT_ONCE = 4


@dataclass(frozen=True)
class Tenant:
    """A company with a source of the same name, and when it sent each of its events, by the name of their runs."""

    stack: Stack
    name: str
    secret: str
    sent: dict[str, datetime] = field(default_factory=dict)

    @classmethod
    def new(cls, stack: Stack, word: str) -> Self:
        """One that nobody knows yet, with the first tenant's brand."""
        name, bucket = f"{word}-{uuid.uuid4().hex[:6]}", stack.outputs["Brands"]
        brand = {"Bucket": bucket, "Key": f"{FIRST_TENANT}/brand.json"}
        stack.client("s3").copy_object(Bucket=bucket, Key=f"{name}/brand.json", CopySource=brand)
        return cls(stack, name, sources.add(stack, name, name))

    def send(self, bodies: list[dict[str, Any]]) -> None:
        """Send events as fast as they are taken."""
        with ThreadPoolExecutor(AT_ONCE) as senders:
            list(senders.map(self._send, bodies))

    def _send(self, body: dict[str, Any]) -> None:
        event_id, now = events.new_event_id(), datetime.now(UTC)
        answer = events.send(f"{self.stack.api_url}/webhook/{self.name}", self.secret, as_text(body), event_id=event_id)
        assert answer.status == 202, answer
        self.sent[EventReference(self.name, self.name, event_id, body["type"]).execution_name] = now

    def waits(self, starts: dict[str, datetime]) -> list[float]:
        """The seconds from sending each event to its start, the shortest first."""
        return sorted((starts[run] - moment) / timedelta(seconds=1) for run, moment in self.sent.items())


def executions(stack: Stack) -> Iterator[dict[str, Any]]:
    """Every execution of the workflow, as Step Functions lists it."""
    pages = stack.client("stepfunctions").get_paginator("list_executions").paginate(
        stateMachineArn=stack.outputs["OutreachStateMachineArn"]
    )  # fmt: skip
    for page in pages:
        yield from page["executions"]


def lying_in(stack: Stack, queue: str) -> int:
    """How many messages lie in a queue of the workflow, hidden and delayed ones too, by its output's name."""
    counts = [f"ApproximateNumberOfMessages{which}" for which in ("", "NotVisible", "Delayed")]
    found = stack.client("sqs").get_queue_attributes(QueueUrl=stack.outputs[queue], AttributeNames=counts)
    return sum(int(found["Attributes"][name]) for name in counts)
