"""Metric math as CloudWatch computes it: with 0 for what only one side lacks, and never divided by it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from operations.dashboards.expressions import UnknownMathError, evaluate, names, searches
from operations.dashboards.lines import Line, Search
from tests.cloudwatch import computed as alarms_math

TIMES = [datetime(2026, 11, 21, tzinfo=UTC) + timedelta(hours=hour) for hour in range(4)]
COST = """SEARCH('{ReferralSystem,workflow,agent} MetricName="Cost" workflow="outreach"', 'Sum', 3600)"""
BY_AGENT = Search("ReferralSystem", ("workflow", "agent"), "Cost", (("workflow", "outreach"),), "Sum", 3600)


def line(values: Mapping[int, float], whole: float | None = None, **dimensions: str) -> Line:
    return Line({TIMES[hour]: value for hour, value in values.items()}, whole, dimensions)


MESSAGES = line({0: 2, 1: 4, 3: 0}, 6)
FOUND = {BY_AGENT: [line({0: 6, 1: 2, 2: 9}, 17, agent="writer"), line({1: 8}, 8, agent="judge")]}


def computed(expression: str, **named: Line) -> list[Line]:
    return evaluate(expression, named, FOUND, TIMES)


def test_a_search_divided_by_a_metric_is_a_line_for_each_that_was_found() -> None:
    assert computed(f"{COST} / messages", messages=MESSAGES) == [
        line({0: 3, 1: 0.5}, 17 / 6, agent="writer"),
        line({0: 0, 1: 2}, 8 / 6, agent="judge"),
    ]


def test_where_there_is_nothing_to_divide_by_there_is_no_point() -> None:
    assert computed("messages / none", messages=MESSAGES, none=line({0: 0, 1: 2}, 0)) == [line({1: 2}, None)]


def test_the_whole_is_computed_of_the_wholes_and_not_of_the_points() -> None:
    [share] = computed("100 * cached / (cached + read)", cached=line({0: 1}, 30), read=line({0: 1}, 10))

    assert share == line({0: 50}, 75)


def test_what_only_one_side_has_is_computed_with_0_for_the_other() -> None:
    [share] = computed("100 * cached / (cached + read)", cached=line({0: 1}, 1), read=line({0: 3, 1: 5}, 8))

    assert share == line({0: 25, 1: 0}, 100 / 9)
    assert computed("messages - other", messages=MESSAGES, other=Line()) == [MESSAGES]


def test_metrics_without_data_make_no_data() -> None:
    assert computed("messages - other + 1", messages=Line(), other=Line()) == [Line()]


@pytest.mark.parametrize("expression", ["a + b", "a - b", "a * b", "100 * a / b", "100 * a / (a + b)", "b - 2 * a"])
def test_the_report_computes_what_the_alarms_model_does(expression: str) -> None:
    known: dict[str, list[float | None]] = {"a": [1, None, 0, None], "b": [30, 4, None, None]}
    lines = {
        name: line({hour: value for hour, value in enumerate(values) if value is not None})
        for name, values in known.items()
    }

    [found] = computed(expression, **lines)
    assert [found.points.get(moment) for moment in TIMES] == alarms_math("asked", {"asked": expression}, known)


def test_a_running_sum_adds_up_what_was_filled() -> None:
    expression = "RUNNING_SUM(FILL(started, 0) - FILL(ended, 0))"

    assert computed(expression, started=line({0: 3, 2: 1}, 4), ended=line({1: 2}, 2)) == [
        line({0: 3, 1: 1, 2: 2, 3: 2}, 2)
    ]


def test_an_expression_says_what_it_searches_for_and_computes_with() -> None:
    assert list(searches(f"{COST} / messages")) == [BY_AGENT]
    assert names(f"{COST} / messages") == {"messages"}
    assert names(COST) == set()


def test_a_search_finds_what_has_its_dimensions_and_no_others() -> None:
    assert BY_AGENT.finds({"workflow": "outreach", "agent": "writer"})
    assert not BY_AGENT.finds({"workflow": "support", "agent": "writer"})
    assert not BY_AGENT.finds({"workflow": "outreach"})
    assert not BY_AGENT.finds({"workflow": "outreach", "agent": "writer", "version": "1"})


@pytest.mark.parametrize(
    "expression",
    ["a ** 2", "IF(a > 1, a)", "FILL(a, LINEAR)", "a[0]", "SEARCH('{broken', 'Sum', 1)", "a +",
     "ANOMALY_DETECTION_BAND(a)", f"{COST} / {COST}"],
)  # fmt: skip
def test_math_that_is_not_computed_here_is_no_silent_figure(expression: str) -> None:
    with pytest.raises(UnknownMathError):
        computed(expression, a=MESSAGES)
