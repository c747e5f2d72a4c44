"""What people's decisions say of drafts: labels for whoever wants to know how often a judge errs."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from agent_platform.reviews.items import Verdict
from agent_platform.reviews.records import ReviewRecords

from outreach.contracts import AgentReference
from outreach.recorded import WORKFLOW


@dataclass(frozen=True)
class LabelledDraft:
    """A draft as its writer left it, what its judge said, and what people decided: `edit` is fit only in other words.

    `reason` is a rejection's, `edited` the slots of an edit, `reviewers` how many decided.
    """

    message_id: str
    purpose: str
    judge: AgentReference
    judged_good: bool
    verdict: Verdict
    reason: str | None
    reviewers: int
    drafted: Mapping[str, str]
    edited: Mapping[str, str] | None
    why: tuple[str, ...]
    at: str


def labels(
    tenant: str,
    *,
    since: str,
    records: ReviewRecords,
    find: Callable[[str, str], Mapping[str, Any] | None],
) -> Iterator[LabelledDraft]:
    """The drafts that people concluded on from a moment on, in that order; what isn't kept any more is left out.

    `why` says how a draft came to people: only those by "all" or "share" are a fair sample, and that of what the judge
    approved. As they are decided they are counted so, as JudgeUpheld, for whoever wants to know how often it errs.
    """
    for item in records.concluded(tenant, WORKFLOW, since=since):
        message = find(tenant, item.message_id) if item.outcome != "withdrawn" else None
        if message and "decision" in message.get("review", {}):
            yield _labelled(message, item.reasons)


def _labelled(message: Mapping[str, Any], why: tuple[str, ...]) -> LabelledDraft:
    decision, edited = message["review"]["decision"], message.get("drafted") is not None
    best = max(message["attempts"], key=lambda attempt: (attempt["approved"], attempt["score"]))
    return LabelledDraft(
        message_id=message["messageId"],
        purpose=message["purpose"],
        judge=message["agents"]["judge"],
        judged_good=best["approved"],
        verdict=decision["verdict"],
        reason=decision["reason"],
        reviewers=decision["by"],
        drafted=message["drafted"] if edited else message["slots"],
        edited=message["slots"] if edited else None,
        why=why,
        at=decision["at"],
    )
