"""A stand-in for a guardrail of Bedrock: it blocks a few words by category, and answers in the real one's shape."""

import re
from typing import Any

from local_aws.bedrock_wire.wire import Answer, Call, WireError

_FILTERS = {
    "INSULTS": re.compile(r"\b(?:idiots?|stupid|morons?|losers?)\b", re.IGNORECASE),
    "VIOLENCE": re.compile(r"\b(?:kill|murder|shoot)\b", re.IGNORECASE),
}


def apply_guardrail(call: Call) -> Answer:
    """Assess the texts of an ApplyGuardrail request."""
    content = call.document.get("content")
    if call.document.get("source") not in ("INPUT", "OUTPUT") or not isinstance(content, list) or not content:
        raise WireError("ValidationException", "A source and some content are needed.")
    text = "\n".join(str(block.get("text", {}).get("text", "")) for block in content)
    found = [_filter(kind) for kind, words in _FILTERS.items() if words.search(text)]
    return Answer.of({
        "usage": _usage(-(-len(text) // 1000)),
        "action": "GUARDRAIL_INTERVENED" if found else "NONE",
        "outputs": [{"text": "Blocked."}] if found else [],
        "assessments": [{"contentPolicy": {"filters": found}}] if found else [],
    })  # fmt: skip


def _usage(units: int) -> dict[str, int]:
    """As a guardrail with filters of content, personal data and words is billed."""
    read = dict.fromkeys(("contentPolicyUnits", "sensitiveInformationPolicyUnits", "wordPolicyUnits"), units)
    unread = ("topicPolicyUnits", "sensitiveInformationPolicyFreeUnits", "contextualGroundingPolicyUnits")
    return read | dict.fromkeys(unread, 0)


def _filter(kind: str) -> dict[str, Any]:
    return {"type": kind, "confidence": "HIGH", "filterStrength": "HIGH", "action": "BLOCKED", "detected": True}
