"""Whether a person must see a message before it may be sent: by the writer's policy, and by what code can't settle."""

import hashlib
from collections.abc import Collection, Mapping
from typing import Any, cast

from agent_platform.items import Item
from agent_platform.references import EventReference
from agent_platform.tenants import SYNTHETIC

from outreach.contracts import Finding, Judged, Review, ReviewPolicy, ReviewReason, Verdict
from outreach.feedback import blocking
from outreach.over_budget import skip_of
from outreach.segments import Segments

_LEASE_MINUTES = 15
_DIGITS, _DRAWS = 16, 1 << 64
# What a guard that failed leaves among a draft's findings: it could not say, so a person must.
_GUARD = "guard"


def review_of(state: Judged, reference: EventReference, segments: Segments) -> Review | None:
    """Why a person must see what this run wrote; None if nobody must.

    What wasn't approved is seen for its findings, if the policy wants that, or is rejected. A synthetic run proves that
    the way is open, and must not hang upon a person.
    """
    if skip_of(state) or reference.tenant == SYNTHETIC:
        return None
    policy, verdict = state["request"].get("review", {}), cast("Verdict", state["verdict"])
    best = next(each for each in verdict["attempts"] if each["attempt"] == verdict["best"]["attempt"])
    reasons: Collection[ReviewReason]
    if verdict["approved"]:
        reasons = _by_policy(policy, verdict["score"], reference.execution_name) | _by_doubt(best["findings"])
        most = policy.get("new_segments", 0)
        if most and segments.seen(reference.tenant, segment_of(state)) < most:
            reasons |= {"new_segment"}
    else:
        reasons = {"findings"} if policy.get("findings") and blocking(best["findings"]) else ()
    return _review(reasons, policy, reference.execution_name) if reasons else None


def counted(message: Mapping[str, Any], state: Judged, segments: Segments) -> dict[str, Item]:
    """What is counted with a message: of a new segment, that one more was given to people to see."""
    if "new_segment" not in message.get("review", {}).get("reasons", ()):
        return {}
    return {"segment": segments.counted(message["tenant"], segment_of(state))}


def segment_of(state: Judged) -> str:
    """The group of customers whose first messages by this version of the writer are seen."""
    request = state["request"]
    writer = request["agents"]["writer"]
    return f"{writer['agent_id']}#{writer['version']}#{request['purpose']}#{request['locale']}"


def _by_policy(policy: ReviewPolicy, score: float, message_id: str) -> set[ReviewReason]:
    below = policy.get("uncertain", {}).get("below", 0)
    wanted: Mapping[ReviewReason, bool] = {
        "all": policy.get("all", False),
        "share": _drawn(message_id, "first", policy.get("share", 0)),
        "uncertain": score < below,
    }
    return {reason for reason, holds in wanted.items() if holds}


def _by_doubt(findings: Collection[Finding]) -> set[ReviewReason]:
    return {"guard_error"} if any(finding["kind"] == _GUARD for finding in findings) else set()


def _review(reasons: Collection[ReviewReason], policy: ReviewPolicy, message_id: str) -> Review:
    return {
        "reasons": sorted(reasons),
        "needed": 2 if _drawn(message_id, "second", policy.get("second_share", 0)) else 1,
        "lease_minutes": policy.get("lease_minutes", _LEASE_MINUTES),
    }


def _drawn(message_id: str, draw: str, share: float) -> bool:
    """Whether a message is of a share: by its id, so that a repeated Store draws the same, and each draw for itself."""
    digest = hashlib.sha256(f"{draw}#{message_id}".encode()).hexdigest()[:_DIGITS]
    return int(digest, 16) < share * _DRAWS
