from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from agent_platform.ingest.admission import WAYS, Admission, Limit
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DEFAULT = Limit(per_second=5, burst=10)


@pytest.fixture
def make_admission(stack):
    """The stack's buckets as a new process has them."""

    def make(default=DEFAULT):
        return Admission(default, table=stack.table("AdmissionTable"), dynamodb=stack.clients("dynamodb"))

    return make


@pytest.fixture
def admission(make_admission):
    return make_admission()


def after(seconds):
    return NOW + timedelta(seconds=seconds)


def taken(admission, tenant="greenedge", *, of, now=NOW, way="webhook"):
    """How many of so many events that come at once are let in."""
    return sum(admission.take(tenant, 1, now=now, way=way) is None for _ in range(of))


def test_a_full_bucket_lets_the_burst_through_and_then_the_rate(admission):
    assert taken(admission, of=15) == 10
    assert admission.take("greenedge", 1, now=NOW) == pytest.approx(1 / 5)
    assert taken(admission, of=10, now=after(1)) == 5
    assert taken(admission, of=15, now=after(3600)) == 10


def test_who_waits_as_long_as_told_is_let_in_and_nobody_before(admission):
    taken(admission, of=10)
    wait = admission.take("greenedge", 3, now=NOW)

    assert admission.take("greenedge", 3, now=after(wait - 0.001)) == pytest.approx(0.001)
    assert admission.take("greenedge", 3, now=after(wait)) is None


def test_a_refusal_costs_nothing(admission):
    taken(admission, of=10)
    before = admission.take("greenedge", 5, now=NOW)

    assert {admission.take("greenedge", 5, now=NOW) for _ in range(3)} == {before}


def test_tenants_and_ways_in_have_buckets_of_their_own(admission):
    assert taken(admission, of=12) == 10
    assert taken(admission, "brightnest", of=12) == 10
    assert taken(admission, of=12, way="bulk") == 10


def test_more_than_the_burst_is_let_through_by_a_full_bucket_and_paid_for_afterwards(admission):
    assert admission.take("greenedge", 25, now=NOW) is None
    assert admission.take("greenedge", 25, now=NOW) == pytest.approx(5)
    assert admission.take("greenedge", 1, now=NOW) == pytest.approx(5 - 9 / 5)
    assert admission.take("greenedge", 25, now=after(5)) is None


def test_a_quiet_tenant_costs_one_write_and_nobody_a_read(stack, admission):
    asked = []
    for times in (1, 1, 20):
        stack.clients.calls.clear()
        taken(admission, of=times)
        asked.append([str(call) for call in stack.clients.calls])

    assert [len(calls) for calls in asked[:2]] == [1, 2]
    assert {each for calls in asked for each in calls} == {"dynamodb:UpdateItem"}


@pytest.mark.parametrize("own", [Limit(1, 2), Limit(1000, 20), DEFAULT])
def test_a_tenant_s_own_limit_holds_at_once_in_every_process_and_for_no_other(make_admission, own):
    warm, cold = make_admission(), make_admission()
    assert taken(warm, of=1) == 1
    make_admission().change("greenedge", own)

    for each, way in zip((warm, cold), WAYS, strict=True):
        assert taken(each, of=22, now=after(3600), way=way) == own.burst
        assert taken(each, "brightnest", of=12, way=way) == 10
        assert each.limit("greenedge") == own
    assert cold.limit("brightnest") == DEFAULT


def test_who_has_no_own_limit_any_more_has_the_stack_s(make_admission):
    warm = make_admission()
    warm.change("greenedge", Limit(1, 2))
    taken(warm, of=1)
    make_admission().change("greenedge", None)

    assert taken(warm, of=12, now=after(3600)) == 10
    assert make_admission(Limit(7, 8)).limit("greenedge") == Limit(7, 8)


def test_what_another_took_between_two_writes_is_counted(admission, make_admission, monkeypatch):
    """The bucket isn't full at the first write, and is empty at the second."""
    taken(admission, of=5)
    other, write = make_admission(), admission._dynamodb.update_item
    asked = []

    class Overtaken:
        def update_item(self, **request):
            asked.append(request["ConditionExpression"])
            if len(asked) == 2:
                assert taken(other, of=10) == 5
            return write(**request)

    monkeypatch.setattr(admission, "_dynamodb", Overtaken())

    assert admission.take("greenedge", 1, now=NOW) == pytest.approx(1 / 5)
    assert len(asked) == 3


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    arrivals=st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 12)), max_size=12),
    limit=st.builds(Limit, st.integers(1, 20), st.integers(1, 10)),
)
def test_never_more_than_the_burst_and_the_rate_are_let_in(make_admission, arrivals, limit):
    """Against a bucket that counts tokens: milliseconds since the last arrival, and how many are asked for."""
    admission, tenant = make_admission(limit), uuid4().hex
    tokens, now, earlier = float(limit.burst), NOW, NOW
    for pause, events in arrivals:
        now = earlier + timedelta(milliseconds=pause)
        tokens = min(limit.burst, tokens + (now - earlier).total_seconds() * limit.per_second)
        earlier, needed = now, min(events, limit.burst)
        let_in = admission.take(tenant, events, now=now) is None
        # The bucket's time is of whole microseconds.
        if abs(tokens - needed) > 1e-3:
            assert let_in == (tokens >= needed)
        if let_in:
            tokens -= events
