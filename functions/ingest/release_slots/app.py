"""Every five minutes: slots of runs that are over, or never began, are freed, so that none stays taken for ever."""

from datetime import UTC, datetime, timedelta
from typing import Any

from agent_platform import telemetry
from agent_platform.ingest.runs import runs
from agent_platform.ingest.slot_release import SlotRelease
from agent_platform.ingest.slots import slots

# Leaves the slowest answer of AWS, and its retries, before the function's own timeout.
_AT_MOST = timedelta(minutes=1)


def lambda_handler(event: dict[str, Any], context: Any) -> None:
    """Sweep the slots once; a sweep that failed for some of them fails at its end."""
    now = datetime.now(UTC)
    swept = SlotRelease(slots(), runs()).sweep(now=now, may_go_on=lambda: datetime.now(UTC) < now + _AT_MOST)
    telemetry.log().info("swept", extra={"answers": dict(swept.answers)})
