"""Judge: score the draft with the judge version that this run entered with, and decide by code."""

from datetime import UTC, datetime
from functools import partial
from typing import Any, cast

from agent_platform.correlation import name_agent
from agent_platform.inference.completions import converse
from agent_platform.inference.ledger import ledger
from agent_platform.inference.metering import metered
from agent_platform.inference.payers import Payer
from agent_platform.ingest.events import event_records
from agent_platform.recordings import recordings
from agent_platform.registry.versions import registry
from agent_platform.tasks import task
from outreach.brand_files import brand_at
from outreach.contracts import Drafted, OverBudgetVerdict, Verdict
from outreach.judging import judge_draft
from outreach.materials import material_of, probed_draft
from outreach.over_budget import is_no_draft, no_verdict, unless_over_budget
from outreach.replays import Probed, Replayed


@task("Judge")
def lambda_handler(state: Drafted | Replayed | Probed, context: Any) -> Verdict | OverBudgetVerdict:
    """Add or replace $.verdict; the writer's version says how many attempts there are, an evaluation has one."""
    now = datetime.now(UTC)
    draft = probed_draft(cast("Probed", state)) if "probe" in state else cast("Drafted", state)["draft"]
    material = material_of(state, records=event_records, recordings=recordings, now=now)
    if is_no_draft(draft):
        return no_verdict(material.verdict)
    judge, writer = material.agents["judge"], material.agents.get("writer")
    name_agent(judge)
    payer = Payer.of(state, context, agents=material.agents, role="judge", state="Judge", now=now)
    score = partial(
        judge_draft,
        registry().version(judge["agent_id"], judge["version"]),
        draft,
        material.request,
        material.features,
        prepared=material.prepared,
        brand=material.brand or brand_at(material.request["brand"]),
        previous=material.verdict,
        max_attempts=registry().version(writer["agent_id"], writer["version"]).max_attempts if writer else 1,
        converse=metered(converse, payer, ledger=ledger()),
    )
    return unless_over_budget(state, score, skipped=no_verdict(material.verdict))
