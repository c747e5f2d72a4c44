"""Every hour: how much of each tenant's budgets is used and how fast, told before a cap stops runs."""

from datetime import UTC, datetime
from typing import Any

from agent_platform import telemetry
from agent_platform.inference.budgets import budgets
from agent_platform.inference.caps import caps
from agent_platform.inference.pace import tell
from agent_platform.ingest.senders import tenants
from agent_platform.tenants import SYNTHETIC


def lambda_handler(event: dict[str, Any], context: Any) -> None:
    """Tell it of every tenant with a source; a look that failed for some of them fails at its end."""
    of_people = [tenant for tenant in tenants() if tenant != SYNTHETIC]
    swept = tell(of_people, caps=caps(), budgets=budgets(), now=datetime.now(UTC))
    telemetry.log().info("looked", extra={"answers": dict(swept.answers)})
