"""Enrich: the customer's features, computed from the event's history, or read where it has none."""

from datetime import UTC, datetime
from typing import Any

from agent_platform.features.store import feature_store
from agent_platform.ingest.events import event_records
from agent_platform.references import EventReference
from agent_platform.tasks import task
from outreach.brand_files import brand_at
from outreach.contracts import Features, Validated
from outreach.enrichment import enrich


@task
def lambda_handler(state: Validated, context: Any) -> Features:
    """Add $.features and keep them in the feature store."""
    records, now = event_records(), datetime.now(UTC)
    prepared = records.prepared(EventReference.of(state), now=now)
    brand = brand_at(state["request"]["brand"])
    return enrich(state, prepared, brand, store=feature_store(), expires_at=records.expiry(now))
