"""Accept lines: take in a range of a file, each line as an event of its own; again changes nothing."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

import event_contracts
from agent_platform.ingest.acceptance import Acceptance
from agent_platform.ingest.admission import admission
from agent_platform.ingest.bus import bus
from agent_platform.ingest.events import event_records
from agent_platform.reference_key import reference_key
from agent_platform.tasks import task
from agent_platform.uploads.accepting import Intake
from agent_platform.uploads.inbox import inbox
from event_contracts.numbers import number_paths


@cache
def intake() -> Intake:
    """The stack's way in for lines, with its collaborators."""
    acceptance = Acceptance(event_contracts.validate, event_records(), bus(), reference_key)
    return Intake(inbox(), admission(), acceptance, number_paths)


@task("Accept lines")
def lambda_handler(state: dict[str, Any], context: Any) -> int:
    """How many lines they were, and no more: thousands of answers have to fit into the output of a Map."""
    return intake().take_in(state["upload"], state["range"], now=datetime.now(UTC))
