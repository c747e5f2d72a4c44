"""GET /reviews/next: the message that waits the longest for this person, who has it in hand from now on."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from agent_platform.reviews.requests import reviewing
from agent_platform.reviews.reviewers import Reviewer
from outreach.desk.sitting import sitting


@reviewing
def lambda_handler(reviewer: Reviewer, asked: Mapping[str, Any]) -> dict[str, Any] | None:
    """Answer with the message's text, claims and facts, and the rubric; with neither its score nor its writer's arm."""
    return sitting().next(reviewer.context.tenant, reviewer.name, now=datetime.now(UTC))
