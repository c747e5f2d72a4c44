"""Closing what stayed open: events that never started are published again, and ends that nobody saw are recorded.

The status events of executions are best effort, and a message may be lost on its way to its queue; what is on the list
of open events is neither.
"""

from collections.abc import Callable, Iterator, Set
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from agent_platform import telemetry
from agent_platform.errors import UnexpectedError
from agent_platform.ingest.bus import Bus
from agent_platform.ingest.events import EventRecords
from agent_platform.ingest.receipts import reference_of
from agent_platform.ingest.runs import GOING_ON, Runs
from agent_platform.sweeps import MOST_PER_SWEEP, Swept, sweep
from agent_platform.worklists import Due, WorkList

type Answer = Literal["published again", "given up", "failure recorded", "still running", "waits", "closed meanwhile"]

# Less than the hour between two sweeps, so that the next one looks again.
_LOOK_AGAIN = timedelta(minutes=50)
# What didn't start after a day of hourly publishing has a cause that publishing doesn't mend. Counted, for it may have
# waited for days before, and was published in none of them.
_OFTEN_ENOUGH = 24


@dataclass(frozen=True)
class Reconciliation:
    """What a sweep needs: the list of open events, their records, the bus and the executions, and who may wait.

    An event that a tenant in `waiting` never started waits in a queue for its slot: it is neither published again,
    which would double it, nor given up.
    """

    open_events: WorkList
    records: EventRecords
    bus: Bus
    runs: Runs
    waiting: Set[str]

    def sweep(self, *, now: datetime, may_go_on: Callable[[], bool], most: int = MOST_PER_SWEEP) -> Swept[Answer]:
        """Look once at each open event that is due, at most so many; one that fails doesn't stop the others.

        IncompleteSweepError, at the end, if any failed.
        """
        swept = sweep(
            self._in_turn(now, may_go_on),
            lambda due: self._reconcile(due, now),
            may_go_on=may_go_on,
            named=lambda due: {"correlation_id": due.key["record"].replace("#", ".")},
            done="reconciled",
            most=most,
        )
        return swept.complete("open events")

    def _in_turn(self, now: datetime, may_go_on: Callable[[], bool]) -> Iterator[Due]:
        """What is due; that of tenants who wait comes last, since it may be a million events that only wait."""
        for last in (False, True):
            for due in self.open_events.due(now):
                if (due.key["record"].partition("#")[0] in self.waiting) == last:
                    yield due
                elif not may_go_on():
                    return

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
        self._record(receipt, self.runs.failure(described), now)
        return "failure recorded"

    def _never_started(self, receipt: dict[str, Any], now: datetime) -> Answer:
        if receipt["tenant"] in self.waiting:
            return "waits"
        if receipt.get("publishedAgain", 0) < _OFTEN_ENOUGH:
            reference = reference_of(receipt)
            self.bus.publish(receipt["eventType"], asdict(reference))
            self.records.count_published(reference)
            return "published again"
        failure = {
            "execution": receipt.get("executionArn"),
            "status": "NEVER_STARTED",
            "state": None,
            "error": "NeverStarted",
            "cause": f"published again {_OFTEN_ENOUGH} times; the dead letters of the workflow's queue may tell more",
        }
        self._record(receipt, failure, now)
        return "given up"

    def _record(self, receipt: dict[str, Any], failure: dict[str, Any], now: datetime) -> None:
        self.records.record_failure(reference_of(receipt), failure, now=now)
        telemetry.count_failure(failure)

    def _still_open(self, due: Due) -> dict[str, Any] | None:
        receipt = self.records.receipt(due.key["record"])
        return receipt if receipt and "openShard" in receipt else None

    def _concluded(self, due: Due) -> Answer:
        """Store may have been faster than this sweep; if it wasn't, a run ended well without an outcome."""
        if self._still_open(due):
            raise UnexpectedError("a run succeeded without an outcome")
        return "closed meanwhile"
