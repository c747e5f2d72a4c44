"""The door: a CRM's signed event is verified, checked against its contract, recorded once and published."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

import event_contracts
from agent_platform.ingest.acceptance import Acceptance
from agent_platform.ingest.admission import admission
from agent_platform.ingest.bus import bus
from agent_platform.ingest.door import Door, Offered
from agent_platform.ingest.events import event_records
from agent_platform.ingest.sources import sources
from agent_platform.problems import problem
from agent_platform.reference_key import reference_key


@cache
def door() -> Door:
    """The stack's door, with its collaborators."""
    return Door(sources(), admission(), Acceptance(event_contracts.validate, event_records(), bus(), reference_key))


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer one request of API Gateway."""
    offered = Offered.from_proxy_event(event)
    if offered is None:
        return problem(400, "The body is not base64, though the request says so.")
    return door().answer(offered, now=datetime.now(UTC))
