"""Closing holds that nobody settled: the call can't be under way any more, and what it cost nobody knows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Literal

from agent_platform import aws
from agent_platform.inference import measures
from agent_platform.inference.holds import LISTING
from agent_platform.inference.ledger import Ledger, ledger, ledger_table
from agent_platform.sweeps import MOST_PER_SWEEP, Swept, sweep
from agent_platform.worklists import Due, WorkList

type Answer = Literal["booked", "settled meanwhile"]

# Less than the five minutes between two sweeps, so that the next one tries again what failed.
_TRY_AGAIN = timedelta(minutes=4)


@dataclass(frozen=True)
class Expiry:
    """What a sweep needs: the list of holds by when they run out, and the ledger."""

    holds: WorkList
    ledger: Ledger

    def sweep(self, *, now: datetime, may_go_on: Callable[[], bool], most: int = MOST_PER_SWEEP) -> Swept[Answer]:
        """Book each hold that ran out at its worst case; IncompleteSweepError, at the end, if that failed for any."""
        swept = sweep(
            self.holds.due(now),
            lambda due: self._book(due, now),
            may_go_on=may_go_on,
            named=lambda due: {"tenant": due.key["series"].partition("#")[0], "hold": due.key["subject"]},
            done="hold expired",
            most=most,
        )
        return swept.complete("holds")

    def _book(self, due: Due, now: datetime) -> Answer:
        # Claimed first: holds that fail every time would stay first on the list and starve the rest.
        if not self.holds.claim(due, until=now + _TRY_AGAIN):
            return "settled meanwhile"
        hold = self.ledger.hold(due.key)
        if hold is None or not self.ledger.expire(hold):
            return "settled meanwhile"
        measures.emit_cost(hold.call, hold.amount)
        return "booked"


@cache
def expiry() -> Expiry:
    """The stack's holds, as the function's environment names their table."""
    return Expiry(WorkList(LISTING, table=ledger_table(), dynamodb=aws.client("dynamodb")), ledger())
