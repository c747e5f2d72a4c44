"""What a workflow says of its synthetic runs, in its manifest."""

from typing import TypedDict

from agent_platform.errors import ConfigurationError
from agent_platform.registry.manifests import Manifests


class Plan(TypedDict):
    """The table where the workflow's messages are, and the event that is sent: `$run`, `$now` and `$canary` vary."""

    messages: str
    event: dict[str, object]


def plan_of(manifests: Manifests, workflow: str) -> Plan:
    """A workflow's plan; ConfigurationError if it has none, or if there is no such workflow."""
    plan: Plan | None = manifests.of(workflow).get("synthetic")
    if plan is None:
        raise ConfigurationError(f"the manifest of {workflow} says nothing of synthetic runs")
    return plan
