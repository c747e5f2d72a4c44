"""Laying a message on the desk, in the transaction that stores it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from agent_platform.items import Item
from agent_platform.moments import iso
from agent_platform.reviews.desk import ReviewDesk
from agent_platform.reviews.items import ReviewItem

from outreach.recorded import WORKFLOW


def laid(message: Mapping[str, Any], *, desk: ReviewDesk, now: datetime) -> dict[str, Item]:
    """The transaction item that has people decide on a message; nothing for one that nobody must see."""
    review = message.get("review")
    if review is None:
        return {}
    item = ReviewItem(
        tenant=message["tenant"],
        workflow=WORKFLOW,
        message_id=message["messageId"],
        reasons=tuple(review["reasons"]),
        needed=review["needed"],
        lease_minutes=review["lease_minutes"],
        opened_at=iso(now),
        expires_at=message["expiresAt"],
    )
    return {"review": desk.opened(item)}
