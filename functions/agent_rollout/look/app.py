"""Look: what is known of a rollout by now, and what follows from it."""

from datetime import UTC, datetime
from typing import Any

from agent_platform.experiments.contracts import Look, Watched
from agent_platform.experiments.exposures import exposures
from agent_platform.experiments.looks import look_log, take_look
from agent_platform.registry.aliases import aliases
from agent_platform.tasks import task


@task("Look")
def lambda_handler(state: Watched, context: Any) -> Look:
    """Add or replace $.look; a look that is repeated decides what it decided."""
    return take_look(state, aliases=aliases(), exposures=exposures(), log=look_log(), now=datetime.now(UTC))
