"""What became of a run that failed, timed out or was aborted: where, under which name, and why, redacted."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from agent_platform import correlation, telemetry
from agent_platform.ingest.events import event_records
from agent_platform.ingest.runs import runs
from agent_platform.ingest.slots import slots
from agent_platform.references import EventReference


def lambda_handler(event: dict[str, Any], context: Any) -> None:
    """Record one Step Functions Execution Status Change event; Lambda retries, then hands it to the failure queue."""
    detail = event["detail"]
    reference = EventReference.of(json.loads(detail["input"]))
    with correlation.one_document():
        correlation.name(asdict(reference))
        failure = runs().failure(detail)
        current = event_records().record_failure(reference, failure, now=datetime.now(UTC))
        slots().let_go(reference.tenant, detail["executionArn"])
        telemetry.count_failure(failure)
        said = failure | {"current": current, "execution": reference.execution_name}
        telemetry.log().warning("run failed", extra=said)
