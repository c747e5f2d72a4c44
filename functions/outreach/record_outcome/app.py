"""What became of a message, as its sender tells: attached to it once, and told to whoever goes by it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from agent_platform.deliveries import work_through
from agent_platform.experiments.outcomes import outcomes
from agent_platform.features.store import feature_store
from agent_platform.ingest.bus import bus
from agent_platform.ingest.events import event_records
from agent_platform.references import EventReference
from outreach.contacts import contacts
from outreach.outcomes.attaching import message_outcomes
from outreach.outcomes.recording import Recorder


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Take in what each message of the queue refers to; only those that failed go back, and in time to the DLQ."""
    return work_through(event, _record, failed="not attached")


def _record(detail: Mapping[str, Any]) -> None:
    recorder = Recorder(event_records(), message_outcomes(), contacts(), feature_store(), outcomes(), bus())
    recorder.record(EventReference.of(detail), now=datetime.now(UTC))
