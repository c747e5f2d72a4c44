"""Register a version of an agent: a draft of this content, or the version that the content is already."""

from datetime import UTC, datetime
from typing import Any

from agent_platform.registry.aliases import aliases
from agent_platform.registry.allowed_models import allowed_models
from agent_platform.registry.commands import allow, command, need
from agent_platform.registry.manifests import manifests
from agent_platform.registry.versions import registry


@command
def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Register {config, prompt, owner, by, label?, version?}; the answer has the version and its status."""
    need(event, config=dict, prompt=str, owner=str, by=str)
    allow(event, label=str, version=int)
    made = registry().register(
        event["config"],
        event["prompt"],
        owner=event["owner"],
        by=event["by"],
        label=event.get("label") or "",
        version=event.get("version"),
        allowed_models=allowed_models(),
        manifest=manifests().of(event["config"].get("workflow")),
        now=datetime.now(UTC),
    )
    status = aliases().status(made.agent_id, made.version)
    return {"agent_id": made.agent_id, "version": made.version, "status": status}
