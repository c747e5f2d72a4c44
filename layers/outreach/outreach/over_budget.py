"""What a run makes of a cap that has no room for its next model call: a skip, taken up when there is room again.

A cap that is full only of what others hold is a TransientError, which the state machine tries again: eight times, which
takes two minutes on average and four at most. A call settles in one, as a rule in seconds. What died with its function
is booked after three minutes, by a sweep that comes every five: a run may fail before that, and be rerun.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeIs

from agent_platform import telemetry
from agent_platform.errors import OverBudget

from outreach.contracts import Draft, Judged, OverBudgetDraft, OverBudgetVerdict, Skip, Verdict

OVER_BUDGET: Literal["over_budget"] = "over_budget"
NO_DRAFT: OverBudgetDraft = {"skip": OVER_BUDGET}
_SKIP: Skip = {
    "reason": OVER_BUDGET,
    "detail": "What may be spent on model calls was used up. Take it up later: scripts/rerun --skipped over_budget",
}


def unless_over_budget[T, S](state: Mapping[str, Any], work: Callable[[], T], *, skipped: S) -> T | S:
    """What the work comes to, or the skip; an evaluation's pair and a probe fail by OverBudget's own name."""
    try:
        return work()
    except OverBudget as refused:
        if "recording" in state or "probe" in state:
            raise
        telemetry.log().warning("over budget", extra={"detail": str(refused)})
        return skipped


def is_no_draft(draft: Draft | OverBudgetDraft) -> TypeIs[OverBudgetDraft]:
    """Whether Generate met the cap."""
    return "skip" in draft


def is_no_verdict(verdict: Verdict | OverBudgetVerdict) -> TypeIs[OverBudgetVerdict]:
    """Whether Judge met the cap, or Generate before it."""
    return "skip" in verdict


def no_verdict(previous: Verdict | None) -> OverBudgetVerdict:
    """The verdict that ends a run over budget; what its attempts before came to stays."""
    return {"skip": OVER_BUDGET, "attempts": previous["attempts"] if previous else [], "decision": "store"}


def skip_of(state: Judged) -> Skip | None:
    """Why a run wrote nothing: Validate's reason, or that a cap had no room."""
    over_budget = "verdict" in state and is_no_verdict(state["verdict"])
    return _SKIP if over_budget else state["request"]["skip"]
