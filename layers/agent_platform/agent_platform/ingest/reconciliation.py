"""Closing what stayed open: events that never started are published again, and ends that nobody saw are recorded.

The status events of executions are best effort, and a message may be lost on its way to its queue; what is on the list
of open events is neither.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Literal

from botocore.exceptions import BotoCoreError, ClientError

from agent_platform import aws, telemetry
from agent_platform.errors import PlatformError, UnexpectedError
from agent_platform.ingest.bus import Bus
from agent_platform.ingest.events import EventRecords, reference_of
from agent_platform.ingest.open_events import Due, OpenEvents
from agent_platform.ingest.runs import GOING_ON, Runs

type Answer = Literal["published again", "given up", "failure recorded", "still running", "closed meanwhile"]

MOST_PER_SWEEP = 2_000
# Less than the hour between two sweeps, so that the next one looks again.
_LOOK_AGAIN = timedelta(minutes=50)
# What didn't start in a day of hourly publishing has a cause that publishing doesn't mend.
_GIVE_UP = timedelta(days=1)


class IncompleteSweepError(PlatformError):
    """Some open events could not be reconciled; the others were, and the next sweep tries these again."""


@dataclass
class Swept:
    """What became of the open events that a sweep looked at, and under which names it failed for others."""

    answers: Counter[Answer] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Reconciliation:
    """What a sweep needs: the list of open events, their records, the bus and the executions."""

    open_events: OpenEvents
    records: EventRecords
    bus: Bus
    runs: Runs

    def sweep(self, *, now: datetime, may_go_on: Callable[[], bool], most: int = MOST_PER_SWEEP) -> Swept:
        """Look once at each open event that is due, at most so many; one that fails doesn't stop the others.

        IncompleteSweepError, at the end, if any failed.
        """
        swept = Swept()
        for due in islice(self.open_events.due(now), most):
            if not may_go_on():
                break
            receipt = due.record.replace("#", ".")
            try:
                answer = self._reconcile(due, now)
            except Exception as error:  # noqa: BLE001 - whatever it is, the others still have their turn
                name = _name(error)
                swept.problems[name] += 1
                telemetry.log().error("not reconciled", extra={"receipt": receipt, "error": name})
            else:
                swept.answers[answer] += 1
                telemetry.log().info("reconciled", extra={"receipt": receipt, "answer": answer})
        if swept.problems:
            told = ", ".join(f"{name} ({times})" for name, times in swept.problems.most_common())
            failed = swept.problems.total()
            raise IncompleteSweepError(f"{failed} of {failed + swept.answers.total()} open events failed: {told}")
        return swept

    def _reconcile(self, due: Due, now: datetime) -> Answer:
        # Claimed before anything else: events that fail every time would stay first on the list and starve the rest.
        if not self.open_events.claim(due, until=now + _LOOK_AGAIN):
            return "closed meanwhile"
        receipt = self._still_open(due)
        if receipt is None:
            return "closed meanwhile"
        described = self.runs.find(receipt["executionArn"]) if "executionArn" in receipt else None
        if described is None:
            return self._never_started(receipt, now)
        if described["status"] in GOING_ON:
            return "still running"
        if described["status"] == "SUCCEEDED":
            return self._concluded(due)
        self.records.record_failure(reference_of(receipt), self.runs.failure(described), now=now)
        return "failure recorded"

    def _never_started(self, receipt: dict[str, Any], now: datetime) -> Answer:
        reference = reference_of(receipt)
        if now - datetime.fromisoformat(receipt["openedAt"]) < _GIVE_UP:
            self.bus.publish(receipt["eventType"], asdict(reference))
            return "published again"
        failure = {
            "execution": receipt.get("executionArn"),
            "status": "NEVER_STARTED",
            "state": None,
            "error": "NeverStarted",
            "cause": "published every hour for a day; the dead letters of the workflow's queue may tell more",
        }
        self.records.record_failure(reference, failure, now=now)
        return "given up"

    def _still_open(self, due: Due) -> dict[str, Any] | None:
        receipt = self.records.receipt(due.record)
        return receipt if receipt and "openShard" in receipt else None

    def _concluded(self, due: Due) -> Answer:
        """Store may have been faster than this sweep; if it wasn't, a run ended well without an outcome."""
        if self._still_open(due):
            raise UnexpectedError("a run succeeded without an outcome")
        return "closed meanwhile"


def _name(error: Exception) -> str:
    """An error without its message, which may quote values, unless the message is ours."""
    if isinstance(error, ClientError | BotoCoreError):
        error = aws.named(error)
    return str(error) if isinstance(error, PlatformError) else type(error).__name__
