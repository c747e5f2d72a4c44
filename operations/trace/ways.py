"""The way of one event: received, published, each of its runs with its states, and what it came to."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from agent_platform.failures import message_in
from agent_platform.guardrails.redaction import redact
from agent_platform.inference.calls import Booked
from agent_platform.ingest.receipts import outcome_in, reference_of
from agent_platform.ingest.runs import Runs, execution_arn, machine_of
from agent_platform.items import from_item, to_item

from operations.executions import history
from operations.stack import Stack
from operations.trace.log_lines import log_lines
from operations.trace.model_calls import allotted, booked
from operations.trace.visits import Visit, visits

# Clocks differ a little, and what a run came to is told to others for a while.
_BEFORE, _AFTER = timedelta(minutes=1), timedelta(minutes=15)


@dataclass(frozen=True)
class Run:
    """One run of the event: its execution, how that ended, and the states that it was in."""

    number: int
    execution: str
    status: str
    started: datetime
    stopped: datetime | None
    error: str | None
    cause: str | None
    visits: list[Visit]

    @property
    def calls(self) -> list[Booked]:
        """The model calls of all its states."""
        return [call for visit in self.visits for call in visit.calls]


@dataclass(frozen=True)
class Way:
    """An event's receipt, its runs, its log lines as far as they are kept, and its message if it came to one."""

    receipt: dict[str, Any]
    runs: list[Run]
    lines: list[dict[str, Any]]
    message: dict[str, Any] | None

    @property
    def name(self) -> str:
        """What the sender was given for it."""
        return _receipt_of(self.receipt)

    @property
    def received(self) -> datetime:
        """When it came in, as finely as is known."""
        return datetime.fromisoformat(self.receipt["openedAt" if self.is_received_exactly else "receivedAt"])

    @property
    def is_received_exactly(self) -> bool:
        """Whether that is known to the millisecond: a rerun opens the event again, and then only the second is."""
        return bool(self.receipt.get("run", 1) == 1)

    @property
    def published(self) -> datetime | None:
        """When the webhook had recorded and published it."""
        accepted = (line["at"] for line in self.lines if line["message"] == "accepted")
        return next(map(datetime.fromisoformat, accepted), None)

    @property
    def traces(self) -> list[str]:
        """X-Ray's ids of the traces that it is in."""
        return list(dict.fromkeys(line["xray_trace_id"] for line in self.lines if line.get("xray_trace_id")))


def way_of(stack: Stack, receipt: dict[str, Any]) -> Way:
    """Put the way together; what Step Functions (90 days) or the logs forgot is left out."""
    runs = list(_runs(stack, receipt)) if "executionArn" in receipt else []
    stopped = [run.stopped for run in runs]
    until = max((each for each in stopped if each), default=None) if all(stopped) else None
    since = datetime.fromisoformat(receipt["receivedAt"]) - _BEFORE
    until = until + _AFTER if until else None
    lines = log_lines(stack, _receipt_of(receipt), since=since, until=until)
    return Way(receipt, runs, lines, _message(stack, receipt))


def _message(stack: Stack, receipt: dict[str, Any]) -> dict[str, Any] | None:
    outcome = outcome_in(receipt)
    if outcome is None or outcome.kind != "message":
        return None
    key = to_item({"message": f"{receipt['tenant']}#{outcome.execution}"})
    item = stack.dynamodb.get_item(TableName=stack.outputs["OutreachMessages"], Key=key).get("Item")
    # DynamoDB deletes expired items within days, not at once.
    return from_item(item) if item and int(item["expiresAt"]["N"]) > datetime.now(UTC).timestamp() else None


def _receipt_of(receipt: dict[str, Any]) -> str:
    return str(receipt["record"]).replace("#", ".", 1)


def _runs(stack: Stack, receipt: dict[str, Any]) -> Iterator[Run]:
    latest, machine = reference_of(receipt), machine_of(receipt["executionArn"])
    executions = Runs(stepfunctions=stack.client("stepfunctions"))
    for number in range(1, latest.run + 1):
        found = executions.find(execution_arn(machine, replace(latest, run=number)))
        if found:
            yield Run(
                number=number,
                execution=found["executionArn"],
                status=found["status"],
                started=found["startDate"],
                stopped=found.get("stopDate"),
                error=found.get("error"),
                cause=redact(message_in(found.get("cause") or "")) or None,
                visits=_visits(stack, latest.tenant, found),
            )


def _visits(stack: Stack, tenant: str, found: dict[str, Any]) -> list[Visit]:
    stopped = found.get("stopDate") or datetime.now(UTC)
    calls = booked(stack, tenant, found["name"], started=found["startDate"], stopped=stopped)
    return allotted(visits(history(stack, found["executionArn"])), calls)
