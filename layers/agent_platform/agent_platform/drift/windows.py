"""Which runs are compared: the first ones since the versions came into production, and the last ones."""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from agent_platform.drift.measured import MeasuredRun, Versions
from agent_platform.moments import iso
from agent_platform.recordings import SKIPPED, Recording, Recordings

# A baseline is a week of runs, or fewer days of so many; and longer until there are enough.
BASELINE_TIME = timedelta(days=7)
MOST_OF_A_BASELINE = 2_000
LEAST_OF_A_BASELINE = 200
# A window is the last day, or where fewer came in it, the last so many runs of four weeks.
WINDOW_TIME = timedelta(days=1)
LONGEST_WINDOW = timedelta(days=28)
LEAST_OF_A_WINDOW = 200
MOST_OF_A_WINDOW = 5_000


@dataclass(frozen=True)
class Series:
    """The runs of a tenant's workflow, of all its purposes, those that were skipped among them."""

    recordings: Recordings
    tenant: str
    workflow: str
    purposes: Sequence[str]
    versions: Versions

    def since(self, moment: str, *, now: datetime) -> Iterator[MeasuredRun]:
        """The runs from a moment on, in their order."""
        return self._measured(
            heapq.merge(
                *(
                    self.recordings.since(self.tenant, self.workflow, purpose, since=moment, now=now)
                    for purpose in (*self.purposes, SKIPPED)
                ),
                key=_order,
            )
        )

    def newest(self, *, until: datetime, now: datetime) -> Iterator[MeasuredRun]:
        """The runs up to a moment, newest first."""
        return self._measured(
            heapq.merge(
                *(
                    self.recordings.newest(self.tenant, self.workflow, purpose, until=until, now=now)
                    for purpose in (*self.purposes, SKIPPED)
                ),
                key=_order,
                reverse=True,
            )
        )

    def _measured(self, recordings: Iterable[Recording]) -> Iterator[MeasuredRun]:
        found = (MeasuredRun.of(recording, self.versions) for recording in recordings)
        return (run for run in found if run is not None)


def baseline_of(runs: Iterable[MeasuredRun]) -> tuple[list[MeasuredRun], bool]:
    """The first runs, as many as make a baseline, and whether it is complete: a later run never joins it then."""
    taken: list[MeasuredRun] = []
    for run in islice(runs, MOST_OF_A_BASELINE):
        if len(taken) >= LEAST_OF_A_BASELINE and _moment(run) - _moment(taken[0]) >= BASELINE_TIME:
            return taken, True
        taken.append(run)
    return taken, len(taken) == MOST_OF_A_BASELINE


def window_of(runs: Iterable[MeasuredRun], *, after: str, until: datetime) -> list[MeasuredRun]:
    """The last runs of those that come newest first, none of which is the baseline's; in their order."""
    day, oldest = iso(until - WINDOW_TIME), iso(until - LONGEST_WINDOW)
    taken: list[MeasuredRun] = []
    for run in islice(runs, MOST_OF_A_WINDOW):
        if run.key <= after or run.recorded_at < (day if len(taken) >= LEAST_OF_A_WINDOW else oldest):
            break
        taken.append(run)
    return taken[::-1]


def _order(recording: Recording) -> tuple[str, str]:
    return recording.recorded_at, recording.message_id


def _moment(run: MeasuredRun) -> datetime:
    return datetime.fromisoformat(run.recorded_at)
