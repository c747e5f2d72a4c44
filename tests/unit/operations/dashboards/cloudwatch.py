# ruff: noqa: N803 - CloudWatch's own names
"""A CloudWatch that answers ListMetrics and GetMetricData of what was put into it, as AWS or as an emulator does."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import mean
from typing import Any

type Key = tuple[str, str, frozenset[tuple[str, str]]]

STATISTICS: dict[str, Callable[[list[float]], float]] = {
    "Sum": sum,
    "Average": mean,
    "Maximum": max,
    "SampleCount": len,
}


@dataclass
class FakeCloudWatch:
    """Metrics in memory; periods are counted from the start of a request as on AWS, or from 1970."""

    from_1970: bool = False
    calls: int = 0
    _values: dict[Key, list[tuple[datetime, float]]] = field(default_factory=lambda: defaultdict(list))

    def put(self, namespace: str, name: str, value: float, at: datetime, **dimensions: str) -> None:
        self._values[namespace, name, frozenset(dimensions.items())].append((at, value))

    def get_paginator(self, operation: str) -> Any:
        pages = {"list_metrics": self._metrics, "get_metric_data": self._data}[operation]
        return type("Paginator", (), {"paginate": staticmethod(pages)})

    def _metrics(self, *, Namespace: str, MetricName: str, Dimensions: list[dict[str, str]]) -> Iterator[Any]:
        wanted = {(each["Name"], each["Value"]) for each in Dimensions}
        for namespace, name, dimensions in self._values:
            if (namespace, name) == (Namespace, MetricName) and wanted <= dimensions:
                yield {"Metrics": [{"Dimensions": [{"Name": key, "Value": value} for key, value in dimensions]}]}

    def _data(self, *, MetricDataQueries: list[Any], StartTime: datetime, EndTime: datetime) -> Iterator[Any]:
        self.calls += 1
        assert len(MetricDataQueries) <= 500
        for query in MetricDataQueries:
            values = self._periods(query["MetricStat"], StartTime, EndTime)
            # The newest first, as AWS gives them.
            moments = sorted(values, reverse=True)
            answer = {"Id": query["Id"], "Timestamps": moments, "Values": [values[moment] for moment in moments]}
            yield {"MetricDataResults": [answer]}

    def _periods(self, of: dict[str, Any], start: datetime, end: datetime) -> dict[datetime, float]:
        metric, period = of["Metric"], of["Period"]
        dimensions = frozenset((each["Name"], each["Value"]) for each in metric["Dimensions"])
        first = 0.0 if self.from_1970 else start.timestamp()
        parts: dict[float, list[float]] = defaultdict(list)
        for at, value in self._values.get((metric["Namespace"], metric["MetricName"], dimensions), []):
            if start <= at < end:
                parts[first + (at.timestamp() - first) // period * period].append(value)
        return {datetime.fromtimestamp(at, UTC): _statistic(of["Stat"], values) for at, values in parts.items()}


def _statistic(stat: str, values: list[float]) -> float:
    if trimmed := re.fullmatch(r"TC\(([\d.]*):([\d.]*)\)", stat):
        low, high = float(trimmed[1] or "-inf"), float(trimmed[2] or "inf")
        return sum(low < value <= high for value in values)
    if stat.startswith("p"):
        return sorted(values)[min(len(values) - 1, int(len(values) * float(stat[1:]) / 100))]
    return STATISTICS[stat](values)
