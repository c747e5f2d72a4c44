import pytest
from agent_platform.features import FeatureRow, FeatureStore
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

EARLY, LATE = "2026-05-12T15:02:11Z", "2026-05-12T15:02:12Z"
EXPIRY = 2_000_000_000
VALUES = {"service_count": {"value": 3, "reason": None}, "average": {"value": None, "reason": "never rated"}}


@pytest.fixture
def store(stack):
    return FeatureStore(table=stack.table("FeatureStoreTable"), dynamodb=stack.clients("dynamodb"))


def write(store, values=VALUES, *, tenant="greenedge", at=EARLY, view="customer@1"):
    return store.write(tenant, "c-1", view, values, event_time=at, expires_at=EXPIRY)


def read(store, *, tenant="greenedge", view="customer@1", now=0.0):
    return store.read(tenant, "c-1", view, now_epoch=now)


def test_a_row_comes_back_as_it_was_written_with_its_time(store):
    assert write(store) is True
    assert read(store) == FeatureRow(VALUES, EARLY)


def test_a_newer_event_replaces_a_row_and_an_older_one_never_does(store):
    write(store, {"n": 1}, at=EARLY)
    assert write(store, {"n": 2}, at=LATE) is True
    assert write(store, {"n": 3}, at=EARLY) is False
    assert read(store) == FeatureRow({"n": 2}, LATE)


def test_the_same_event_again_writes_the_same_again(store):
    assert [write(store), write(store)] == [True, True]
    assert read(store) == FeatureRow(VALUES, EARLY)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(order=st.permutations([f"2026-01-0{day}T00:00:00Z" for day in range(1, 6)]))
def test_in_whatever_order_events_come_the_newest_stands(stack, order):
    store = FeatureStore(table=stack.table("FeatureStoreTable"), dynamodb=stack.clients("dynamodb"))
    entity = "-".join(order)
    for at in order:
        store.write("greenedge", entity, "customer@1", {"at": at}, event_time=at, expires_at=EXPIRY)
    assert store.read("greenedge", entity, "customer@1", now_epoch=0) == FeatureRow({"at": max(order)}, max(order))


def test_tenants_and_views_are_apart(store):
    write(store)
    assert read(store, tenant="brightnest") is None
    assert read(store, view="customer@2") is None
    assert write(store, {"n": 9}, tenant="brightnest", at=EARLY) is True
    assert read(store) == FeatureRow(VALUES, EARLY)


def test_an_expired_row_is_no_row_though_the_item_is_still_there(store):
    write(store)
    assert read(store, now=EXPIRY - 1) is not None
    assert read(store, now=EXPIRY) is None


def test_a_write_that_failed_is_no_older_event(store, stack):
    stack.clients.fail("dynamodb:PutItem", "ThrottlingException", 400)
    with pytest.raises(ClientError):
        write(store)
