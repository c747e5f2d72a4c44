"""A dashboard's body read as questions."""

import json

import pytest

from operations.dashboards.lines import Query
from operations.dashboards.questions import sections


def test_widgets_are_read_as_they_stand_under_their_headings() -> None:
    def metric(title: str, y: int, x: int = 0) -> dict[str, object]:
        return {"type": "metric", "x": x, "y": y, "properties": {"title": title, "view": "table", "metrics": []}}

    def text(markdown: str, y: int) -> dict[str, object]:
        return {"type": "text", "x": 0, "y": y, "properties": {"markdown": markdown}}

    widgets = [metric("C?", 5), metric("B?", 2, 12), text("## Empty", 7), text("## Second", 4), text("# Title", 0),
               text("## First", 1), metric("A?", 2)]  # fmt: skip

    found = sections(json.dumps({"widgets": widgets}))

    assert [(each.heading, [one.title for one in each.questions]) for each in found] == [
        ("First", ["A?", "B?"]),
        ("Second", ["C?"]),
    ]


@pytest.mark.parametrize(("options", "period"), [({}, 3600), ({"period": 60}, 60)])
def test_a_metric_s_own_period_goes_before_its_widget_s(options: dict[str, int], period: int) -> None:
    metric = ["N", "M", "b", "2", "a", "1", {"stat": "Sum", "label": "L", "visible": False} | options]
    properties = {"title": "T?", "view": "timeSeries", "period": 3600, "metrics": [metric]}
    [section] = sections(json.dumps({"widgets": [{"type": "metric", "x": 0, "y": 0, "properties": properties}]}))

    [asked] = section.questions[0].asks

    assert asked.query == Query("N", "M", (("a", "1"), ("b", "2")), "Sum", period)
    assert not asked.visible
