"""The offline judge: scores from 1 to 5 with a quoted reason, computed from what a draft says and nothing else.

It shares no code with the offline writer.
"""

from typing import Any

from local_aws.bedrock_wire.judge_checks import Defect, defects
from local_aws.bedrock_wire.judge_reading import Reading

CRITERIA = ("accuracy", "personal_relevance", "brand_voice", "clarity", "call_to_action")


def score_email(data: dict[str, Any], criteria: tuple[str, ...] = CRITERIA) -> list[dict[str, Any]]:
    """Score the draft in the data on each criterion; one without a check gets the mean of those that have one."""
    reading = Reading(data)
    found = list(defects(reading))
    known = {criterion: _score(criterion, reading, found) for criterion in CRITERIA}
    overall = round(sum(score for score, _ in known.values()) / len(known))
    unknown = (overall, "The stand-in has no check for this criterion; this is the mean of its others.")
    scored = [(criterion, *known.get(criterion, unknown)) for criterion in criteria]
    return [{"criterion": criterion, "score": score, "reason": reason} for criterion, score, reason in scored]


def _score(criterion: str, reading: Reading, found: list[Defect]) -> tuple[int, str]:
    against = sorted((defect for defect in found if defect.criterion == criterion), key=lambda defect: defect.at_most)
    if against:
        return against[0].at_most, " ".join(dict.fromkeys(defect.reason for defect in against[:3]))
    return _PRAISE[criterion](reading)


def _accuracy(reading: Reading) -> tuple[int, str]:
    facts = list(dict.fromkeys(reading.used))
    shown = ", ".join(f"“{{{{{slot}}}}}”" for slot in facts[:3]) or f"“{reading.subject}”"
    if len(facts) >= 3:
        return 5, f"Every fact stands as its slot: {shown}."
    return 4, f"Nothing is unsupported, but few facts are used: {shown}. Say more of what the facts allow."


def _personal_relevance(reading: Reading) -> tuple[int, str]:
    own = [slot for slot in dict.fromkeys(reading.used) if slot.startswith(("customer.", "service."))]
    if not own:
        return 3, f"“{reading.subject}”: nothing personal is known that it could use."
    shown = ", ".join(f"“{{{{{slot}}}}}”" for slot in own[:3])
    if not any(slot.startswith("service.") for slot in own):
        at_hand = any(slot.startswith("service.") for slot in reading.slots)
        advice = "Use something of the customer's history." if at_hand else "No history is known that it could use."
        return 3, f"Only {shown} is personal. {advice}"
    if len(own) < 3:
        return 4, f"It speaks of the customer's own history with {shown}; a second detail would carry it further."
    return 5, f"It is written to this customer: {shown}."


def _brand_voice(reading: Reading) -> tuple[int, str]:
    return 5, f"“{reading.lines[0]}” to “{reading.lines[-1]}” is polite, calm and within the brand's rules."


def _clarity(reading: Reading) -> tuple[int, str]:
    count = len(reading.as_read(reading.body).split())
    if count > 0.9 * reading.most_words:
        return 4, f"“{reading.subject}” is clear, but {count} words are nearly too many: leave a sentence out."
    return 5, f"“{reading.subject}” says what it is about, and {count} words are easily read."


def _call_to_action(reading: Reading) -> tuple[int, str]:
    return 5, f"“{reading.request}” asks for exactly one thing."


_PRAISE = {
    "accuracy": _accuracy,
    "personal_relevance": _personal_relevance,
    "brand_voice": _brand_voice,
    "clarity": _clarity,
    "call_to_action": _call_to_action,
}
