"""Generate: write one draft with the agent version that this run entered with, or that an evaluation names."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from functools import partial
from typing import Any

from agent_platform.correlation import name_agent
from agent_platform.guardrails.bedrock import configured_guard
from agent_platform.guardrails.checks import Guard
from agent_platform.guardrails.prices import most_cost, price_version
from agent_platform.inference.completions import converse
from agent_platform.inference.ledger import ledger
from agent_platform.inference.metered_checks import held_check
from agent_platform.inference.metering import metered
from agent_platform.inference.payers import Payer
from agent_platform.ingest.events import event_records
from agent_platform.recordings import recordings
from agent_platform.registry.versions import registry
from agent_platform.tasks import task
from agent_platform.telemetry import errors_counted
from outreach.brand_files import brand_at
from outreach.contracts import Draft, OverBudgetDraft, Retrieved
from outreach.drafting import MOST_CHECKED, write_draft
from outreach.materials import material_of
from outreach.over_budget import NO_DRAFT, unless_over_budget
from outreach.replays import Replayed


@task("Generate")
def lambda_handler(state: Retrieved | Replayed, context: Any) -> Draft | OverBudgetDraft:
    """Add or replace $.draft; after a rejection the verdict's feedback goes into the prompt."""
    now = datetime.now(UTC)
    material = material_of(state, records=event_records, recordings=recordings, now=now)
    writer = material.agents["writer"]
    name_agent(writer)
    payer = Payer.of(state, context, agents=material.agents, role="writer", state="Generate", now=now)
    most, listed = most_cost(MOST_CHECKED), price_version()
    paid = partial(held_check, payer=payer, ledger=ledger(), most=most, priced_by=listed)
    # What fails in an evaluation is no reason to take a rollout back.
    counted = nullcontext() if "recording" in state else errors_counted(writer)
    with counted:
        write = partial(
            write_draft,
            registry().version(writer["agent_id"], writer["version"]),
            material.request,
            material.features,
            material.passages,
            prepared=material.prepared,
            brand=brand_at(material.request["brand"]),
            verdict=material.verdict,
            converse=metered(converse, payer, ledger=ledger()),
        )
        return unless_over_budget(state, partial(_guarded, write, paid), skipped=NO_DRAFT)


def _guarded(write: Callable[..., Draft], paid: Callable[[Guard], AbstractContextManager[Guard]]) -> Draft:
    """Write with the check of the draft held before it: what can't be checked isn't paid for, nor again and again."""
    with configured_guard(metered=paid) as guard:
        return write(guard=guard)
