"""Which runs are compared: the first ones since the versions came into production, and the last ones.

Where they are too many, some of them stand for all, drawn from the whole time: a baseline of one hour and a window of
another would differ as day and night do.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from heapq import merge, nsmallest
from itertools import chain, islice, takewhile

from agent_platform.drift.measured import MeasuredRun, Versions
from agent_platform.moments import iso
from agent_platform.recordings import SKIPPED, Recording, Recordings

# A baseline is a week of runs, and longer until there are enough.
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
            merge(
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
            merge(
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


def baseline_of(runs: Iterator[MeasuredRun], *, now: datetime) -> tuple[list[MeasuredRun], str | None]:
    """The first runs, in their order, and after which key no run is one of them; None until they are complete."""
    first = list(islice(runs, LEAST_OF_A_BASELINE))
    if not first:
        return [], None
    over = iso(datetime.fromisoformat(first[0].recorded_at) + BASELINE_TIME)
    week = takewhile(lambda run: run.recorded_at < over, runs)
    taken = _drawn(chain(first, week), MOST_OF_A_BASELINE)
    complete = len(first) == LEAST_OF_A_BASELINE and over <= iso(now)
    return taken, max(over, first[-1].key) if complete else None


def window_of(runs: Iterable[MeasuredRun], *, after: str, until: datetime) -> list[MeasuredRun]:
    """The last runs of those that come newest first, none of which is the baseline's; in their order."""
    day, oldest = iso(until - WINDOW_TIME), iso(until - LONGEST_WINDOW)

    def belongs(numbered: tuple[int, MeasuredRun]) -> bool:
        newer, run = numbered
        return run.key > after and run.recorded_at >= (day if newer >= LEAST_OF_A_WINDOW else oldest)

    return _drawn((run for _, run in takewhile(belongs, enumerate(runs))), MOST_OF_A_WINDOW)


def _drawn(runs: Iterable[MeasuredRun], most: int) -> list[MeasuredRun]:
    """At most so many of the runs, in their order; which ones, their keys say, and so it is the same ones again."""
    drawn = nsmallest(most, runs, key=lambda run: blake2b(run.key.encode(), digest_size=8).digest())
    return sorted(drawn, key=lambda run: run.key)


def _order(recording: Recording) -> tuple[str, str]:
    return recording.recorded_at, recording.message_id
