"""Judge: a verdict on one draft, computed by code from the findings and from the scores of the judge's version.

The model is asked also when a finding already forbids approval: its scores make the feedback whole, so that one
rewrite can mend everything, and order the drafts when none is approved.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from agent_platform.inference.completions import Tool
from agent_platform.inference.metering import Converse
from agent_platform.registry.versions import AgentVersion

from outreach.answers import NotInShape, ask, clean_text
from outreach.brands import Brand
from outreach.briefing import briefing, material, prompt_variables
from outreach.candidates import QUOTES, asks_for_claims, judged_claims, read_quotes
from outreach.contracts import Attempt, BestDraft, Draft, Features, Request, Score, Verdict
from outreach.evidence import evidence_for
from outreach.feedback import feedback_on, kept
from outreach.findings import Finding, blocking
from outreach.prepared import Prepared

_LOWEST, _HIGHEST = 1, 5
_MOST_REASON_CHARACTERS = 300
_MOST_KEPT_FINDINGS = 10
# Longer than this isn't a reason but a loop.
_MOST_READ_CHARACTERS = 20_000
_LEAK: Finding = {"kind": "leak", "result": "unsupported", "where": "body", "text": "", "slot": None}
_LEAKED = "The judge told what only it was told; its reasons aren't kept."


def judge_draft(
    agent: AgentVersion,
    draft: Draft,
    request: Request,
    features: Features,
    *,
    prepared: Prepared,
    brand: Brand,
    previous: Verdict | None,
    max_attempts: int,
    converse: Converse,
) -> Verdict:
    """Judge one draft and say whether to store or to rewrite; the attempts before are kept, and the best draft.

    Raises MalformedOutput if the judge gives no scores in shape when asked twice, and what `converse` raises.
    """
    content = material(request, features, prepared=prepared, brand=brand)
    content["draft"] = _text_of(draft)
    rubric = agent.config["rubric"]
    criteria = [entry["criterion"] for entry in rubric]
    variables = prompt_variables(request, brand) | {"rubric": _in_words(rubric)}
    told = briefing(agent.prompt, variables, "Score the e-mail in `draft` against the rubric.", content, request)
    answer = ask(
        agent,
        told=told,
        tool=_score_email(criteria, with_claims=asks_for_claims(agent)),
        read=lambda value: (_read_scores(value, criteria), read_quotes(value) if asks_for_claims(agent) else None),
        converse=converse,
    )
    given, quotes = answer.value
    # A judge that tells what only it was told follows somebody else's words, and its scores are theirs.
    scores = [score | {"reason": _LEAKED} for score in given] if answer.leaked else given
    leak = [_LEAK] if answer.leaked else []
    mean = sum(score["score"] for score in scores) / len(scores)
    attempt: Attempt = {
        "attempt": draft["attempt"],
        "approved": not leak and not blocking(draft["findings"]) and _good_enough(scores, mean, agent.config),
        "score": round(mean, 2),
        "scores": scores,
        # What was right about a draft is of no use later, and the document has to stay small.
        "findings": [*leak, *kept(draft["findings"])][:_MOST_KEPT_FINDINGS],
        "generate": draft["usage"],
        "judge": answer.usage,
    }
    if quotes is not None:
        evidence = evidence_for(request, features, prepared=prepared, brand=brand)
        attempt["claims"] = judged_claims(_text_of(draft), quotes, evidence)
    return _verdict(attempt, draft, previous, max_attempts=max_attempts)


def _good_enough(scores: Sequence[Score], mean: float, config: Mapping[str, Any]) -> bool:
    return bool(mean >= config["threshold"] and all(score["score"] >= config["minimum"] for score in scores))


def _verdict(attempt: Attempt, draft: Draft, previous: Verdict | None, *, max_attempts: int) -> Verdict:
    attempts = [*(previous["attempts"] if previous else []), attempt]
    # The last of equals: it was written with more feedback.
    winner = max(reversed(attempts), key=_rank)
    best: BestDraft = previous["best"] if previous and winner is not attempt else _best(attempt, draft)
    return {
        "approved": best["approved"],
        "score": best["score"],
        "feedback": feedback_on(attempt["scores"], attempt["findings"]),
        "findings": attempt["findings"],
        "best": best,
        "attempts": attempts,
        "decision": "store" if best["approved"] or len(attempts) >= max_attempts else "rewrite",
    }


def _rank(attempt: Attempt) -> tuple[bool, int, float]:
    return attempt["approved"], -len(blocking(attempt["findings"])), attempt["score"]


def _best(attempt: Attempt, draft: Draft) -> BestDraft:
    return {
        "attempt": attempt["attempt"],
        "subject": draft["subject"],
        "body": draft["body"],
        "call_to_action": draft["call_to_action"],
        "approved": attempt["approved"],
        "score": attempt["score"],
    }


def _text_of(draft: Draft) -> dict[str, str]:
    return {"subject": draft["subject"], "body": draft["body"], "call_to_action": draft["call_to_action"]}


def _read_scores(value: Any, criteria: Sequence[str]) -> list[Score]:
    """One score for each criterion, in the rubric's order."""
    entries = value.get("scores") if isinstance(value, dict) else None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise NotInShape("scores must be a list of objects")
    given = [entry.get("criterion") for entry in entries]
    if len(given) != len(criteria) or any(criterion not in given for criterion in criteria):
        raise NotInShape(f"scores must have each criterion exactly once: {', '.join(criteria)}")
    return [_read_score(entries[given.index(criterion)], criterion) for criterion in criteria]


def _read_score(entry: Mapping[str, Any], criterion: str) -> Score:
    score = entry.get("score")
    # True equals 1 and 5.0 equals 5: the first is no score, the second is one.
    if isinstance(score, bool) or not isinstance(score, int | float) or score not in range(_LOWEST, _HIGHEST + 1):
        raise NotInShape(f"the score of {criterion} must be a whole number from {_LOWEST} to {_HIGHEST}")
    reason = clean_text(entry.get("reason"), f"the reason for {criterion}", most=_MOST_READ_CHARACTERS)
    return {"criterion": criterion, "score": int(score), "reason": reason[:_MOST_REASON_CHARACTERS]}


def _score_email(criteria: Sequence[str], *, with_claims: bool) -> Tool:
    """The tool of a judge: the scores, and the claims where its version asks for them."""
    entry = {
        "type": "object",
        "properties": {
            "criterion": {"type": "string", "enum": list(criteria)},
            "score": {"type": "integer", "minimum": _LOWEST, "maximum": _HIGHEST},
            "reason": {"type": "string", "description": "Why, with a quotation from the draft."},
        },
        "required": ["criterion", "score", "reason"],
    }
    properties = {"scores": {"type": "array", "items": entry}} | ({"claims": QUOTES} if with_claims else {})
    return Tool(
        name="score_email",
        description="Hand in the scores: every criterion of the rubric exactly once.",
        schema={"type": "object", "properties": properties, "required": list(properties)},
    )


def _in_words(rubric: Sequence[Mapping[str, Any]]) -> str:
    """The rubric as the prompt shows it: each criterion with its question and what each score means."""
    return "\n\n".join(
        "\n".join(
            [
                f"### {entry['criterion']}",
                entry["question"],
                *(f"- {score}: {meaning}" for score, meaning in sorted(entry["anchors"].items(), reverse=True)),
            ]
        )
        for entry in rubric
    )
