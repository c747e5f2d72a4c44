"""What is told of a stored message in words: why it stands as it does, and what became of it."""

from collections.abc import Mapping
from typing import Any

from outreach.findings import blocking

_REASONS = {
    "all": "the version has every message seen",
    "share": "it is of the share that is seen",
    "findings": "the draft has findings",
    "uncertain": "its score is uncertain",
    "new_segment": "it is among the first of its segment",
    "not_checked": "a claim couldn't be checked by code",
    "guard_error": "a guard failed",
}


def reason(of: dict[str, Any]) -> str:
    """Why a message was not approved, in words."""
    if of.get("skip"):
        return f"{of['skip']['reason']}: {of['skip']['detail']}"
    if of["status"] == "rejected":
        findings = [f"{finding['kind']} {finding['result']}: {finding['text']}" for finding in blocking(of["findings"])]
        unlawful = of.get("law", {}).get("breaches", [])
        return "; ".join([*findings, *unlawful]) or f"score {of['score']:.1f}"
    if of["status"] == "pending_review":
        return waits_for(of["review"])
    if of["status"] == "declined":
        return f"a person declined it{_why(of['review'])}"
    return ""


def waits_for(review: dict[str, Any]) -> str:
    """Who must see a message before it may be sent, and why, in words."""
    seen_by = "a person" if review["needed"] == 1 else "two people"
    return f"waits for {seen_by} to see it: " + ", ".join(_REASONS.get(each, each) for each in review["reasons"])


def _why(review: dict[str, Any]) -> str:
    words = [review.get("decision", {}).get(name) for name in ("reason", "words")]
    return ": " + ", ".join(each.replace("_", " ") for each in words if each) if any(words) else ""


def became(of: dict[str, Any]) -> str:
    """What became of a message since it left, in the order in which it happened."""
    known = sorted(of.get("outcomes", {}).items(), key=lambda each: str(each[1]["at"]))
    return " · ".join(f"{kind} {each['at'][:16].replace('T', ' ')}" + _worth(each) for kind, each in known)


def written_from(of: dict[str, Any]) -> str:
    """Which past cases a message was written from, or why there were none."""
    if of.get("passages"):
        return "from past cases: " + ", ".join(of["passages"])
    return f"without past cases ({of.get('retrieval', 'unknown').replace('_', ' ')})"


def held_against(law: Mapping[str, Any]) -> str:
    """By which law a message was checked, and on which basis its customer is written to."""
    place = law["country"] or "country not known"
    return f"held against {law['rules']} of {law['version']} ({place}), consent: {law['basis']}"


def _worth(outcome: dict[str, Any]) -> str:
    return f" (worth {outcome['value']:g})" if "value" in outcome else ""
