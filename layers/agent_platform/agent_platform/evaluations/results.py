"""The result of an evaluation: whole, as it is kept and drawn, and in short, as it stands with the candidate."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypedDict

from agent_platform.evaluations.comparison import compared, sentence
from agent_platform.evaluations.pairs import Pair
from agent_platform.evaluations.plans import Plan
from agent_platform.moments import iso


class Summary(TypedDict):
    """What stands in the performance of a candidate's version, under the evaluation's name."""

    at: str
    baseline: int
    judge: str
    requests: int
    difference: float
    interval: list[float]
    verdict: str
    sentence: str
    result: str


def concluded(
    plan: Plan, pairs: Sequence[Pair], failures: Sequence[Mapping[str, str]], *, now: datetime
) -> dict[str, Any]:
    """The whole result: what was compared, how, and what came out; raises what `compared` raises.

    Approval is the first draft's: an evaluation asks how well a version writes, and a production run's rewrites would
    hide exactly that, at several times the price.
    """
    agents = plan["agents"]
    measured = compared(pairs, failures, requests=plan["requests"], margin=plan["margin"])
    versions = {arm: agents[arm]["version"] for arm in ("candidate", "baseline")}
    return {
        "evaluation": plan["evaluation"],
        "agent_id": plan["agent_id"],
        **versions,
        "judge": f"{agents['judge']['agent_id']} v{agents['judge']['version']}",
        "at": iso(now),
        "seed": plan["seed"],
        "attempts": 1,
        "sentence": sentence(measured["approval"], **versions),
        **measured,
    }


def summary_of(result: Mapping[str, Any], *, key: str) -> Summary:
    """The result in short; `key` is where the whole one is."""
    approval = result["approval"]
    return {
        "at": result["at"],
        "baseline": result["baseline"],
        "judge": result["judge"],
        "requests": approval["n"],
        "difference": approval["difference"],
        "interval": list(approval["interval"]),
        "verdict": approval["verdict"],
        "sentence": result["sentence"],
        "result": key,
    }
