"""The answers to a dashboard's questions: its metrics, asked of CloudWatch for one span of time."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import batched
from typing import Any

from operations.agents.parsing import called
from operations.dashboards.expressions import evaluate, names
from operations.dashboards.lines import Line, Query, Search
from operations.dashboards.questions import Asked, Question, Section
from operations.dashboards.spans import Span

# What one call of GetMetricData takes is 500; each metric is asked for twice.
_METRICS_A_CALL = 250
_PROPERTY = re.compile(r"\$\{PROP\('Dim\.(\w+)'\)\}")


@dataclass(frozen=True)
class Answer:
    """One line of an answer with its label, its statistic ("" if computed) and whether the right axis is its own."""

    label: str
    stat: str
    on_the_right: bool
    line: Line


@dataclass(frozen=True)
class Answered:
    """A question with the lines that have data."""

    question: Question
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class AnsweredSection:
    """Answered questions under one heading."""

    heading: str
    questions: tuple[Answered, ...]


@dataclass(frozen=True)
class _Data:
    """What was read for all questions together."""

    lines: Mapping[Query, Line]
    found: Mapping[Search, Sequence[Line]]
    span: Span


def answered(asked: Sequence[Section], cloudwatch: Any, span: Span) -> list[AnsweredSection]:
    """Every question with its answers; a search doesn't find what had no data for two weeks."""
    asks = [each for section in asked for question in section.questions for each in question.asks]
    # In an order of their own, so that a line has its color again tomorrow.
    found = {search: sorted(set(_found(search, cloudwatch)), key=repr) for each in asks for search in each.searches}
    queries = {each.query for each in asks if each.query} | {query for every in found.values() for query in every}
    lines = _read(sorted(queries, key=repr), cloudwatch, span)
    by_search = {search: [lines[query] for query in queries] for search, queries in found.items()}
    data = _Data(lines, by_search, span)
    return [
        AnsweredSection(
            section.heading,
            tuple(Answered(question, tuple(_answers(question, data))) for question in section.questions),
        )
        for section in asked
    ]


def _found(search: Search, cloudwatch: Any) -> Iterator[Query]:
    pages = cloudwatch.get_paginator("list_metrics").paginate(
        Namespace=search.namespace,
        MetricName=search.name,
        Dimensions=[{"Name": name, "Value": value} for name, value in search.given],
    )
    for metric in (metric for page in pages for metric in page["Metrics"]):
        dimensions = {each["Name"]: each["Value"] for each in metric["Dimensions"]}
        if search.finds(dimensions):
            pairs = tuple(sorted(dimensions.items()))
            yield Query(search.namespace, search.name, pairs, search.stat, search.period)


def _read(queries: Sequence[Query], cloudwatch: Any, span: Span) -> dict[Query, Line]:
    """Each metric by its periods, and once more for the span as a whole."""
    lines = {}
    for some in batched(queries, _METRICS_A_CALL, strict=False):
        asked = [
            {"Id": f"{what}{place}", "MetricStat": _statistic(query, period)}
            for place, query in enumerate(some)
            for what, period in (("parts", max(query.period, span.period)), ("whole", span.one_period))
        ]
        values = _values(cloudwatch, asked, span)
        for place, query in enumerate(some):
            whole = values[f"whole{place}"]
            lines[query] = Line(values[f"parts{place}"], next(iter(whole.values()), None), dict(query.dimensions))
    return lines


def _statistic(query: Query, period: int) -> dict[str, Any]:
    dimensions = [{"Name": name, "Value": value} for name, value in query.dimensions]
    metric = {"Namespace": query.namespace, "MetricName": query.name, "Dimensions": dimensions}
    return {"Metric": metric, "Period": period, "Stat": query.stat}


def _values(cloudwatch: Any, asked: Sequence[Mapping[str, Any]], span: Span) -> dict[str, dict[datetime, float]]:
    values: dict[str, dict[datetime, float]] = {each["Id"]: {} for each in asked}
    pages = cloudwatch.get_paginator("get_metric_data").paginate(
        MetricDataQueries=asked, StartTime=span.start, EndTime=span.end
    )
    for result in (result for page in pages for result in page["MetricDataResults"]):
        moments = (moment.astimezone(UTC) for moment in result["Timestamps"])
        values[result["Id"]] |= zip(moments, result["Values"], strict=True)
    return {name: dict(sorted(points.items())) for name, points in values.items()}


def _answers(question: Question, data: _Data) -> Iterator[Answer]:
    named = {each.id: data.lines[each.query] for each in question.asks if each.query and each.id}
    for each in question.asks:
        if not each.visible:
            continue
        # What is computed of several metrics is none of their statistics.
        found_alone = each.searches[:1] if not names(each.expression or "0") else ()
        stat = each.query.stat if each.query else next((search.stat for search in found_alone), "")
        for line in _lines_of(each, named, data):
            if line.points:
                yield Answer(_label(each.label, line.dimensions), stat, each.on_the_right, line)


def _lines_of(each: Asked, named: Mapping[str, Line], data: _Data) -> Iterable[Line]:
    if each.query:
        return [data.lines[each.query]]
    return evaluate(each.expression, named, data.found, data.span.times())


def _label(label: str, dimensions: Mapping[str, str]) -> str:
    """A label with the dimensions that it names, agents as people call them."""
    return _PROPERTY.sub(lambda named: called(dimensions.get(named[1], "")), label)
