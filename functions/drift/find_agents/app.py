"""Find agents: whose runs are compared today, and since when their versions are in production."""

from datetime import UTC, datetime
from typing import Any

from agent_platform.drift.agents import find_agents, tenants
from agent_platform.drift.contracts import Found
from agent_platform.registry.aliases import aliases
from agent_platform.registry.manifests import manifests
from agent_platform.tasks import task


@task("Find agents")
def lambda_handler(state: dict[str, Any], context: Any) -> Found:
    """Add $.found; every comparison of the day is as of this moment, however often it is tried."""
    return find_agents(tenants().all(), manifests=manifests(), aliases=aliases(), now=datetime.now(UTC))
