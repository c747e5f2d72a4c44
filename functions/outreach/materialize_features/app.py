"""Materialize features: what an event says of a customer goes into their history, and into the row that runs read."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from agent_platform.deliveries import work_through
from agent_platform.features.store import feature_store
from agent_platform.ingest.contents import contents
from agent_platform.ingest.events import event_records
from agent_platform.reference_key import reference_key
from agent_platform.references import EventReference
from agent_platform.retrieval.neighbours import neighbours
from outreach.brand_files import brand_in_force
from outreach.contacts import contacts
from outreach.materialization import Materialization


@cache
def materialization() -> Materialization:
    """The stack's own, with its collaborators."""
    return Materialization(
        event_records(), lambda tenant: brand_in_force(tenant)[0], feature_store(), reference_key, neighbours(),
        contacts(), contents(),
    )  # fmt: skip


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Take in what each message names; only the messages that failed go back to the queue, and in time to the DLQ."""
    return work_through(event, _take_in, failed="not taken in")


def _take_in(detail: Mapping[str, Any]) -> None:
    materialization().take_in(EventReference.of(detail), now=datetime.now(UTC))
