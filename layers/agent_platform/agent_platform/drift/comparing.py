"""One comparison: what is known of a tenant's agent today, as the figures of a report."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from measurement.drift import Movement, movements

from agent_platform.drift.baselines import Baseline, Baselines
from agent_platform.drift.contracts import WRITER, Answer, Compared, Report, Verdict
from agent_platform.drift.measured import AREAS, MeasuredRun, area_of, counted
from agent_platform.drift.windows import LEAST_OF_A_BASELINE, Series, baseline_of, window_of
from agent_platform.recordings import Recordings

# A window of fewer runs says nothing.
LEAST_COMPARED = 50


def compare(wanted: Compared, *, since: str, recordings: Recordings, baselines: Baselines) -> Report:
    """Compare the last runs with the first ones since a moment, of the versions that are in production."""
    as_of = datetime.fromisoformat(wanted["as_of"])
    series = Series(recordings, wanted["tenant"], wanted["workflow"], wanted["purposes"], wanted["agents"])
    baseline = baselines.kept(wanted, since=since) or _collected(series, wanted, since, baselines)
    window: list[MeasuredRun] = []
    if baseline.after is not None:
        window = window_of(series.newest(until=as_of, now=as_of), after=baseline.after, until=as_of)
    return _report(wanted, since, baseline, window)


def _collected(series: Series, wanted: Compared, since: str, baselines: Baselines) -> Baseline:
    """The first runs; kept as soon as they are complete, so that they stay when their recordings expire."""
    as_of = datetime.fromisoformat(wanted["as_of"])
    baseline = Baseline.of(*baseline_of(series.since(since, now=as_of), now=as_of))
    if baseline.after is not None:
        baselines.keep(baseline, wanted, since=since)
    return baseline


def _report(wanted: Compared, since: str, baseline: Baseline, window: Sequence[MeasuredRun]) -> Report:
    subjects: list[Movement] = []
    if len(window) >= LEAST_COMPARED:
        subjects = movements(baseline.counted, counted(window, baseline.names))
    ends = (window[0].recorded_at, window[-1].recorded_at) if window else (None, None)
    moved = [each for each in subjects if each.drifted]
    return {
        "tenant": wanted["tenant"],
        "workflow": wanted["workflow"],
        "agents": wanted["agents"],
        "as_of": wanted["as_of"],
        "since": since,
        "verdict": _verdict(baseline, window, moved),
        "cause": min((area_of(each.subject) for each in moved), key=AREAS.index, default=None),
        "baseline": _told(baseline.runs, baseline.begin, baseline.end) | {"needed": LEAST_OF_A_BASELINE},
        "window": _told(len(window), *ends) | {"needed": LEAST_COMPARED},
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


def _verdict(baseline: Baseline, window: Sequence[MeasuredRun], moved: Sequence[Movement]) -> Verdict:
    if baseline.after is None:
        return "collecting"
    if len(window) < LEAST_COMPARED:
        return "too_few"
    return "drifted" if moved else "steady"


def _told(runs: int, begin: str | None, end: str | None) -> dict[str, Any]:
    """How many runs, and from when to when."""
    return {"runs": runs, "from": begin, "to": end}
