"""Hourly: what was recorded but never started is published again, and what failed unseen is recorded."""

from datetime import UTC, datetime, timedelta
from typing import Any

from agent_platform import telemetry
from agent_platform.ingest.bus import bus
from agent_platform.ingest.events import event_records
from agent_platform.ingest.open_events import open_events
from agent_platform.ingest.reconciliation import Reconciliation
from agent_platform.ingest.runs import runs
from agent_platform.ingest.slots import slots

# Leaves the slowest answer of AWS, and its retries, before the function's own timeout.
_AT_MOST = timedelta(minutes=4)


def lambda_handler(event: dict[str, Any], context: Any) -> None:
    """Sweep the open events once; a sweep that failed for some of them fails at its end."""
    now = datetime.now(UTC)
    waiting = {tenant for board in slots().boards().values() for tenant in board.may_wait(int(now.timestamp()))}
    sweep = Reconciliation(open_events(), event_records(), bus(), runs(), waiting)
    swept = sweep.sweep(now=now, may_go_on=lambda: datetime.now(UTC) < now + _AT_MOST)
    telemetry.log().info("swept", extra={"answers": dict(swept.answers)})
