"""What a report begins with."""

from dataclasses import replace
from datetime import timedelta

import pytest

from operations.dashboards.headline import Headline, figures, headline, verdict
from tests.unit.operations.dashboards.cloudwatch import FakeCloudWatch
from tests.unit.operations.dashboards.traffic import HEADLINE, NOW, QUIET, RINGING, SPAN, STANDING


def test_messages_are_counted_with_those_approved_their_time_and_their_cost() -> None:
    cloudwatch, at = FakeCloudWatch(), NOW - timedelta(hours=1)
    for approved in (100, 100, 0):
        cloudwatch.put("ReferralSystem", "ApprovalRate", approved, at, workflow="outreach")
        cloudwatch.put("ReferralSystem", "EndToEndTime", 12_040, at, workflow="outreach")
        cloudwatch.put("ReferralSystem", "Cost", 0.25, at, workflow="outreach")
    cloudwatch.put("ReferralSystem", "Cost", 9, at, workflow="another")

    assert headline(cloudwatch, SPAN) == Headline(messages=3, approved=2, milliseconds=12_040, spent=0.75)


def test_figures_have_their_names() -> None:
    assert figures(HEADLINE, STANDING) == [
        ("messages approved", "28 of 38"),
        ("event to message, p95", "12.0 s"),
        ("spent", "$0.0760"),
        ("a message", "$0.002000"),
        ("alarm ringing", "1"),
    ]


def test_of_silence_no_figure_is_made_up() -> None:
    silent = headline(FakeCloudWatch(), SPAN)

    assert [value for _, value in figures(silent, QUIET)] == ["–", "–", "–", "–", "0"]


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ([], "No alarm rings."),
        ([1], "approval-low rings since 18:17 UTC."),
        ([24], "approval-low rings since 2026-11-20 19:17 UTC."),
        ([3, 2, 1], "approval-low rings since 16:17 UTC, and 2 more."),
    ],
)
def test_the_verdict_is_whether_an_alarm_rings(hours: list[int], said: str) -> None:
    assert verdict([replace(RINGING, since=NOW - timedelta(hours=each)) for each in hours], SPAN) == said
