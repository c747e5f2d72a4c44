"""Compare: hold an agent's last runs against its baseline, keep the report, and tell what drifted."""

from datetime import UTC, datetime
from typing import Any

from agent_platform.drift.baselines import baselines
from agent_platform.drift.comparing import answer_of, compare
from agent_platform.drift.contracts import Answer, Compared
from agent_platform.drift.reports import reports
from agent_platform.drift.telling import tell
from agent_platform.ingest.bus import bus
from agent_platform.recordings import recordings
from agent_platform.tasks import task


@task("Compare")
def lambda_handler(state: Compared, context: Any) -> Answer:
    """Add $.compared, the report in short; again on the same day it replaces the report and tells nothing twice."""
    kept = reports()
    since = max(state["since"], kept.accepted(state["tenant"], state["workflow"], state["agents"]))
    report = compare(state, since=since, recordings=recordings(), baselines=baselines())
    kept.put(report)
    tell(report, reports=kept, publish=bus().publish, now=datetime.now(UTC))
    return answer_of(report)
