"""Every five minutes: what was held for calls that were cut short is booked, so that no hold stays for ever."""

from datetime import UTC, datetime, timedelta
from typing import Any

from agent_platform import telemetry
from agent_platform.inference.expiry import expiry

# Leaves the slowest answer of AWS, and its retries, before the function's own timeout.
_AT_MOST = timedelta(minutes=1)


def lambda_handler(event: dict[str, Any], context: Any) -> None:
    """Sweep the holds that ran out once; a sweep that failed for some of them fails at its end."""
    now = datetime.now(UTC)
    swept = expiry().sweep(now=now, may_go_on=lambda: datetime.now(UTC) < now + _AT_MOST)
    telemetry.log().info("swept", extra={"answers": dict(swept.answers)})
