"""Generate: write one draft with the agent version that this run entered with."""

from datetime import UTC, datetime
from typing import Any

from agent_platform.inference.completions import converse
from agent_platform.ingest.events import event_records
from agent_platform.references import EventReference
from agent_platform.registry.versions import registry
from agent_platform.tasks import task
from agent_platform.telemetry import errors_counted
from outreach.brand_files import brand_at
from outreach.contracts import Draft, Retrieved
from outreach.drafting import write_draft


@task
def lambda_handler(state: Retrieved, context: Any) -> Draft:
    """Add or replace $.draft; after a rejection the verdict's feedback goes into the prompt."""
    request, writer = state["request"], state["request"]["agents"]["writer"]
    with errors_counted(writer):
        return write_draft(
            registry().version(writer["agent_id"], writer["version"]),
            request,
            state["features"],
            state["passages"],
            prepared=event_records().prepared(EventReference.of(state), now=datetime.now(UTC)),
            brand=brand_at(request["brand"]),
            verdict=state.get("verdict"),
            converse=converse,
        )
