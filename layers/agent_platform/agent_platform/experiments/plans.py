"""What a rollout goes by: steps, margin, certainty and limits, all of it recorded before the first customer."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from agent_platform.errors import Refused
from agent_platform.registry.alias import SHARES
from agent_platform.registry.metrics import RANGES, Metric, metric_problems

# A look is 9 events in an execution's history, and 24 if all of its retries are needed; Step Functions ends at 25,000.
MOST_LOOKS = 1_000
MOST_STEPS = 20
_DAY = 86_400
# The execution that watches a rollout ends after a year, with the room that a pause takes.
_MOST_DAYS = 180


@dataclass(frozen=True)
class Plan:
    """A rollout's plan; shares are of 10,000, times in seconds, margin and expected in parts of a metric's range.

    `expected` is what the metrics usually are; a wrong one costs customers, never honesty. A run without any outcome
    after `outcome_due` counts as failed.
    """

    metrics: tuple[str, ...] = ("ApprovalRate",)
    # Those of the metrics whose range the platform doesn't know of itself.
    own_metrics: tuple[Metric, ...] = ()
    margin: float = 0.05
    alpha: float = 0.05
    expected: float = 0.9
    steps: tuple[int, ...] = (1_000, 5_000, 10_000)
    minimum_sample: int = 100
    minimum_time: int = 6 * 3_600
    look_every: int = 3_600
    horizon: int = 14 * _DAY
    outcome_due: int = 3_600
    # Limits, not tests: the candidate's mean cost and 95th percentile of latency as multiples of the baseline's.
    most_cost_ratio: float = 1.5
    most_latency_ratio: float = 1.5
    # The alarm's: a percentage of approvals below which it rings, and a number of failed calls in five minutes.
    alarm_approval: int = 50
    alarm_errors: int = 10

    @classmethod
    def of(cls, wanted: Mapping[str, Any], *, declared: list[Any]) -> Self:
        """The plan with what is wanted of it, tested on the metrics that the agent declares.

        Raises Refused that lists every problem.
        """
        known = {each.name for each in fields(cls)} - {"metrics", "own_metrics"}
        problems = [f"a plan has no {name}" for name in sorted(set(wanted) - known)]
        problems += metric_problems(declared)
        if not declared:
            problems.append(f"the agent declares no metric to test (there are: {', '.join(RANGES)}, or one of its own)")
        problems += [f"{name} must be {what}" for name, what in _mistyped(wanted)]
        if problems:
            raise Refused(problems)
        steps = {"steps": tuple(wanted["steps"])} if "steps" in wanted else {}
        tested = [Metric.of(each) for each in declared]
        names = tuple(metric.name for metric in tested)
        own = tuple(metric for metric in tested if metric.name not in RANGES)
        made = cls(**{**wanted, **steps, "metrics": names, "own_metrics": own})
        if problems := made.problems():
            raise Refused(problems)
        return made

    @classmethod
    def recorded(cls, document: Mapping[str, Any]) -> Self:
        """The plan as it was recorded."""
        own = tuple(Metric.of(each) for each in document.get("own_metrics", ()))
        lists = {name: tuple(document[name]) for name in ("metrics", "steps")}
        return cls(**{**document, **lists, "own_metrics": own})

    def document(self) -> dict[str, Any]:
        """The plan as it is recorded."""
        own = [{**asdict(metric), "range": list(metric.range)} for metric in self.own_metrics]
        whole = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}
        return whole | {"own_metrics": own}

    def tested(self) -> list[Metric]:
        """Its metrics with their ranges, in the order in which they are declared."""
        own = {metric.name: metric for metric in self.own_metrics}
        return [own.get(name) or Metric.of(name) for name in self.metrics]

    def problems(self) -> list[str]:
        """Everything that speaks against this plan."""
        times = ("minimum_time", "look_every", "horizon", "outcome_due")
        parts, ratios = (self.margin, self.alpha, self.expected), (self.most_cost_ratio, self.most_latency_ratio)
        rising = [*sorted({0, *self.steps} - {SHARES}), SHARES] == [0, *self.steps]
        rules = {
            "margin, alpha and expected must be between 0 and 1": all(0 < part < 1 for part in parts),
            f"steps must rise from at least 1 to {SHARES} (100 %)": rising,
            f"there must be 2 to {MOST_STEPS} steps: without one below 100 % nothing is compared": (
                2 <= len(self.steps) <= MOST_STEPS
            ),
            "minimum_sample must be at least 1": self.minimum_sample >= 1,
            f"{', '.join(times)} must be at least 1 second": all(getattr(self, name) >= 1 for name in times),
            "look_every must be at most horizon": self.look_every <= self.horizon,
            f"horizon must be at most {MOST_LOOKS} times look_every": self.horizon <= MOST_LOOKS * self.look_every,
            f"horizon must be at most {_MOST_DAYS} days": self.horizon <= _MOST_DAYS * _DAY,
            "horizon must be longer than the slowest metric takes to mature": all(
                metric.matures_after_days * _DAY < self.horizon for metric in self.own_metrics
            ),
            "horizon must leave each step its minimum_time": self.horizon > len(self.steps) * self.minimum_time,
            "most_cost_ratio and most_latency_ratio must be above 1": min(ratios) > 1,
            "alarm_approval must be from 0 to 100": 0 <= self.alarm_approval <= 100,
            "alarm_errors must be at least 1": self.alarm_errors >= 1,
        }
        return [problem for problem, holds in rules.items() if not holds]


def _mistyped(wanted: Mapping[str, Any]) -> list[tuple[str, str]]:
    wrong = []
    for each in fields(Plan):
        value = wanted.get(each.name, each.default)
        if each.name == "steps":
            whole = isinstance(value, list | tuple) and all(type(share) is int for share in value)
            wrong += [] if whole else [("steps", "a list of whole numbers")]
        elif isinstance(each.default, int) and type(value) is not int:
            wrong.append((each.name, "a whole number"))
        elif isinstance(each.default, float) and type(value) not in {int, float}:
            wrong.append((each.name, "a number"))
    return wrong
