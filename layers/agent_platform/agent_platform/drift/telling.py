"""Who hears of a drift: the metric's alarm, and the bus, once a day for each cause."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit

from agent_platform import telemetry
from agent_platform.drift.contracts import WRITER, Report
from agent_platform.drift.reports import Reports, Ticket

DRIFT_FOUND = "drift.found"


def tell(report: Report, *, reports: Reports, publish: Callable[[str, Mapping[str, Any]], None], now: datetime) -> None:
    """Count what drifted, and publish the day's ticket if nobody has yet.

    Where nothing can be compared yet, nothing drifted: a drift that somebody took for the new normal is over.

    Who is cut short between claiming and publishing publishes when it is tried again.
    """
    agent = report["agents"][WRITER]
    drifted = sum(each["drifted"] for each in report["subjects"])
    dimensions = {"agent": agent["agent_id"], "version": agent["version"]}
    telemetry.emit({"DriftedSubjects": (MetricUnit.Count, drifted)}, **dimensions)
    ticket = Ticket.of(report)
    if ticket and reports.claim(ticket, run=report["as_of"], now=now):
        publish(DRIFT_FOUND, asdict(ticket))
