"""What a run came to in numbers, for its metrics and for the rollout that its writer was chosen by."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from agent_platform.experiments.outcomes import Outcomes

from outreach.contracts import Attempt, Judged, Verdict
from outreach.outcomes.rollouts import tell_rollout


def outcomes_of(verdict: Verdict) -> dict[str, float]:
    """One value for each metric, of one customer: rates are 0 or 1, times in ms, costs in millionths of a dollar."""
    return _outcomes(verdict["attempts"], verdict["score"], approved=verdict["approved"])


def _outcomes(attempts: Sequence[Attempt], score: float, *, approved: bool) -> dict[str, float]:
    calls = [attempt[role] for attempt in attempts for role in ("generate", "judge")]
    findings = [finding for attempt in attempts for finding in attempt["findings"]]
    return {
        "ApprovalRate": 1.0 if approved else 0.0,
        "JudgeScore": score,
        "RetryRate": 1.0 if len(attempts) > 1 else 0.0,
        "GenerationTime": sum(attempt["generate"]["latency_ms"] for attempt in attempts),
        "CostMicros": sum(call["cost_micros"] for call in calls),
        "ContradictedClaims": sum(finding["result"] == "contradicted" for finding in findings),
    }


def record_outcomes(state: Judged, *, skipped: bool, reviewed: bool, outcomes: Outcomes, now: datetime) -> None:
    """Tell the rollout, if the writer was chosen by one, what came of its customer; telling it again changes nothing.

    A message that was written and then not wanted any more is no failure of the run, and says nothing of the writer.
    Whether one that is reviewed is approved, people will say; all else is known, and that the run didn't fail.
    """
    request = state["request"]
    known = {"Skipped": 1.0} if skipped else outcomes_of(cast("Verdict", state["verdict"]))
    tell_rollout(
        request["agents"]["writer"] if "agents" in request else None,
        state["tenant"],
        request["customer"],
        {metric: value for metric, value in known.items() if not (reviewed and metric == "ApprovalRate")},
        outcomes=outcomes,
        matured_at=now,
    )


def record_review(message: Mapping[str, Any], *, approved: bool, outcomes: Outcomes, now: datetime) -> None:
    """Tell the rollout what came of a message's customer, now that people decided; telling it again changes nothing."""
    tell_rollout(
        message["agents"]["writer"],
        message["tenant"],
        message["customer"],
        _outcomes(message["attempts"], message["score"], approved=approved),
        outcomes=outcomes,
        matured_at=now,
    )
