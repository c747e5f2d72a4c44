"""The limits of a rollout: how much dearer and slower than the baseline a candidate may be.

They are compared share by share and only where both arms were possible, because whatever changes with time, such as a
price or the length of what is written about, would otherwise be the candidate's harm as soon as the share rises.
"""

from collections.abc import Callable, Iterator, Sequence
from statistics import fmean, quantiles

from agent_platform.experiments.evidence import ARMS, COST, LATENCY, Evidence
from agent_platform.experiments.plans import Plan

type Measure = Callable[[Sequence[float]], float | None]


def mean(values: Sequence[float]) -> float | None:
    """The mean; None without any values."""
    return fmean(values) if values else None


def percentile_95(values: Sequence[float]) -> float | None:
    """The 95th percentile; None below 20 values, which don't have one."""
    return quantiles(values, n=20)[-1] if len(values) >= 20 else None


def beyond_limits(plan: Plan, evidence: Evidence) -> list[str]:
    """The limits that are passed at a share where both arms have the minimum sample of the amount, in words."""
    limits: dict[str, tuple[str, Measure, float]] = {
        "mean cost": (COST, mean, plan.most_cost_ratio),
        "95th percentile of latency": (LATENCY, percentile_95, plan.most_latency_ratio),
    }
    beyond = []
    for name, (amount, measure, most) in limits.items():
        ratio = max(_ratios(evidence, amount, measure, least=plan.minimum_sample), default=0.0)
        if ratio > most:
            beyond.append(f"{name} is {ratio:.1f} times the baseline's, at most {most:.1f} is allowed")
    return beyond


def measured(evidence: Evidence) -> dict[str, dict[str, dict[str, float | None]]]:
    """What the limits are read from, by share and arm, as the log keeps it."""
    return {
        "meanCostMicros": _by_share(evidence, COST, mean),
        "p95LatencyMs": _by_share(evidence, LATENCY, percentile_95),
    }


def _ratios(evidence: Evidence, amount: str, measure: Measure, *, least: int) -> Iterator[float]:
    for arms in evidence.amounts_compared(amount).values():
        baseline, candidate = (measure(arms[arm]) if len(arms[arm]) >= least else None for arm in ARMS)
        if baseline and candidate:
            yield candidate / baseline


def _by_share(evidence: Evidence, amount: str, measure: Measure) -> dict[str, dict[str, float | None]]:
    stages = evidence.amounts_compared(amount)
    return {str(share): {arm: measure(arms[arm]) for arm in ARMS} for share, arms in stages.items()}
