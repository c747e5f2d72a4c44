"""The metrics of what a run came to: of a message under its writer's version, of a skip under its reason.

Whether a message that people must see is approved is counted when they have decided.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, cast

from agent_platform import telemetry
from agent_platform.tenants import SYNTHETIC
from aws_lambda_powertools.metrics import MetricUnit

from outreach.contracts import Judged, Verdict
from outreach.desk.objections import NOT_WANTED
from outreach.messages import Stored
from outreach.outcomes.runs import outcomes_of
from outreach.reviewing import by_lot, drawn


def measure(state: Judged, message: Mapping[str, Any], stored: Stored, *, now: datetime) -> None:
    """Emit what was stored, once: a Store that is repeated counts nothing."""
    if stored.opened_at is None:
        return
    if stored.status == "skipped":
        telemetry.emit({"Skips": (MetricUnit.Count, 1)}, reason=message["skip"]["reason"])
        return
    values, agents = outcomes_of(cast("Verdict", state["verdict"])), state["request"]["agents"]
    writer, judge = agents["writer"], agents["judge"]
    decided = {"ApprovalRate": (MetricUnit.Percent, 100 * values["ApprovalRate"])}
    telemetry.emit(
        {
            "MessagesGenerated": (MetricUnit.Count, 1),
            **({"PendingReview": (MetricUnit.Count, 1)} if stored.reviewed else decided),
            "JudgeScore": (MetricUnit.NoUnit, values["JudgeScore"]),
            "GenerationTime": (MetricUnit.Milliseconds, values["GenerationTime"]),
            "RetryRate": (MetricUnit.Percent, 100 * values["RetryRate"]),
            "Findings": (MetricUnit.Count, len(message["findings"])),
        },
        agent=writer["agent_id"],
        version=writer["version"],
    )
    # People see no synthetic message, so it mustn't count beside those that they saw.
    if message["tenant"] != SYNTHETIC:
        approved = 100 * values["ApprovalRate"]
        judged = {"JudgeApproval": (MetricUnit.Percent, approved)}
        if drawn(state["request"].get("review", {}), message):
            judged |= {"JudgeDrawn": (MetricUnit.Percent, approved)}
        telemetry.emit(judged, agent=judge["agent_id"], version=judge["version"])
    took = (now - stored.opened_at) / timedelta(milliseconds=1)
    telemetry.emit({"EndToEndTime": (MetricUnit.Milliseconds, took)})


def measure_upheld(message: Mapping[str, Any]) -> None:
    """Emit whether people upheld the judge that approved a message, if a lot chose it; for its caller to do once.

    Who edits doesn't uphold: the draft was fit only in other words. Who doesn't want to write to this customer now says
    nothing of the draft.
    """
    decision = message["review"]["decision"]
    if not by_lot(message["review"]["reasons"]) or decision["reason"] == NOT_WANTED:
        return
    judge, upheld = message["agents"]["judge"], decision["verdict"] == "approve"
    rate = {"JudgeUpheld": (MetricUnit.Percent, 100.0 if upheld else 0.0)}
    telemetry.emit(rate, agent=judge["agent_id"], version=judge["version"])


def measure_review(message: Mapping[str, Any], *, approved: bool) -> None:
    """Emit what people decided on a message that they had to see; for its caller to do once."""
    writer = message["agents"]["writer"]
    rate = {"ApprovalRate": (MetricUnit.Percent, 100.0 if approved else 0.0)}
    telemetry.emit(rate, agent=writer["agent_id"], version=writer["version"])
