"""The way of an event as JSON."""

from dataclasses import asdict
from typing import Any

from agent_platform.inference.calls import Booked

from operations.trace.model_calls import totals
from operations.trace.visits import Visit
from operations.trace.ways import Run, Way


def document(way: Way) -> dict[str, Any]:
    """The way as JSON."""
    return {
        "receipt": way.name,
        **{name: way.receipt[key] for name, key in (("tenant", "tenant"), ("source", "source"), ("event", "eventId"))},
        "event_type": way.receipt["eventType"],
        "received": way.received.isoformat(),
        "published": way.published.isoformat() if way.published else None,
        "outcome": way.receipt.get("outcome"),
        "runs": [_run_document(each) for each in way.runs],
        "traces": way.traces,
        "lines": way.lines,
    }


def _run_document(of: Run) -> dict[str, Any]:
    return {
        **{name: value for name, value in asdict(of).items() if name not in {"started", "stopped", "visits"}},
        "started": of.started.isoformat(),
        "seconds": (of.stopped - of.started).total_seconds() if of.stopped else None,
        **totals(of.calls),
        "states": [_visit_document(visit) for visit in of.visits],
    }


def _visit_document(visit: Visit) -> dict[str, Any]:
    attempts = [asdict(attempt) | {"began": attempt.began.isoformat()} for attempt in visit.attempts]
    calls = [_call_document(call) for call in visit.calls]
    return asdict(visit) | {"entered": visit.entered.isoformat(), "attempts": attempts, "calls": calls}


def _call_document(of: Booked) -> dict[str, Any]:
    made = {name: value for name, value in asdict(of).items() if name != "call"}
    return {"agent": of.call.agent, "version": of.call.version, "model": of.call.model, **made}
