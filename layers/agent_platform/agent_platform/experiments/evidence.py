"""What a look sees: the mature outcomes of a rollout's customers, by arm and by the share that assigned them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from agent_platform.experiments.exposures import Exposed, RolloutArm
from agent_platform.experiments.plans import Plan
from agent_platform.moments import iso
from agent_platform.registry.alias import SHARES
from agent_platform.registry.metrics import Metric

# What every rollout is watched for, each as the part of the customers for whom all went well: who has a value of the
# outcome on the right, and whether nothing of it is well. A run without any outcome has failed.
GUARDS: Mapping[str, str | None] = {
    "RunsWithOutcome": None,
    "ClaimsNotContradicted": "ContradictedClaims",
    "NoComplaint": "Complaint",
    "StillSubscribed": "Unsubscribe",
}
ARMS: tuple[RolloutArm, RolloutArm] = ("baseline", "candidate")
COST, LATENCY = "CostMicros", "GenerationTime"


@dataclass(frozen=True)
class Cell:
    """The customers of one arm: how many, and the sum of their values, each from 0 (worst) to 1 (best)."""

    n: int = 0
    total: float = 0.0

    def with_value(self, value: float) -> "Cell":
        """This and one customer more."""
        return Cell(self.n + 1, self.total + value)

    def __add__(self, other: "Cell") -> "Cell":
        return Cell(self.n + other.n, self.total + other.total)

    @property
    def mean(self) -> float | None:
        """The customers' mean value; None without customers."""
        return self.total / self.n if self.n else None


type Stages = Mapping[int, Mapping[RolloutArm, Cell]]
type Amounts = Mapping[int, Mapping[RolloutArm, Sequence[float]]]


@dataclass(frozen=True)
class Evidence:
    """Cells by metric (or guard), share and arm; `exposed` counts customers, mature or not; costs and latencies too."""

    metrics: Mapping[str, Stages]
    exposed: Stages
    amounts: Mapping[str, Amounts]

    def cell(self, metric: str, arm: RolloutArm, *, share: int | None = None) -> Cell:
        """One arm's customers with a value of this metric: those of one share, or all."""
        stages = self.metrics.get(metric, {})
        return sum((arms[arm] for at, arms in stages.items() if share in {None, at}), Cell())

    def compared(self, metric: str | None = None) -> dict[int, Mapping[RolloutArm, Cell]]:
        """The stages in which both arms were possible; of all who were exposed if no metric is named."""
        return _of_both_arms(self.exposed if metric is None else self.metrics.get(metric, {}))

    def amounts_compared(self, amount: str) -> dict[int, Mapping[RolloutArm, Sequence[float]]]:
        """The costs, say, of the stages in which both arms were possible."""
        return _of_both_arms(self.amounts.get(amount, {}))


def gather(customers: Iterable[Exposed], plan: Plan, *, now: datetime) -> Evidence:
    """Count what is known by now; an outcome whose maturity window isn't over is as if it weren't there."""
    present, due = iso(now), iso(now - timedelta(seconds=plan.outcome_due))
    tested = [(metric, iso(now - timedelta(days=metric.matures_after_days))) for metric in plan.tested()]
    metrics: dict[str, dict[int, dict[RolloutArm, Cell]]] = defaultdict(dict)
    amounts: dict[str, dict[int, dict[RolloutArm, list[float]]]] = {COST: {}, LATENCY: {}}
    for customer in customers:
        mature = {name: each.value for name, each in customer.outcomes.items() if each.matured_at <= present}
        for name, value in (("exposed", 1.0), *_values(customer, mature, tested, due=due)):
            arms = metrics[name].setdefault(customer.share, {arm: Cell() for arm in ARMS})
            arms[customer.arm] = arms[customer.arm].with_value(value)
        for name in amounts.keys() & mature.keys():
            amounts[name].setdefault(customer.share, {arm: [] for arm in ARMS})[customer.arm].append(mature[name])
    return Evidence(metrics, metrics.pop("exposed", {}), amounts)


def _of_both_arms[Arms](stages: Mapping[int, Arms]) -> dict[int, Arms]:
    return {share: stages[share] for share in sorted(stages) if 0 < share < SHARES}


def _values(
    customer: Exposed, mature: Mapping[str, float], tested: Iterable[tuple[Metric, str]], *, due: str
) -> Iterator[tuple[str, float]]:
    """One customer's value of each metric and guard, from 0 to 1."""
    for metric, known in tested:
        if metric.name in mature and customer.at <= known:
            yield metric.name, metric.part(mature[metric.name])
    for guard, outcome in GUARDS.items():
        if outcome is None:
            # Not before one is due, also for those who have one: an arm that is slower would look worse.
            if customer.at <= due:
                yield guard, 1.0 if customer.outcomes else 0.0
        elif outcome in mature:
            yield guard, 0.0 if mature[outcome] > 0 else 1.0
