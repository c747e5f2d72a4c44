"""A small model of how CloudWatch evaluates an alarm: its periods, statistics, metric math, missing data, and M of N.

It knows what the alarms of observability/alarms.yaml use, and refuses what it doesn't know. The rules are those of the
user guide, whose own examples tests/unit/test_cloudwatch.py repeats. An anomaly band is told by the test.
"""

import ast
import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

OK, ALARM, INSUFFICIENT = "OK", "ALARM", "INSUFFICIENT_DATA"
# How many periods more than it evaluates CloudWatch looks back for data; two in all examples of the user guide.
LOOKED_BACK = 2
_EXCEEDS: Mapping[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}
_ARITHMETIC: Mapping[type, Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.GtE: operator.ge,
    ast.Gt: operator.gt,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
}

type Point = float | None
type Series = list[Point]


@dataclass(frozen=True)
class Metric:
    """What a value is recorded under."""

    namespace: str
    name: str
    dimensions: frozenset[tuple[str, str]] = frozenset()

    @classmethod
    def of(cls, named: Mapping[str, Any]) -> "Metric":
        """The metric that an alarm's properties name."""
        dimensions = frozenset((each["Name"], str(each["Value"])) for each in named.get("Dimensions", []))
        return cls(named["Namespace"], named["MetricName"], dimensions)


@dataclass
class CloudWatch:
    """Values by metric and second, and the bands that it is told to have learned."""

    values: dict[Metric, list[tuple[float, float]]] = field(default_factory=dict)
    bands: dict[Metric, tuple[float, float]] = field(default_factory=dict)

    def put(self, metric: Metric, values: Iterable[float], *, at: float) -> None:
        """Record values of one moment."""
        self.values.setdefault(metric, []).extend((at, value) for value in values)

    def state(self, alarm: Mapping[str, Any], *, now: float, before: str = INSUFFICIENT) -> str:
        """The state of an alarm with these properties, which was in another one before."""
        points = self._points(alarm, now)
        breaching = [point if point is None else self._breaches(alarm, point) for point in points]
        needed = alarm["EvaluationPeriods"]
        return decided(breaching, needed, alarm.get("DatapointsToAlarm", needed), alarm["TreatMissingData"], before)

    def _points(self, alarm: Mapping[str, Any], now: float) -> Series:
        """The alarm's data, oldest first, as far back as CloudWatch looks."""
        periods = alarm["EvaluationPeriods"] + LOOKED_BACK
        if "Metrics" not in alarm:
            statistic = alarm.get("ExtendedStatistic") or alarm["Statistic"]
            return self._series(Metric.of(alarm), statistic, alarm["Period"], periods, now)
        known: dict[str, Series] = {}
        expressions = {each["Id"]: each["Expression"] for each in alarm["Metrics"] if "Expression" in each}
        for each in alarm["Metrics"]:
            if stat := each.get("MetricStat"):
                known[each["Id"]] = self._series(Metric.of(stat["Metric"]), stat["Stat"], stat["Period"], periods, now)
        [asked] = [each["Id"] for each in alarm["Metrics"]
                   if each["ReturnData"] and each["Id"] != alarm.get("ThresholdMetricId")]  # fmt: skip
        return computed(asked, expressions, known)

    def _series(self, metric: Metric, statistic: str, period: int, periods: int, now: float) -> Series:
        recorded = self.values.get(metric, [])
        begins = [now - period * (back + 1) for back in reversed(range(periods))]
        return [
            statistic_of([value for at, value in recorded if begin <= at < begin + period], statistic)
            for begin in begins
        ]

    def _breaches(self, alarm: Mapping[str, Any], point: float) -> bool:
        if "ThresholdMetricId" not in alarm:
            return _EXCEEDS[alarm["ComparisonOperator"]](point, alarm["Threshold"])
        [watched] = [Metric.of(each["MetricStat"]["Metric"]) for each in alarm["Metrics"] if "MetricStat" in each]
        low, high = self.bands[watched]
        sides = {"GreaterThanUpperThreshold": point > high,
                 "LessThanLowerOrGreaterThanUpperThreshold": not low <= point <= high}  # fmt: skip
        return sides[alarm["ComparisonOperator"]]


def statistic_of(values: Sequence[float], statistic: str) -> Point:
    """One period's statistic; None where nothing was recorded."""
    if not values:
        return None
    if percentile := re.fullmatch(r"p(\d+)", statistic):
        ordered, rank = sorted(values), int(percentile[1]) / 100 * (len(values) - 1)
        below = int(rank)
        above = ordered[min(below + 1, len(ordered) - 1)]
        return ordered[below] + (rank - below) * (above - ordered[below])
    known = {"Sum": sum(values), "Average": sum(values) / len(values), "Maximum": max(values),
             "Minimum": min(values), "SampleCount": len(values)}  # fmt: skip
    return float(known[statistic])


def computed(asked: str, expressions: Mapping[str, str], known: Mapping[str, Series]) -> Series:
    """The series of an expression, or of a metric by its id, in CloudWatch's metric math."""
    if asked in known:
        return known[asked]
    tree = ast.parse(expressions[asked], mode="eval").body
    length = len(next(iter(known.values())))
    return [_value(tree, lambda name, at=at: computed(name, expressions, known)[at]) for at in range(length)]


def _value(node: ast.expr, read: Callable[[str], Point]) -> Point:
    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.Name(id=name):
            return read(name)
        case ast.Call(func=ast.Name(id="FILL"), args=[filled, ast.Constant(value=filler)]):
            found = _value(filled, read)
            return float(filler) if found is None else found
        case ast.Call(func=ast.Name(id="IF"), args=[condition, met, otherwise]):
            asked = _value(condition, read)
            if asked is None:
                return None
            # Where it is met and there is nothing to give, CloudWatch gives 0.
            return (_value(met, read) or 0.0) if asked else _value(otherwise, read)
        case ast.BinOp(left=left, op=op, right=right) | ast.Compare(left=left, ops=[op], comparators=[right]):
            return _combined(_ARITHMETIC[type(op)], left, right, read)
    raise ValueError(f"not in this model: {ast.unparse(node)}")


def _combined(
    combine: Callable[[float, float], float], left: ast.expr, right: ast.expr, read: Callable[[str], Point]
) -> Point:
    """Both sides combined; what is missing counts as 0, unless every series in it is, or it would be divided by."""
    sides = [_value(each, read) for each in (left, right)]
    told = [side for each, side in zip((left, right), sides, strict=True) if not isinstance(each, ast.Constant)]
    if all(side is None for side in told):
        return None
    try:
        return float(combine(*(side or 0.0 for side in sides)))
    except ZeroDivisionError:
        return None


def decided(points: Sequence[bool | None], needed: int, to_alarm: int, missing: str, before: str) -> str:
    """The state that follows from whether each point breaches, oldest first, None where it is missing."""
    real = [point for point in points if point is not None]
    if len(real) >= needed:
        return ALARM if sum(real[-needed:]) >= to_alarm else OK
    filled = needed - len(real) if missing == "breaching" else 0
    if sum(real) + filled >= to_alarm:
        return ALARM
    if missing in ("breaching", "notBreaching") or not all(real):
        return OK
    if missing == "ignore":
        return before
    # All that there is breaches: it rings once that is as old as it would have to be.
    oldest = next((age for age, point in zip(range(len(points), 0, -1), points, strict=True) if point), 0)
    return ALARM if oldest >= to_alarm else INSUFFICIENT


def rings(rule: str, ringing: Iterable[str]) -> bool:
    """Whether a composite alarm with this rule rings while these alarms do, by the names that it has for them."""
    names = set(ringing)
    said = re.sub(r'ALARM\("([^"]+)"\)', lambda found: str(found[1] in names), rule)
    return bool(eval(re.sub(r"\b(AND|OR|NOT)\b", lambda found: found[0].lower(), said), {}))
