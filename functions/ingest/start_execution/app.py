"""From a workflow's queue to its state machine: one execution for each run of an event, however often delivered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agent_platform import settings
from agent_platform.deliveries import work_through
from agent_platform.ingest.events import event_records
from agent_platform.ingest.runs import execution_arn, runs
from agent_platform.references import EventReference


@dataclass(frozen=True)
class _Settings:
    state_machine_arn: str


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Start what each message names; only the messages that failed go back to the queue, and in time to the DLQ."""
    return work_through(event, _start, failed="not started")


def _start(detail: Mapping[str, Any]) -> None:
    reference, machine = EventReference.of(detail), settings.read(_Settings).state_machine_arn
    runs().start(machine, reference)
    event_records().mark_started(reference, execution_arn(machine, reference))
