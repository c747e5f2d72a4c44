"""The metrics that an agent declares: by name if the platform knows their range, or with a range of their own.

A slow metric says after how many days it is known of a customer: {"name": "JobBooked", "range": [0, 1],
"matures_after_days": 30}. Its values count from then on and no earlier, because a job that is booked shows at once and
one that isn't shows at the end: who counts early would be those for whom it went well.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from agent_platform.patterns import lazy_pattern

# From the worst to the best value; only what has such a range can be tested.
RANGES: Mapping[str, tuple[float, float]] = {
    "ApprovalRate": (0.0, 1.0),
    "JudgeScore": (1.0, 5.0),
    "RetryRate": (1.0, 0.0),
}
_NAME = lazy_pattern(r"[A-Z][A-Za-z0-9]{0,59}")
_MOST_DAYS = 90


@dataclass(frozen=True)
class Metric:
    """A metric with the range of its values, from the worst to the best, and when they are known."""

    name: str
    range: tuple[float, float]
    matures_after_days: int = 0

    @classmethod
    def of(cls, declared: Any) -> Self:
        """The metric that a config or a plan declares; of one that has problems there is none."""
        if isinstance(declared, str):
            return cls(declared, RANGES[declared])
        worst, best = declared["range"]
        return cls(declared["name"], (float(worst), float(best)), declared.get("matures_after_days", 0))

    def part(self, value: float) -> float:
        """Where a value lies in the range: 0 is the worst and 1 the best; beyond it nothing gets better or worse."""
        worst, best = self.range
        return min(1.0, max(0.0, (value - worst) / (best - worst)))


def metric_problems(declared: Any) -> list[str]:
    """Everything that speaks against these metrics, each as what is wrong and what would be right."""
    if not isinstance(declared, list):
        return ["metrics must list metrics, by name or as {name, range, matures_after_days}"]
    names = [each.get("name") if isinstance(each, Mapping) else each for each in declared]
    twice = sorted({str(name) for name in names if names.count(name) > 1})
    problems = [problem for each in declared for problem in _problems(each)]
    return problems + [f"metrics has {name} twice" for name in twice]


def _problems(declared: Any) -> list[str]:
    if isinstance(declared, str):
        known = f"there are: {', '.join(RANGES)}; any other needs a name and a range"
        return [] if declared in RANGES else [f"metrics has an unknown metric: {declared} ({known})"]
    if not isinstance(declared, Mapping):
        return [f"metrics has {declared!r}, which is neither a name nor an object"]
    name = declared.get("name")
    unknown = sorted(set(declared) - {"name", "range", "matures_after_days"})
    problems = [f"metric {name} has an unknown {each}" for each in unknown]
    if not (isinstance(name, str) and _NAME.fullmatch(name)):
        problems.append("a metric's name must be like JobBooked, at most 60 letters and digits")
    elif name in RANGES:
        problems.append(f"metric {name} has a range already: declare it by its name")
    if not _is_range(declared.get("range")):
        problems.append(f"metric {name}: range must be the worst and the best value, two different numbers")
    days = declared.get("matures_after_days", 0)
    if not (type(days) is int and 0 <= days <= _MOST_DAYS):
        problems.append(f"metric {name}: matures_after_days must be a whole number from 0 to {_MOST_DAYS}")
    return problems


def _is_range(value: Any) -> bool:
    numbers = isinstance(value, list) and len(value) == 2 and all(type(each) in {int, float} for each in value)
    return numbers and value[0] != value[1]
