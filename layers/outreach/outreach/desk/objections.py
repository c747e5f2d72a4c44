"""What a person's decision lacks: every fault of its form, and what the person must see before it can be made."""

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from agent_platform.reviews.items import Decision, Verdict

from outreach.desk.drafts import NumberedClaim

# The one rejection that says nothing of the draft.
NOT_WANTED = "not_wanted"
# Why a message isn't sent, in words for a list; the keys are what a judge's faults are counted under.
REJECTIONS: Mapping[str, str] = {
    "wrong_fact": "something in it is not true",
    "unsupported": "it says or promises what nothing supports",
    "wrong_service": "it speaks of the wrong service",
    "irrelevant": "it has nothing to do with this customer",
    "tone": "it doesn't sound like us",
    "pressure": "it presses the reader",
    "flattery": "it flatters",
    "vague_ask": "it isn't clear what the reader shall do",
    "grammar": "it is badly written",
    "language": "it is in the wrong language",
    NOT_WANTED: "we don't want to write to this customer now",
    "other": "something else, in your words",
}
_VERDICTS: tuple[Verdict, ...] = get_args(Verdict.__value__)
_MOST_WORDS = 1_000
# What no person can let through as it is: a slot that nothing fills, and words that were ours alone.
_ONLY_MENDED = {"placeholder": "is an open placeholder", "leak": "tells what the writer was told"}
# The part of an edit → its most characters, as of a draft.
_PARTS = {"subject": 300, "body": 4_000, "call_to_action": 600}


def form_problems(given: Any) -> list[str]:
    """Everything that is wrong with the form of a decision, as it comes from outside."""
    if not isinstance(given, Mapping):
        return ["a decision is an object with a verdict: " + ", ".join(_VERDICTS)]
    verdict, words = given.get("verdict"), given.get("words", "")
    problems = [f"{name} is unknown" for name in given if name not in ("verdict", "reason", "words", "edit", "seen")]
    if verdict not in _VERDICTS:
        problems.append("verdict must be one of: " + ", ".join(_VERDICTS))
    if not isinstance(words, str) or len(words) > _MOST_WORDS:
        problems.append(f"words must be a text of at most {_MOST_WORDS} characters")
    seen = given.get("seen", [])
    if not isinstance(seen, list) or not all(isinstance(each, str) for each in seen):
        problems.append("seen must be a list of claims' numbers, each a text")
    return problems + _reason_problems(given, verdict) + _edit_problems(given.get("edit"), verdict)


def decision_of(given: Mapping[str, Any]) -> Decision:
    """A decision whose form has no problem."""
    edit = given.get("edit")
    return Decision(
        verdict=given["verdict"],
        reason=given.get("reason"),
        words=given.get("words", "").strip(),
        edit=dict(edit) if edit else None,
        seen=tuple(sorted(set(given.get("seen", [])))),
    )


def unseen(claims: Sequence[NumberedClaim], decision: Decision) -> list[str]:
    """What keeps these words from being approved: what only an edit can mend, and what the person hasn't named as seen.

    What is contradicted in a person's own words isn't let through by naming it.
    """
    problems = []
    for claim in claims:
        entry = claim.entry
        said = f"{claim.number}: {entry['kind']} “{entry['text']}” in the {entry['where'].replace('_', ' ')}"
        if claim.stops and entry["kind"] in _ONLY_MENDED:
            problems.append(f"claim {said} {_ONLY_MENDED[entry['kind']]}; write it in other words")
        elif decision.verdict == "edit" and entry["result"] == "contradicted":
            problems.append(f"claim {said} contradicts a fact; mend it")
        elif claim.stops and claim.number not in decision.seen:
            problems.append(f"claim {said} is {entry['result']}; mend it, or name {claim.number} in seen")
    return problems


def _reason_problems(given: Mapping[str, Any], verdict: Any) -> list[str]:
    reason = given.get("reason")
    if verdict != "reject":
        return [] if reason is None else ["only a rejection has a reason"]
    if reason not in REJECTIONS:
        return ["reason must be one of: " + ", ".join(REJECTIONS)]
    words = given.get("words", "")
    return ["words must say why"] if reason == "other" and not (isinstance(words, str) and words.strip()) else []


def _edit_problems(edit: Any, verdict: Any) -> list[str]:
    if verdict != "edit":
        return [] if edit is None else ["only the verdict edit has other words"]
    if not isinstance(edit, Mapping) or set(edit) != set(_PARTS):
        return ["edit must have exactly: " + ", ".join(_PARTS)]
    return [
        f"edit.{name} must be a text of 1 to {most} characters{_one_line(name)}"
        for name, most in _PARTS.items()
        if not _is_part(edit[name], most, lines=name != "subject")
    ]


def _is_part(text: Any, most: int, *, lines: bool) -> bool:
    # A line break in a subject would end the header that it is sent in.
    return isinstance(text, str) and 0 < len(text.strip()) <= most and (lines or len(text.splitlines()) == 1)


def _one_line(name: str) -> str:
    return ", in one line" if name == "subject" else ""
