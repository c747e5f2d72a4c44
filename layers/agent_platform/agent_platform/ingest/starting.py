"""From a workflow's queue to its state machine: a run takes its slot and starts, or its message waits for one."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from botocore.exceptions import BotoCoreError, ClientError

from agent_platform import telemetry
from agent_platform.deliveries import work_through
from agent_platform.ingest.events import EventRecords
from agent_platform.ingest.runs import Runs, execution_arn
from agent_platform.ingest.slot_board import Asking
from agent_platform.ingest.slots import Slots
from agent_platform.ingest.waiting import Waiting, WaitingQueue, asks_again, received_before, waited_since
from agent_platform.references import EventReference
from agent_platform.tenants import SYNTHETIC

_FAILED = "not started"


@dataclass(frozen=True)
class _Delivered:
    """A message that names a run: which, and since when it waits, in epoch milliseconds."""

    message: Mapping[str, Any]
    reference: EventReference
    execution: str
    since: int


@dataclass(frozen=True)
class Starting:
    """What starting a workflow's runs needs; `most` runs may be open at once, any number if it is 0."""

    workflow: str
    machine: str
    most: int
    slots: Slots
    runs: Runs
    records: EventRecords
    queue: WaitingQueue

    def answer(self, event: Mapping[str, Any], *, now: datetime) -> dict[str, Any]:
        """Start what each message names, or send it again; the answer names those that failed, and come again."""
        delivered = [each for each in map(self._readable(now), event["Records"]) if each]
        try:
            waiting = self._without_slot(delivered, now)
        except (ClientError, BotoCoreError) as error:
            return work_through(event, _raising(error), failed=_FAILED)
        lost = self.queue.send_again(waiting)
        waits = {each.message["messageId"] for each in waiting}
        rest = {"Records": [each for each in event["Records"] if each["messageId"] not in waits]}
        since = {each.execution: each.since for each in delivered}
        answer = work_through(rest, lambda detail: self._start(detail, since, now), failed=_FAILED)
        return {"batchItemFailures": [{"itemIdentifier": each} for each in lost] + answer["batchItemFailures"]}

    def _readable(self, now: datetime) -> Callable[[Mapping[str, Any]], _Delivered | None]:
        """What reads a message; None of one that names no run, which is for work_through to refuse."""

        def read(message: Mapping[str, Any]) -> _Delivered | None:
            try:
                reference = EventReference.of(json.loads(message["body"])["detail"])
                execution = execution_arn(self.machine, reference)
            except (ValueError, LookupError, TypeError):
                return None
            return _Delivered(message, reference, execution, waited_since(message, now=now))

        return read

    def _without_slot(self, delivered: Sequence[_Delivered], now: datetime) -> list[Waiting]:
        """The messages of those whose runs may not start now; the others have their slot afterwards."""
        if not self.most or not delivered:
            return []
        seconds = {each.execution: asks_again(now.timestamp() - each.since / 1000) for each in delivered}
        asking = {
            each.execution: Asking(
                each.reference.tenant, each.execution, seconds[each.execution], received_before(each.message)
            )
            for each in delivered
        }
        taken = self.slots.take(self.workflow, list(asking.values()), most=self.most, now=now)
        waiting = [
            Waiting(each.message, each.reference.tenant, each.since, seconds[each.execution])
            for each in delivered
            if each.execution not in taken.executions
        ]
        _measure(taken.slots, waiting, now)
        return waiting

    def _start(self, detail: Mapping[str, Any], since: Mapping[str, int], now: datetime) -> None:
        reference = EventReference.of(detail)
        execution = execution_arn(self.machine, reference)
        began = self.runs.start(self.machine, reference)
        # Without an end to come nobody else would free it. One whose start failed is kept: its message comes again.
        if not began and not self.runs.is_open(execution):
            self.slots.let_go(reference.tenant, execution)
        self.records.mark_started(reference, execution)
        if began and reference.tenant != SYNTHETIC:
            waited = now.timestamp() * 1000 - since[execution]
            telemetry.emit({"StartWait": (MetricUnit.Milliseconds, max(waited, 0))})


def _raising(error: Exception) -> Callable[[Any], None]:
    """Work that fails of each message alike, so that each is told of under its own name."""

    def fail(_: Any) -> None:
        raise error

    return fail


def _measure(taken: int, waiting: Sequence[Waiting], now: datetime) -> None:
    values: dict[str, tuple[MetricUnit, float]] = {"SlotsTaken": (MetricUnit.Count, taken)}
    if waiting:
        longest = now.timestamp() * 1000 - min(each.since for each in waiting)
        values |= {"StillWaiting": (MetricUnit.Milliseconds, max(longest, 0))}
        told = {"messages": len(waiting), "seconds": max(each.seconds for each in waiting)}
        telemetry.log().info("waits for a slot", extra=told | {"tenants": sorted({each.tenant for each in waiting})})
    telemetry.emit(values)
