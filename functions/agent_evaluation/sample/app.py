"""Sample: choose the past requests that both versions will write to, within the cap, leaving out what is done."""

from datetime import UTC, datetime
from typing import Any

from agent_platform.evaluations.archive import archive
from agent_platform.evaluations.planning import Planner
from agent_platform.evaluations.plans import Plan, Wanted
from agent_platform.recordings import recordings
from agent_platform.registry.aliases import aliases
from agent_platform.registry.manifests import manifests
from agent_platform.registry.probings import probings
from agent_platform.registry.versions import registry
from agent_platform.tasks import task


@task("Sample")
def lambda_handler(state: dict[str, Any], context: Any) -> Plan:
    """Add $.plan; with `estimate_only` nothing is kept and the plan says what it would cost."""
    planner = Planner(registry(), aliases(), recordings(), archive(), manifests(), probings())
    return planner.plan(Wanted.of(state), now=datetime.now(UTC))
