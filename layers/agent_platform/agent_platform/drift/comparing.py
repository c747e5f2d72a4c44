"""One comparison: what is known of a tenant's agent today, as the figures of a report."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from measurement.drift import Movement, movements

from agent_platform.drift.contracts import WRITER, Answer, Compared, Report, Verdict
from agent_platform.drift.measured import AREAS, MeasuredRun, area_of, spread
from agent_platform.drift.windows import LEAST_OF_A_BASELINE, Series, baseline_of, window_of
from agent_platform.recordings import Recordings

# A window of fewer runs says nothing.
LEAST_COMPARED = 50


def compare(wanted: Compared, *, since: str, recordings: Recordings) -> Report:
    """Compare the last runs with the first ones since a moment, of the versions that are in production."""
    as_of = datetime.fromisoformat(wanted["as_of"])
    series = Series(recordings, wanted["tenant"], wanted["workflow"], wanted["purposes"], wanted["agents"])
    baseline, complete = baseline_of(series.since(since, now=as_of))
    window: list[MeasuredRun] = []
    subjects: list[Movement] = []
    if complete:
        window = window_of(series.newest(until=as_of, now=as_of), after=baseline[-1].key, until=as_of)
    if len(window) >= LEAST_COMPARED:
        subjects = movements(*spread(baseline, window))
    moved = [each for each in subjects if each.drifted]
    return {
        "tenant": wanted["tenant"],
        "workflow": wanted["workflow"],
        "agents": wanted["agents"],
        "as_of": wanted["as_of"],
        "since": since,
        "verdict": _verdict(complete, window, moved),
        "cause": min((area_of(each.subject) for each in moved), key=AREAS.index, default=None),
        "baseline": _told(baseline) | {"needed": LEAST_OF_A_BASELINE},
        "window": _told(window) | {"needed": LEAST_COMPARED},
        "subjects": [asdict(each) | {"cells": [list(cell) for cell in each.cells]} for each in subjects],
    }


def answer_of(report: Report) -> Answer:
    """The report in short."""
    return {
        "tenant": report["tenant"],
        "agent_id": report["agents"][WRITER]["agent_id"],
        "verdict": report["verdict"],
        "drifted": sum(each["drifted"] for each in report["subjects"]),
    }


def _verdict(complete: bool, window: Sequence[MeasuredRun], moved: Sequence[Movement]) -> Verdict:
    if not complete:
        return "collecting"
    if len(window) < LEAST_COMPARED:
        return "too_few"
    return "drifted" if moved else "steady"


def _told(runs: Sequence[MeasuredRun]) -> dict[str, Any]:
    """How many runs, and from when to when."""
    ends = (runs[0].recorded_at, runs[-1].recorded_at) if runs else (None, None)
    return {"runs": len(runs), "from": ends[0], "to": ends[1]}
