"""Roll back: put the version that served before, or the one that is named, back into production."""

from datetime import UTC, datetime
from typing import Any

from agent_platform.registry.aliases import aliases
from agent_platform.registry.commands import allow, command, need, state_of
from agent_platform.registry.production_parameters import production_parameters


@command
def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Do {agent_id, to?, by, reason}; the answer has what is in production then."""
    need(event, agent_id=str, by=str, reason=str)
    allow(event, to=int)
    agent_id, now = event["agent_id"], datetime.now(UTC)
    aliases().roll_back(agent_id, to=event.get("to"), by=event["by"], reason=event["reason"], now=now)
    # Last, and also after a rollback that found its work done: that is how a crash in between is mended.
    return state_of(production_parameters().follow(agent_id))
