"""Freeing slots that their runs didn't: a run's end wasn't seen, or it never began."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from agent_platform.ingest.runs import Runs
from agent_platform.ingest.slots import Slot, Slots
from agent_platform.sweeps import MOST_PER_SWEEP, Swept, sweep

type Answer = Literal["freed", "freed meanwhile", "still running"]

# Longer than its starter may take between taking a slot and starting the run, its message received once more included.
_PATIENCE = timedelta(minutes=5)


@dataclass(frozen=True)
class SlotRelease:
    """What a sweep needs: the slots, and the executions that have them."""

    slots: Slots
    runs: Runs

    def sweep(self, *, now: datetime, may_go_on: Callable[[], bool], most: int = MOST_PER_SWEEP) -> Swept[Answer]:
        """Look once at each slot that is held for minutes; IncompleteSweepError, at the end, if that failed for any."""
        swept = sweep(
            self._held_for_long(now),
            self._release,
            may_go_on=may_go_on,
            named=lambda slot: {"tenant": slot.tenant, "execution": slot.execution.rpartition(":")[2]},
            done="slot looked at",
            most=most,
        )
        return swept.complete("slots")

    def _held_for_long(self, now: datetime) -> Iterator[Slot]:
        for tenant in sorted({tenant for board in self.slots.boards().values() for tenant in board.held}):
            for slot in self.slots.held(tenant):
                if datetime.fromisoformat(slot.taken_at) < now - _PATIENCE:
                    yield slot

    def _release(self, slot: Slot) -> Answer:
        if self.runs.is_open(slot.execution):
            return "still running"
        return "freed" if self.slots.free(slot.tenant, slot.execution) else "freed meanwhile"
