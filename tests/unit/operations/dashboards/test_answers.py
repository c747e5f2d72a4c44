"""A dashboard's answers, asked of a CloudWatch that counts its periods as AWS does or as an emulator does."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from operations.dashboards.answers import Answered, answered
from operations.dashboards.questions import sections
from operations.dashboards.spans import Span, length
from tests.unit.operations.dashboards.bodies import deployed
from tests.unit.operations.dashboards.cloudwatch import FakeCloudWatch

NOW = datetime(2026, 11, 21, 19, 17, tzinfo=UTC)
SPAN = Span.lasting(length("24h"), now=NOW)
WRITER = "platform#outreach-writer"


@pytest.fixture(params=[False, True], ids=["periods from the start", "periods from 1970"])
def cloudwatch(request: pytest.FixtureRequest) -> FakeCloudWatch:
    return FakeCloudWatch(from_1970=request.param)


def ago(**lasting: float) -> datetime:
    return NOW - timedelta(**lasting)


def question(cloudwatch: FakeCloudWatch, title: str, body: str | None = None) -> Answered:
    found = answered(sections(body or deployed()), cloudwatch, SPAN)
    return next(each for section in found for each in section.questions if each.question.title == title)


def body(*metrics: list[Any]) -> str:
    properties = {"title": "How many?", "view": "timeSeries", "metrics": list(metrics)}
    return json.dumps({"widgets": [{"type": "metric", "x": 0, "y": 0, "properties": properties}]})


def test_a_metric_is_answered_by_its_periods_and_as_a_whole(cloudwatch: FakeCloudWatch) -> None:
    for hours, approved in ((2.1, 100), (2.2, 100), (5.5, 0)):
        cloudwatch.put("ReferralSystem", "ApprovalRate", approved, ago(hours=hours), workflow="outreach")
    cloudwatch.put("ReferralSystem", "ApprovalRate", 0, ago(hours=30), workflow="outreach")

    [approval] = question(cloudwatch, "How many messages are approved?").answers

    assert approval.line.whole == pytest.approx(200 / 3)
    assert list(approval.line.points.values()) == [0, 100]
    assert set(approval.line.points) <= set(SPAN.times())


def test_a_percentile_of_the_whole_is_none_of_its_periods(cloudwatch: FakeCloudWatch) -> None:
    for number in range(20):
        cloudwatch.put("ReferralSystem", "EndToEndTime", 100 * number, ago(hours=1.01 * number), workflow="outreach")

    _, p95, _ = question(cloudwatch, "How long from the event to the stored message?").answers

    assert (p95.stat, p95.line.whole) == ("p95", 1900)


def test_what_is_searched_for_is_found_by_its_dimensions_and_called_by_them(cloudwatch: FakeCloudWatch) -> None:
    for reason in ("no_consent", "over_budget"):
        cloudwatch.put("ReferralSystem", "Skips", 1, ago(hours=1), workflow="outreach", reason=reason)
        cloudwatch.put("ReferralSystem", "Skips", 1, ago(hours=1), workflow="outreach")
    cloudwatch.put("ReferralSystem", "Skips", 7, ago(hours=1), workflow="support", reason="no_consent")

    answers = question(cloudwatch, "Why was nothing written?").answers

    assert {each.label: each.line.whole for each in answers} == {"no_consent": 1, "over_budget": 1}
    assert {each.stat for each in answers} == {"Sum"}


def test_a_function_is_called_as_in_every_question(cloudwatch: FakeCloudWatch) -> None:
    function = "OutreachStoreFunction"
    cloudwatch.put("ReferralSystem", "ColdStarts", 1, ago(hours=1), workflow="outreach", function=function)

    [starts] = question(cloudwatch, "Where does a process start cold?").answers

    assert starts.label == "Store"


def test_what_a_message_costs_is_shared_among_the_versions(cloudwatch: FakeCloudWatch) -> None:
    for version, cost in (("1", 0.003), ("2", 0.001)):
        cloudwatch.put("ReferralSystem", "MessagesGenerated", 1, ago(hours=1), workflow="outreach")
        cloudwatch.put("ReferralSystem", "Cost", cost, ago(hours=1), workflow="outreach")
        named = {"workflow": "outreach", "agent": WRITER, "version": version}
        cloudwatch.put("ReferralSystem", "Cost", cost, ago(hours=1), **named)

    answers = question(cloudwatch, "What does a message cost, and which version takes it?").answers

    assert {each.label: each.line.whole for each in answers} == pytest.approx(
        {"a message": 0.002, "outreach-writer v1": 0.0015, "outreach-writer v2": 0.0005}
    )
    # A quotient of sums is no sum.
    assert {each.stat for each in answers} == {""}


def test_a_day_is_asked_for_by_days_however_short_the_span_s_periods(cloudwatch: FakeCloudWatch) -> None:
    named = {"workflow": "outreach", "agent": WRITER, "version": "1"}
    for hour in range(1, 5):
        cloudwatch.put("ReferralSystem", "Cost", 0.25, ago(hours=hour), **named)

    [spent] = question(cloudwatch, "What is spent a day, by version?").answers

    assert list(spent.line.points.values()) == [1.0]


def test_scores_are_counted_by_what_they_are_above_and_at_most(cloudwatch: FakeCloudWatch) -> None:
    for score in (1, 2, 2.1, 3, 4.5, 4.6, 5):
        cloudwatch.put("ReferralSystem", "JudgeScore", score, ago(hours=1), workflow="outreach")

    answers = question(cloudwatch, "How are the scores distributed?").answers

    assert [each.line.whole for each in answers] == [2, 2, 0, 1, 2]


def test_without_data_nothing_is_answered_but_that_nothing_is_open(cloudwatch: FakeCloudWatch) -> None:
    found = answered(sections(deployed()), cloudwatch, SPAN)

    some = [each for section in found for each in section.questions if each.answers]
    assert [each.question.title for each in some] == ["How many executions are open?"]


def test_more_metrics_than_a_call_takes_are_asked_for_in_several(cloudwatch: FakeCloudWatch) -> None:
    metrics = [["N", f"M{number}", {"stat": "Sum", "label": f"M{number}"}] for number in range(600)]
    for number in range(600):
        cloudwatch.put("N", f"M{number}", number, ago(hours=1))

    answers = question(cloudwatch, "How many?", body(*metrics)).answers

    assert [each.line.whole for each in answers] == list(range(600))
    assert cloudwatch.calls == 3
