"""Hourly: what became of each message that is mature now, or harmed, is counted once for its cases and its rollout."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from agent_platform import telemetry
from agent_platform.experiments.outcomes import outcomes
from agent_platform.retrieval.credits import case_credits
from agent_platform.retrieval.weighing import refresh
from outreach.outcomes.attaching import message_outcomes
from outreach.outcomes.settling import Settlement

# Leaves the time to weigh the cases of what was settled, and that to say so before the function's own timeout.
_AT_MOST, _WEIGHED_WITHIN = timedelta(minutes=3), timedelta(minutes=4, seconds=30)


def lambda_handler(event: dict[str, Any], context: Any) -> None:
    """Sweep the mature messages once; a sweep that failed for some of them fails at its end."""
    now = datetime.now(UTC)
    weigh = partial(refresh, may_go_on=lambda: datetime.now(UTC) < now + _WEIGHED_WITHIN)
    settlement = Settlement(message_outcomes(), case_credits(), weigh, outcomes())
    swept = settlement.sweep(now=now, may_go_on=lambda: datetime.now(UTC) < now + _AT_MOST)
    telemetry.log().info("swept", extra={"answers": dict(swept.answers)})
