"""What a rollout is told of the customers whose writer it chose."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from agent_platform.experiments.outcomes import Outcomes


def tell_rollout(
    writer: Mapping[str, Any] | None,
    tenant: str,
    customer: str,
    values: Mapping[str, float],
    *,
    outcomes: Outcomes,
    matured_at: datetime,
    raises: bool = False,
) -> None:
    """Record a customer's values by metric, if the writer was chosen by a rollout.

    What was told first stays, unless this raises it.
    """
    if writer is None or "rollout" not in writer or writer["arm"] == "production":
        return
    told = outcomes.raise_to if raises else outcomes.record
    told(writer["agent_id"], writer["rollout"], tenant, customer, values, arm=writer["arm"], matured_at=matured_at)
