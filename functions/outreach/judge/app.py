"""Judge: score the draft with the judge version that this run entered with, and decide by code."""

from datetime import UTC, datetime
from typing import Any

from agent_platform.inference.completions import converse
from agent_platform.ingest.events import event_records
from agent_platform.references import EventReference
from agent_platform.registry.versions import registry
from agent_platform.tasks import task
from outreach.brand_files import brand_at
from outreach.contracts import Drafted, Verdict
from outreach.judging import judge_draft


@task
def lambda_handler(state: Drafted, context: Any) -> Verdict:
    """Add or replace $.verdict; the writer's version says how many attempts there are."""
    request = state["request"]
    writer, judge = (registry().version(each["agent_id"], each["version"]) for each in _agents(state))
    return judge_draft(
        judge,
        state["draft"],
        request,
        state["features"],
        prepared=event_records().prepared(EventReference.of(state), now=datetime.now(UTC)),
        brand=brand_at(request["brand"]),
        previous=state.get("verdict"),
        max_attempts=writer.max_attempts,
        converse=converse,
    )


def _agents(state: Drafted) -> tuple[Any, Any]:
    agents = state["request"]["agents"]
    return agents["writer"], agents["judge"]
