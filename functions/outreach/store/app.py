"""Store: keep what this run came to, once, and say so on the bus."""

from datetime import UTC, datetime
from typing import Any

from agent_platform.experiments.outcomes import outcomes
from agent_platform.ingest.bus import bus
from agent_platform.ingest.events import event_records
from agent_platform.ingest.slots import slots
from agent_platform.references import EventReference
from agent_platform.reviews.desk import review_desk
from agent_platform.tasks import task
from outreach.brand_files import brand_at
from outreach.contacts import contacts
from outreach.contracts import Judged, StoredMessage
from outreach.messages import messages
from outreach.segments import segments
from outreach.storing import store_message


@task("Store")
def lambda_handler(state: Judged, context: Any) -> StoredMessage:
    """Add $.message: the id and the status, never the text."""
    records, now, reference = event_records(), datetime.now(UTC), EventReference.of(state)
    prepared = records.prepared(reference, now=now)
    brand, expires_at = brand_at(state["request"]["brand"]), records.expiry(now)
    stored = store_message(
        state,
        prepared,
        brand,
        messages=messages(),
        contacts=contacts(),
        segments=segments(),
        desk=review_desk(),
        bus=bus(),
        outcomes=outcomes(),
        now=now,
        expires_at=expires_at,
    )
    slots().let_go(reference.tenant, reference.execution_name)
    return stored
