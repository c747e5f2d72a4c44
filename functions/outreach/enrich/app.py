"""Enrich: the customer's features, read; folded with what the event itself says where the row lacks it."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from agent_platform.features.entries import Entry
from agent_platform.features.store import feature_store
from agent_platform.ingest.events import event_records
from agent_platform.references import EventReference
from agent_platform.tasks import task
from outreach.brand_files import brand_at
from outreach.contracts import Features, Validated
from outreach.enrichment import enrich, measure
from outreach.features.entries import told_by


@task("Enrich")
def lambda_handler(state: Validated, context: Any) -> Features:
    """Add $.features; nothing is written."""
    reference, records, now = EventReference.of(state), event_records(), datetime.now(UTC)
    brand = brand_at(state["request"]["brand"])

    @cache
    def own_entry() -> Entry:
        event, received_at = records.body(reference, now=now), records.received_at(reference)
        return told_by(reference, event, brand=brand, received_at=received_at)[1]

    prepared = records.prepared(reference, now=now)
    features = enrich(state, prepared, brand, store=feature_store(), own_entry=own_entry, now=now)
    measure(features)
    return features
