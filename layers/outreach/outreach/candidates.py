"""Claims that a judge's model finds where no rule does, if its version asks for them: `"claims": true` in its config.

No further model is called, and none of its words is believed: code looks for each quote in the draft, and what no rule
has read there waits for a person.
"""

from collections.abc import Mapping
from typing import Any

from agent_platform.registry.versions import AgentVersion

from outreach import claims
from outreach.answers import NotInShape
from outreach.claims import Evidence
from outreach.contracts import JudgedClaims

QUOTES = {
    "type": "array",
    "items": {"type": "string"},
    "description": (
        "Every statement of the draft that could be false, about the offer, the company, the service or the reader: "
        "each as the fewest words of the draft that make it, word for word. Leave out slots, greetings and opinions."
    ),
}
_MOST_QUOTES = 40
# What is kept of them travels in the document of an execution, whose size is bounded.
_MOST_UNREAD = 12
_LONGEST_UNREAD = 160


def asks_for_claims(agent: AgentVersion) -> bool:
    """Whether this version of a judge is to say what it takes for claims."""
    return bool(agent.config.get("claims", False))


def read_quotes(value: Mapping[str, Any]) -> list[str]:
    """The quotes of an answer; an empty list says that the judge found none, and no list that it didn't look."""
    quotes = value.get("claims")
    if not isinstance(quotes, list) or not all(isinstance(quote, str) for quote in quotes):
        raise NotInShape("claims must be a list of texts, empty if there is none")
    return quotes[:_MOST_QUOTES]


def judged_claims(draft: Mapping[str, str], quotes: list[str], evidence: Evidence) -> JudgedClaims:
    """What became of a judge's quotes: those that stand nowhere are counted, those that no rule has read are kept."""
    found = claims.candidates(draft, quotes, claims.ledger(draft, **evidence))
    unread = [draft[entry["where"]][entry["start"] : entry["end"]][:_LONGEST_UNREAD] for entry in found.entries]
    return {"quoted": len(quotes), "nowhere": found.nowhere, "unread": unread[:_MOST_UNREAD]}
