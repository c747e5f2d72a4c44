from datetime import UTC, datetime, timedelta, timezone

from agent_platform.moments import epoch, iso, iso_milliseconds
from hypothesis import given
from hypothesis import strategies as st

moments = st.integers(0, 4 * 10**15).map(lambda past: datetime(1990, 1, 1, tzinfo=UTC) + timedelta(microseconds=past))


def test_a_moment_is_written_in_utc_to_the_second():
    summer = timezone(timedelta(hours=2))
    assert iso(datetime(2026, 7, 1, 1, 30, 5, 999_999, tzinfo=summer)) == "2026-06-30T23:30:05Z"


@given(moments, moments)
def test_written_moments_sort_as_they_happened(one, other):
    if iso(one) < iso(other):
        assert one < other
    assert datetime.fromisoformat(iso(one)) == one.replace(microsecond=0)


@given(moments)
def test_what_is_timed_is_written_to_the_millisecond(moment):
    written = iso_milliseconds(moment)
    assert written.endswith("Z")
    assert datetime.fromisoformat(written) == moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def test_an_expiry_is_in_whole_epoch_seconds():
    assert epoch(datetime(1970, 1, 2, tzinfo=UTC), days=3) == 4 * 86_400
