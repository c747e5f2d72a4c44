"""From a workflow's queue to its state machine: one execution for each run of an event, however often delivered."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from agent_platform import settings, telemetry
from agent_platform.ingest.events import event_records
from agent_platform.ingest.runs import runs
from agent_platform.ingest.slots import slots
from agent_platform.ingest.starting import Starting
from agent_platform.ingest.waiting import waiting_queue


@dataclass(frozen=True)
class _Settings:
    state_machine_arn: str
    max_open_executions: int


@cache
def starting() -> Starting:
    """How this workflow's runs start, with all it takes."""
    own = settings.read(_Settings)
    return Starting(telemetry.workflow(), own.state_machine_arn, own.max_open_executions, slots(), runs(),
                    event_records(), waiting_queue())  # fmt: skip


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Start what each message names, or let it wait; only those that failed go back, and in time to the DLQ."""
    return starting().answer(event, now=datetime.now(UTC))
