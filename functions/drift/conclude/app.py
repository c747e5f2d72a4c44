"""Conclude: what the day's comparisons came to; it fails if one of them did, and the others are done."""

from typing import Any

from agent_platform.drift.concluding import conclude
from agent_platform.drift.contracts import Conclusion
from agent_platform.tasks import task


@task("Conclude")
def lambda_handler(state: dict[str, Any], context: Any) -> Conclusion:
    """Add $.conclusion: how many agents drifted, are steady, or can't be compared yet."""
    return conclude(state["answers"])
