"""The stream's reader: signed events are verified, checked against their contract, recorded once and published."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

import event_contracts
from agent_platform.ingest.acceptance import Acceptance
from agent_platform.ingest.bus import bus
from agent_platform.ingest.events import event_records
from agent_platform.ingest.refusals import refusals
from agent_platform.ingest.sources import sources
from agent_platform.ingest.stream import Record, Stream
from agent_platform.reference_key import reference_key


@cache
def stream() -> Stream:
    """The stack's stream, with its collaborators."""
    acceptance = Acceptance(event_contracts.validate, event_records(), bus(), reference_key)
    return Stream(sources(), acceptance, refusals())


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Take in a batch of one shard's records; Lambda goes on from the one that failed, if one did."""
    failed = stream().read([Record.of(each) for each in event["Records"]], now=datetime.now(UTC))
    return {"batchItemFailures": [{"itemIdentifier": failed.sequence_number}] if failed else []}
