"""Shift: give a rollout's candidate its next share of the customers, or end the rollout."""

from datetime import UTC, datetime
from typing import Any

from agent_platform.experiments.contracts import Looked, Shift
from agent_platform.experiments.rollouts import rollouts
from agent_platform.tasks import task

BY = "agent_rollout"


@task("Shift")
def lambda_handler(state: Looked, context: Any) -> Shift:
    """Add or replace $.shift; a shift that is repeated finds its work done."""
    return rollouts().shift(state, by=BY, now=datetime.now(UTC))
