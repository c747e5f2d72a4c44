"""POST /reviews/{id}/decision: what this person says of a message that they have in hand."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from agent_platform.reviews.requests import reviewing
from agent_platform.reviews.reviewers import Reviewer
from outreach.desk.sitting import sitting


@reviewing
def lambda_handler(reviewer: Reviewer, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Keep the decision; the answer says whether others decide on the message too, or what came of it."""
    given = asked["decision"]
    return sitting().decide(reviewer.context.tenant, asked["id"], reviewer.name, given, now=datetime.now(UTC))
