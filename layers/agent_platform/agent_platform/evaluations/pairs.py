"""One pair: what both arms wrote to the same request, and how the one judge saw it.

What a workflow's generate and judge answer to {tenant, recording, agents} is a draft and its verdict. A draft has its
texts as its strings, and `usage` and `findings`; a verdict has `approved`, `score`, and `attempts`, the last of which
has `scores` [{criterion, score, reason}], `judge` (usage) and the findings that stop a draft.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import fmean
from typing import Any, Self

from agent_platform.evaluations.plans import ARMS, Arm
from agent_platform.failures import message_in
from agent_platform.guardrails.redaction import redact

_MOST_CAUSE_CHARACTERS = 200


@dataclass(frozen=True)
class Written:
    """What one arm wrote, and what became of it."""

    approved: bool
    score: float
    scores: dict[str, float]
    reasons: dict[str, str]
    findings: list[dict[str, Any]]
    texts: dict[str, str]
    cost_micros: int
    latency_ms: int
    # What the judge took for it: no merit or fault of the arm, but it is paid for.
    judging_micros: int

    @classmethod
    def of(cls, draft: Mapping[str, Any], verdict: Mapping[str, Any], *again: Mapping[str, Any]) -> Self:
        """From a draft and its verdict; judged again, it has the mean scores, and is approved if each verdict says so.

        The reasons are the first verdict's.
        """
        verdicts = (verdict, *again)
        attempts = [each["attempts"][-1] for each in verdicts]
        attempt = attempts[0]
        return cls(
            approved=all(each["approved"] for each in verdicts),
            score=fmean(each["score"] for each in verdicts),
            scores=_mean_scores(attempts),
            reasons={each["criterion"]: each["reason"] for each in attempt["scores"]},
            findings=list(attempt["findings"]),
            texts={name: value for name, value in draft.items() if isinstance(value, str)},
            cost_micros=draft["usage"]["cost_micros"],
            latency_ms=draft["usage"]["latency_ms"],
            judging_micros=sum(each["judge"]["cost_micros"] for each in attempts),
        )

    @property
    def words(self) -> int:
        """How long it is."""
        return sum(len(text.split()) for text in self.texts.values())


@dataclass(frozen=True)
class Pair:
    """Both arms of one request."""

    tenant: str
    recording: str
    slices: dict[str, str]
    arms: dict[Arm, Written]

    @classmethod
    def of(cls, state: Mapping[str, Any]) -> Self:
        """From what a pair's execution ends with."""
        item = state["pair"]
        arms = {
            item[place]["arm"]: Written.of(state[f"{place}_draft"]["answer"], *_verdicts(state, place))
            for place in ("first", "second")
        }
        return cls(item["tenant"], item["recording"], item["slices"], arms)

    @classmethod
    def read(cls, document: bytes) -> Self:
        """From what `stored` made."""
        values = json.loads(document)
        arms = {arm: Written(**values["arms"][arm]) for arm in ARMS}
        return cls(values["tenant"], values["recording"], values["slices"], arms)

    def stored(self) -> bytes:
        """As it is kept."""
        return json.dumps(asdict(self), ensure_ascii=False).encode()


def _verdicts(state: Mapping[str, Any], place: str) -> list[Mapping[str, Any]]:
    """What the judge said of a draft: once, or twice."""
    return [state[name]["answer"] for name in (f"{place}_verdict", f"{place}_verdict_again") if name in state]


def _mean_scores(attempts: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    told = [{each["criterion"]: each["score"] for each in attempt["scores"]} for attempt in attempts]
    return told[0] if len(told) == 1 else {name: fmean(scores[name] for scores in told) for name in told[0]}


def failure_in(state: Mapping[str, Any]) -> dict[str, str]:
    """Why a pair could not be written: which request, and the error's name with its message, redacted."""
    item, error = state["pair"], state["error"]
    cause = redact(message_in(error.get("Cause") or ""))[:_MOST_CAUSE_CHARACTERS]
    return {"tenant": item["tenant"], "recording": item["recording"], "error": error["Error"], "cause": cause}
