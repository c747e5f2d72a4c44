"""What a reviewer sees of a message: its text, its claims, the facts and the rubric, and neither score nor arm."""

from collections.abc import Mapping, Sequence
from typing import Any

from agent_platform.reviews.items import ReviewItem

from outreach.briefing import conditions, readable
from outreach.desk.drafts import NumberedClaim, Waiting
from outreach.desk.objections import REJECTIONS

# What of a claim a person wants to know.
_OF_A_CLAIM = ("kind", "result", "where", "text", "slot", "source", "comparison")


def shown(waiting: Waiting, item: ReviewItem, *, reviewer: str, rubric: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """An item as this person, who has it in hand, sees it; what the model or the judge thought of it isn't here."""
    message, request = waiting.message, waiting.request
    return {
        "id": item.message_id,
        "workflow": item.workflow,
        "reasons": list(item.reasons),
        "until": item.leases[reviewer].until,
        "purpose": message["purpose"],
        "locale": message["locale"],
        "subject": message["subject"],
        "text": message["text"],
        "draft": waiting.parts,
        "claims": [_claim(each) for each in waiting.claims()],
        "facts": readable(waiting.facts, locale=request["locale"]),
        "conditions": conditions(request, waiting.brand),
        "comment": waiting.prepared["comment"],
        "rubric": [{"criterion": each["criterion"], "question": each["question"]} for each in rubric],
        "rejections": dict(REJECTIONS),
    }


def _claim(claim: NumberedClaim) -> dict[str, Any]:
    known = {name: claim.entry.get(name) for name in _OF_A_CLAIM}
    return {"number": claim.number, "stops": claim.stops} | known
