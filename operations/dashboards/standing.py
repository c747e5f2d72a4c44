"""What no metric says: which alarms ring, and how the queues, the executions and the rollouts stand."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agent_platform.items import from_item

from operations.agents.parsing import called
from operations.alarms import RINGS, Watched
from operations.dashboards.spans import Span
from operations.dead_letters import LANES
from operations.stack import Stack

# What ends in no other queue has one of its own, without a lane.
_UNRECORDED = "failures that could not be recorded"


@dataclass(frozen=True)
class Queue:
    """How many messages a queue has: that wait, that are being worked on, and that were given up."""

    name: str
    waiting: int
    in_work: int
    dead: int

    @property
    def busy(self) -> bool:
        """Whether there is anything in it to tell of."""
        return bool(self.waiting or self.in_work or self.dead)


@dataclass(frozen=True)
class Rollout:
    """A rollout that was open in a span: of whom, between which versions, with what share (%) or end."""

    agent: str
    number: int
    baseline: int
    candidate: int
    opened: datetime
    ended: datetime | None
    state: str
    share: float | None

    @property
    def words(self) -> str:
        """The rollout in a sentence."""
        given = f", {self.share:g} % of the customers" if self.share is not None else ""
        versions = f"version {self.candidate} against {self.baseline}"
        return f"{self.agent}, rollout {self.number}: {versions}, {self.state.replace('_', ' ')}{given}"


@dataclass(frozen=True)
class Standing:
    """How a stack stands: what rings, its queues, its open executions with the oldest one's start, and its rollouts."""

    alarms: tuple[Watched, ...]
    queues: tuple[Queue, ...]
    open_executions: int
    oldest: datetime | None
    rollouts: tuple[Rollout, ...]


def standing(stack: Stack, span: Span) -> Standing:
    """How the stack stands now; rollouts also as far as they were open in the span."""
    running = _running(stack)
    return Standing(
        tuple(sorted(_ringing(stack), key=lambda each: each.since)),
        tuple(_queues(stack)),
        len(running),
        min(running, default=None),
        tuple(sorted(_rollouts(stack, span), key=lambda each: each.opened)),
    )


def _ringing(stack: Stack) -> Iterator[Watched]:
    prefix = f"{stack.profile['stack_name']}-"
    pages = stack.client("cloudwatch").get_paginator("describe_alarms").paginate(
        AlarmNamePrefix=prefix, AlarmTypes=["MetricAlarm", "CompositeAlarm"]
    )  # fmt: skip
    for alarm in (each for page in pages for each in (*page.get("CompositeAlarms", ()), *page["MetricAlarms"])):
        if alarm["StateValue"] == RINGS:
            yield Watched.of(alarm, prefix)


def _queues(stack: Stack) -> Iterator[Queue]:
    sqs = stack.client("sqs")

    def counts(output: str) -> tuple[int, int]:
        names = [f"ApproximateNumberOfMessages{which}" for which in ("", "Delayed", "NotVisible")]
        found = sqs.get_queue_attributes(QueueUrl=stack.outputs[output], AttributeNames=names)["Attributes"]
        ready, delayed, in_work = (int(found[name]) for name in names)
        # What waits for a slot is delayed.
        return ready + delayed, in_work

    for lane in LANES:
        yield Queue(lane.name, *counts(lane.queue), dead=sum(counts(lane.dead)))
    yield Queue(_UNRECORDED, 0, 0, dead=sum(counts("FailureDeadLettersUrl")))


def _running(stack: Stack) -> list[datetime]:
    pages = stack.client("stepfunctions").get_paginator("list_executions").paginate(
        stateMachineArn=stack.outputs["OutreachStateMachineArn"], statusFilter="RUNNING"
    )  # fmt: skip
    return [each["startDate"] for page in pages for each in page["executions"]]


def _rollouts(stack: Stack, span: Span) -> Iterator[Rollout]:
    shares = {(agent_id, rollout.number): rollout.share / 100 for agent_id, rollout in stack.aliases.in_rollout()}
    for row in _recorded(stack):
        agent_id = row["agentId"].removesuffix("#rollout")
        opened = datetime.fromisoformat(row["openedAt"])
        ended = datetime.fromisoformat(row["endedAt"]) if "endedAt" in row else None
        if opened < span.end and (ended is None or ended > span.start):
            share = shares.get((agent_id, row["version"]))
            yield Rollout(
                called(agent_id), row["version"], row["baseline"], row["candidate"], opened, ended, row["state"], share
            )


def _recorded(stack: Stack) -> Iterator[dict[str, Any]]:
    """Every rollout that there was; a registry has as many items as people wrote versions and began rollouts."""
    pages = stack.dynamodb.get_paginator("scan").paginate(
        TableName=stack.outputs["AgentRegistry"], FilterExpression="attribute_exists(openedAt)", ConsistentRead=True
    )
    return (from_item(item) for page in pages for item in page["Items"])
