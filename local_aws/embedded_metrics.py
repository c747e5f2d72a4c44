"""Embedded Metric Format: the metrics that CloudWatch would read out of one log line."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Datum:
    """One value of one metric under one set of dimensions."""

    namespace: str
    name: str
    value: float
    unit: str
    dimensions: dict[str, str]


def data_in(line: str) -> list[Datum]:
    """The data of a log line; none if it isn't an EMF document (CloudWatch too ignores those without a word)."""
    # Most lines are not EMF: don't parse them.
    if '"_aws"' not in line:
        return []
    try:
        return list(_data(json.loads(line)))
    except (ValueError, TypeError, KeyError, AttributeError):
        return []


def _data(document: dict[str, Any]) -> Iterator[Datum]:
    for directive in document["_aws"]["CloudWatchMetrics"]:
        for names in directive.get("Dimensions") or [[]]:
            dimensions = {name: str(document[name]) for name in names}
            for metric in directive["Metrics"]:
                for value in _values(document.get(metric["Name"])):
                    yield Datum(directive["Namespace"], metric["Name"], value, metric.get("Unit", "None"), dimensions)


def _values(found: Any) -> list[float]:
    values = found if isinstance(found, list) else [found]
    return [float(value) for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
