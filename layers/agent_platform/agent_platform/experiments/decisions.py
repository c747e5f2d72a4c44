"""What a rollout does after a look: advance, hold, or end; nothing here reads or writes anything.

All tests are always valid, so that looking often costs nothing. Of the certainty alpha, each side of the declared
metrics' intervals has a half. Advancing needs all of them; taking a candidate back needs one, so they share their half
by Bonferroni's correction, and the guards share what is left of alpha, because they can only take back: no harm to a
guard is small enough to be accepted, so the margin is not theirs, and one that is undecided never stands in the way.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from measurement.proportions import sample_ratio_at_any_look
from measurement.sequential import Arm, Stage, confidence_sequence
from measurement.sequential import decide as verdict_on

from agent_platform.experiments.evidence import ARMS, GUARDS, Cell, Evidence
from agent_platform.experiments.limits import beyond_limits, measured
from agent_platform.experiments.plans import MOST_LOOKS, Plan
from agent_platform.registry.alias import SHARES
from agent_platform.registry.open_rollouts import Outcome

# What a guard usually is. And below this probability customers were not split as they should have been, which is no
# matter of the candidate's merit but of a defect: so rare a chance that it needs no place in the plan.
_EXPECTED_OF_GUARDS = 0.98
_SPLIT_BY_CHANCE = 0.001
# DynamoDB refuses positive numbers below 1e-130, and a split that is far off is less probable than that.
_LEAST_LOGGED = 1e-99


@dataclass(frozen=True)
class Standing:
    """Where a rollout stands when it is looked at, for the `look`th time."""

    look: int
    share: int
    paused: bool
    opened_at: datetime
    paused_for: timedelta
    step_since: datetime
    now: datetime


@dataclass(frozen=True)
class Comparison:
    """A metric of both arms, with the interval of their difference (candidate less baseline), always valid."""

    metric: str
    guard: bool
    baseline: Cell
    candidate: Cell
    low: float
    high: float
    verdict: Literal["promote", "roll_back", "hold"]


@dataclass(frozen=True)
class Decision:
    """What to do, and why; `share` is the next step's, `outcome` what the rollout ends with."""

    action: Literal["hold", "advance", "end"]
    reason: str
    share: int | None = None
    outcome: Outcome | None = None


def compare(evidence: Evidence, plan: Plan) -> list[Comparison]:
    """Every declared metric and every guard that has values, tested at its part of alpha."""
    tested = [(metric, False, plan.expected, plan.alpha / len(plan.metrics)) for metric in plan.metrics]
    guards = [(guard, True, _EXPECTED_OF_GUARDS, plan.alpha / len(GUARDS)) for guard in GUARDS]
    made = []
    for metric, guard, expected, alpha in (*tested, *guards):
        stages = evidence.compared(metric)
        if guard and not stages:
            continue
        found = confidence_sequence(
            [Stage(share / SHARES, _arm(arms["baseline"]), _arm(arms["candidate"])) for share, arms in stages.items()],
            expected=expected,
            alpha=alpha,
        )
        baseline, candidate = (sum((arms[arm] for arms in stages.values()), Cell()) for arm in ARMS)
        verdict = verdict_on(found, 0.0 if guard else plan.margin)
        made.append(Comparison(metric, guard, baseline, candidate, found.low, found.high, verdict))
    return made


def decide(plan: Plan, standing: Standing, evidence: Evidence, comparisons: list[Comparison]) -> Decision:
    """What the rollout does now; of several reasons the one that matters most comes first.

    A pause holds the rollout at its share and puts the horizon off by as long as it lasts, but protects no candidate
    that harms; and its looks are looks of the execution, which can't hold more of them.
    """
    if taken_back := _taken_back(plan, evidence, comparisons):
        return taken_back
    if standing.look >= MOST_LOOKS:
        return Decision("end", f"no decision after {MOST_LOOKS} looks, pauses included", outcome="inconclusive")
    if standing.paused:
        return Decision("hold", "paused")
    waits = _waits(plan, standing, evidence, comparisons)
    if not waits:
        return _onwards(plan, standing)
    if standing.now >= standing.opened_at + timedelta(seconds=plan.horizon) + standing.paused_for:
        return Decision("end", f"no decision at the horizon: {'; '.join(waits)}", outcome="inconclusive")
    return Decision("hold", "; ".join(waits))


def _taken_back(plan: Plan, evidence: Evidence, comparisons: list[Comparison]) -> Decision | None:
    if split := _split(evidence):
        return Decision("end", split, outcome="stopped")
    if harm := [*_harms(comparisons, plan), *beyond_limits(plan, evidence)]:
        return Decision("end", "; ".join(harm), outcome="rolled_back")
    return None


def figures(evidence: Evidence) -> dict[str, Any]:
    """What limits and split are read from, as the log keeps it."""
    return {
        "customers": {arm: sum(cells[arm].n for cells in evidence.exposed.values()) for arm in ARMS},
        **measured(evidence),
        "split": {str(share): max(probability, _LEAST_LOGGED) for share, probability in _splits(evidence).items()},
    }


def _onwards(plan: Plan, standing: Standing) -> Decision:
    shown = f"{' and '.join(plan.metrics)} shown to be not worse by {plan.margin:.1%} or more"
    further = [share for share in plan.steps if share > standing.share]
    if further:
        return Decision("advance", shown, share=further[0])
    return Decision("end", shown, outcome="promoted")


def _waits(plan: Plan, standing: Standing, evidence: Evidence, comparisons: list[Comparison]) -> list[str]:
    """What an advance still waits for."""
    waits = []
    if standing.now < standing.step_since + timedelta(seconds=plan.minimum_time):
        waits.append("the step's minimum time is not over")
    possible = ARMS if standing.share < SHARES else ARMS[1:]
    fewest = min(evidence.cell(plan.metrics[0], arm, share=standing.share).n for arm in possible)
    if fewest < plan.minimum_sample:
        waits.append(f"{fewest} of at least {plan.minimum_sample} customers of an arm in this step")
    open_ = [each.metric for each in comparisons if not each.guard and each.verdict != "promote"]
    if open_:
        waits.append(f"{', '.join(open_)} may still be worse by {plan.margin:.1%} or more")
    return waits


def _harms(comparisons: list[Comparison], plan: Plan) -> list[str]:
    return [
        f"{each.metric} is worse, by {-each.high:.1%} to {-each.low:.1%} at α = {plan.alpha:g}"
        for each in comparisons
        if each.verdict == "roll_back"
    ]


def _split(evidence: Evidence) -> str | None:
    """The step whose customers were not split by its share, in words; the steps share the probability."""
    splits = _splits(evidence)
    for share, probability in splits.items():
        if probability < _SPLIT_BY_CHANCE / len(splits):
            cells = evidence.exposed[share]
            given = f"{cells['candidate'].n} of {cells['candidate'].n + cells['baseline'].n} customers"
            return f"sample-ratio mismatch: the candidate was given {given} at a share of {share / SHARES:.0%}"
    return None


def _splits(evidence: Evidence) -> dict[int, float]:
    return {
        share: sample_ratio_at_any_look(cells["candidate"].n, cells["baseline"].n, share / SHARES)
        for share, cells in evidence.compared().items()
    }


def _arm(cell: Cell) -> Arm:
    return Arm(cell.n, min(cell.total, float(cell.n)))
