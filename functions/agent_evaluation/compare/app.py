"""Compare: say what the candidate is worth against the baseline, and keep it with the candidate's version."""

from datetime import UTC, datetime
from typing import Any

from agent_platform.evaluations.archive import archive
from agent_platform.evaluations.results import Summary, concluded, summary_of
from agent_platform.registry.versions import registry
from agent_platform.tasks import task


@task("Compare")
def lambda_handler(state: dict[str, Any], context: Any) -> Summary:
    """Add $.result: the figures that decide; the whole result is in the bucket."""
    plan, kept = state["plan"], archive()
    result = concluded(plan, kept.pairs(plan["evaluation"]), kept.failures(plan["evaluation"]), now=datetime.now(UTC))
    summary = summary_of(result, key=kept.put_result(plan["evaluation"], result))
    registry().note_performance(plan["agents"]["candidate"], plan["evaluation"], summary)
    return summary
