"""Judge: score the draft with the judge version that this run entered with, and decide by code."""

from datetime import UTC, datetime
from typing import Any

from agent_platform.correlation import name_agent
from agent_platform.inference.completions import converse
from agent_platform.ingest.events import event_records
from agent_platform.recordings import recordings
from agent_platform.registry.versions import registry
from agent_platform.tasks import task
from outreach.brand_files import brand_at
from outreach.contracts import Drafted, Replayed, Verdict
from outreach.judging import judge_draft
from outreach.materials import material_of


@task("Judge")
def lambda_handler(state: Drafted | Replayed, context: Any) -> Verdict:
    """Add or replace $.verdict; the writer's version says how many attempts there are, an evaluation has one."""
    material = material_of(state, records=event_records, recordings=recordings, now=datetime.now(UTC))
    judge, writer = material.agents["judge"], material.agents.get("writer")
    name_agent(judge)
    return judge_draft(
        registry().version(judge["agent_id"], judge["version"]),
        state["draft"],
        material.request,
        material.features,
        prepared=material.prepared,
        brand=brand_at(material.request["brand"]),
        previous=material.verdict,
        max_attempts=registry().version(writer["agent_id"], writer["version"]).max_attempts if writer else 1,
        converse=converse,
    )
