"""Whether a person must see a message before it may be sent: by the writer's policy, and by what code can't settle."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Literal, TypedDict

from agent_platform.items import Item
from agent_platform.tenants import SYNTHETIC

from outreach.contracts import Judged, ReviewPolicy
from outreach.findings import LedgerEntry, blocking
from outreach.segments import Segments

_LEASE_MINUTES = 15
_DIGITS, _DRAWS = 16, 1 << 64

ReviewReason = Literal["all", "share", "findings", "uncertain", "new_segment", "not_checked", "guard_error"]


class Review(TypedDict):
    """Why a person must see a message, by how many of them, and how long one has it alone."""

    reasons: list[ReviewReason]
    needed: Literal[1, 2]
    lease_minutes: int


def unless_seen_first(message: dict[str, Any], state: Judged, segments: Segments) -> dict[str, Any]:
    """The message as it is if nobody must see it before it may be sent; else pending, with why and by how many.

    What wasn't approved is seen for its findings, if the policy wants that. A synthetic run proves that the way is
    open, and must not hang upon a person.
    """
    if message["status"] == "skipped" or message["tenant"] == SYNTHETIC:
        return message
    policy = state["request"].get("review", {})
    if message["status"] == "approved":
        reasons = _by_policy(policy, message) | _by_doubt(message["ledger"])
        most = policy.get("new_segments", 0)
        if most and segments.seen(message["tenant"], segment_of(state)) < most:
            reasons |= {"new_segment"}
    elif message["law"]["breaches"]:
        # What breaks the law of the reader's country isn't sent, whoever would approve it.
        return message
    else:
        reasons = {"findings"} if policy.get("findings") and blocking(message["findings"]) else set()
    if not reasons:
        return message
    return message | {"status": "pending_review", "review": _review(reasons, policy, message["messageId"])}


def by_lot(reasons: Iterable[str]) -> bool:
    """Whether a message came to people as any approved one could: since all do, or by a lot that fell on it.

    What else spoke for seeing it doesn't matter then: without it a sample would lack just the doubtful ones.
    """
    return not {"all", "share"}.isdisjoint(reasons)


def drawn(policy: ReviewPolicy, message: Mapping[str, Any]) -> bool:
    """Whether people see this message, or would had the judge approved it, since all are seen or the lot fell on it.

    What breaks the law isn't shown to anybody, whatever the judge says of it.
    """
    return not message["law"]["breaches"] and (policy.get("all", False) or _of_share(policy, message))


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


def _by_policy(policy: ReviewPolicy, message: Mapping[str, Any]) -> set[ReviewReason]:
    wanted: Mapping[ReviewReason, bool] = {
        "all": policy.get("all", False),
        "share": _of_share(policy, message),
        "uncertain": message["score"] < policy.get("uncertain", {}).get("below", 0),
    }
    return {reason for reason, holds in wanted.items() if holds}


def _of_share(policy: ReviewPolicy, message: Mapping[str, Any]) -> bool:
    return _drawn(message["messageId"], "first", policy.get("share", 0))


def _by_doubt(ledger: Iterable[LedgerEntry]) -> set[ReviewReason]:
    """What code couldn't tell, a person must: a claim, or what a guard that failed should have said."""
    unsettled = (entry["kind"] for entry in ledger if entry["result"] == "not_checked")
    return {"guard_error" if kind == "guard" else "not_checked" for kind in unsettled}


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
