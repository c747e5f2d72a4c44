"""Past cases from messages that went well: made, withheld until they could be about many, published, taken back."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from agent_platform.deliveries import work_through
from agent_platform.ingest.events import event_records
from agent_platform.recordings import recordings
from outreach.brand_files import brand_at
from outreach.casebook.files import case_files
from outreach.casebook.publishing import Publisher
from outreach.casebook.store import casebook
from outreach.outcomes.attaching import message_outcomes


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Take in the news of each message of the queue; only those that failed go back, and in time to the DLQ."""
    return work_through(event, _consider, failed="no case considered")


def _consider(detail: Mapping[str, Any]) -> None:
    publisher = Publisher(message_outcomes(), recordings(), event_records(), brand_at, casebook(), case_files())
    publisher.consider(detail["tenant"], detail["message_id"], now=datetime.now(UTC))
