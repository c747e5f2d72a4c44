"""Running an event once more: when that may be, and how it begins exactly once."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from agent_platform.errors import EventUnavailable
from agent_platform.ingest.events import EventRecords
from agent_platform.ingest.receipts import noted_in, outcome_in, reference_of
from agent_platform.ingest.runs import GOING_ON, Runs, execution_arn, machine_of
from agent_platform.references import EventReference

type Reason = Literal[
    "unknown", "noted", "failed before", "not started", "still running", "expired", "approved", "overtaken"
]


class RerunRefused(Exception):  # noqa: N818 - an answer to the person who asked
    """The event may not be run again now: why, with the receipt where there is one."""

    def __init__(self, reason: Reason, receipt: dict[str, Any] | None = None) -> None:
        super().__init__(reason)
        self.reason, self.receipt = reason, receipt or {}


@dataclass(frozen=True)
class Reruns:
    """What a rerun needs: the records of events, and their executions."""

    records: EventRecords
    runs: Runs

    def rerun(self, record: str, *, replacing: bool, now: datetime) -> EventReference:
        """Start the next run of a recorded event; `replacing` allows it where an approved message exists.

        The run is counted before it is started, so that reruns at once are one run. What was counted and not started,
        because the rerun was interrupted, is started without counting again. Raises RerunRefused.
        """
        receipt = self.records.receipt(record)
        if receipt is None:
            raise RerunRefused("unknown")
        if noted_in(receipt):
            raise RerunRefused("noted", receipt)
        if "executionArn" not in receipt:
            raise RerunRefused("failed before" if outcome_in(receipt) else "not started", receipt)
        machine, latest = machine_of(receipt["executionArn"]), reference_of(receipt)
        described = self.runs.find(receipt["executionArn"])
        if described and described["status"] in GOING_ON:
            raise RerunRefused("still running", receipt)
        self._check(receipt, latest, replacing=replacing, now=now)
        chosen = latest
        # Step Functions forgets an execution after 90 days; an event that is closed did run.
        if described or "openShard" not in receipt:
            chosen = replace(latest, run=latest.run + 1)
            if not self.records.begin_rerun(chosen, execution_arn(machine, chosen), now=now):
                raise RerunRefused("overtaken", receipt)
        self.runs.start(machine, chosen)
        return chosen

    def _check(self, receipt: dict[str, Any], latest: EventReference, *, replacing: bool, now: datetime) -> None:
        outcome = outcome_in(receipt)
        if outcome and (outcome.kind, outcome.status) == ("message", "approved") and not replacing:
            raise RerunRefused("approved", receipt)
        try:
            self.records.body(latest, now=now)
        except EventUnavailable:
            raise RerunRefused("expired", receipt) from None
