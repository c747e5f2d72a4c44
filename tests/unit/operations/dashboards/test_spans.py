"""The time of a report: whole periods, and one that holds all of it."""

import argparse
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from operations.dashboards.spans import Span, length

NOW = datetime(2026, 11, 21, 19, 17, 30, tzinfo=UTC)
lengths = st.integers(300, 455 * 86_400).map(lambda seconds: timedelta(seconds=seconds))
nows = st.integers(1_700_000_000, 2_200_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@pytest.mark.parametrize(
    ("since", "period", "start"),
    [
        ("1h", 300, "2026-11-21T18:15"),
        ("24h", 3600, "2026-11-20T19:00"),
        ("7d", 21_600, "2026-11-14T18:00"),
        ("30d", 86_400, "2026-10-22T00:00"),
    ],
)
def test_a_span_begins_with_a_period_and_has_as_many_as_a_picture_shows(since: str, period: int, start: str) -> None:
    span = Span.lasting(length(since), now=NOW)

    assert (span.period, f"{span.start:%Y-%m-%dT%H:%M}", span.end) == (period, start, NOW)
    assert len(span.times()) <= 33


@given(lengths, nows)
def test_its_periods_cover_it_and_no_more(since: timedelta, now: datetime) -> None:
    span = Span.lasting(since, now=now)

    assert span.start <= now - since
    assert span.times()[0] == span.start
    assert span.times()[-1] < span.end <= span.times()[-1] + timedelta(seconds=span.period)


@given(lengths, nows)
def test_one_period_holds_all_of_it_wherever_periods_are_counted_from(since: timedelta, now: datetime) -> None:
    span = Span.lasting(since, now=now)
    start, end = span.start.timestamp(), span.end.timestamp()

    # CloudWatch takes multiples of an hour for any age.
    assert span.one_period % 3600 == 0
    assert span.one_period > end - start
    assert start // span.one_period == end // span.one_period


@pytest.mark.parametrize("given_", ["", "24", "h", "24 h", "-1h", "1m", "500d", "1y"])
def test_what_is_no_length_of_time_is_refused_with_an_example(given_: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="24h"):
        length(given_)
