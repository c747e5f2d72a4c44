"""A customer's vector and neighbourhood follow their row, whatever fails or happens at once."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from agent_platform.errors import TransientError
from agent_platform.features.entries import Entry
from agent_platform.features.store import FeatureStore
from agent_platform.retrieval.embeddings import embed, space_of
from agent_platform.retrieval.neighbours import Neighbours
from agent_platform.retrieval.vectors import VectorIndex
from botocore.exceptions import ClientError
from outreach.features.customer import CUSTOMER
from outreach.likeness import keep_profile, look_around
from outreach.materialization import materialize
from outreach.neighbourhood import NEIGHBOURHOOD, TOO_FEW

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
EXPIRY = int((NOW + timedelta(days=100)).timestamp())
TITAN = "amazon.titan-embed-text-v2:0"


def entry(number, *services):
    said = {
        f"s-{number}-{at}": {"date": f"2026-05-{at + 1:02}T08:00:00Z", "type": name, "price": None, "satisfaction": 5}
        for at, name in enumerate(services)
    }
    at = f"2026-05-{number:02}T09:00:00Z"
    return Entry(f"{number:040x}", at, at, {"services": said})


@pytest.fixture
def store(stack):
    return FeatureStore(table=stack.table("FeatureStoreTable"), dynamodb=stack.clients("dynamodb"))


@pytest.fixture
def profiles(stack):
    embedded = partial(embed, model=TITAN, dimensions=256, runtime=stack.clients("bedrock-runtime"))
    index = VectorIndex(stack.profiles_index, stack.clients("s3vectors"))
    return Neighbours(index, embedded=embedded, space=space_of(TITAN, 256))


@pytest.fixture
def told(store):
    """Let an event tell of a customer's services; the customer's row."""

    def told(customer, *services, number=1, tenant="greenedge", expires_at=EXPIRY):
        given = [entry(number, *services)]
        rows = materialize(tenant, customer, given, store=store, now=NOW, expires_at=expires_at)
        return rows[CUSTOMER.view.key]

    return told


@pytest.fixture
def look(store, profiles, told):
    """Let an event tell of a customer's services, and look around from there; what is bought nearby."""

    def look(customer, *services, tenant="greenedge", now=NOW, **more):
        row = told(customer, *services, tenant=tenant, **more)
        look_around(tenant, customer, row, profiles=profiles, store=store, now=now)
        return store.read(tenant, customer, NEIGHBOURHOOD, now=now).values["bought_nearby"]

    return look


def has(profiles, customer="ada", tenant="greenedge"):
    held = profiles.export(tenant, customer)
    return held and held["has"]


def test_what_the_alike_buy_is_written_once_there_are_five(look):
    for number in range(4):
        assert look(f"other{number}", "weekly mow", "aeration")["reason"] == TOO_FEW
    assert look("ada", "weekly mow")["reason"] == TOO_FEW
    look("other4", "weekly mow", "snow removal")

    nearby = look("ada", "weekly mow")["value"]

    assert nearby["weekly mow"] == 1
    assert nearby["aeration"] > nearby["snow removal"] > 0


def test_another_tenants_customers_are_nobodys_neighbours(look):
    for number in range(6):
        look(f"other{number}", "weekly mow", tenant="brightnest")
    assert look("ada", "weekly mow")["reason"] == TOO_FEW


def test_a_neighbourhood_is_read_for_thirty_days(look, store):
    for number in range(6):
        look(f"other{number}", "weekly mow")

    def read(days):
        return store.read("greenedge", "other5", NEIGHBOURHOOD, now=NOW + timedelta(days=days)).values["bought_nearby"]

    assert read(30)["value"] == {"weekly mow": 1.0}
    assert read(31) == {"value": None, "reason": "stale"}


def test_what_is_derived_is_kept_no_longer_than_the_row(look, stack, profiles):
    look("ada", "weekly mow", expires_at=EXPIRY - 60)
    look("ada", "weekly mow", "aeration", number=2, expires_at=EXPIRY)

    assert profiles.export("greenedge", "ada")["expiresAt"] == EXPIRY - 60
    assert {item["expiresAt"] for item in stack.items("FeatureStoreTable") if "@" in item["view"]} == {EXPIRY - 60}


@pytest.mark.parametrize("call", ["s3vectors:GetVectors", "s3vectors:PutVectors", "s3vectors:QueryVectors"])
def test_a_store_that_fails_loses_nothing_and_the_next_try_makes_it_good(look, stack, store, profiles, call):
    stack.clients.fail(call, "AccessDeniedException", 403)
    with pytest.raises(ClientError):
        look("ada", "weekly mow")
    assert store.read("greenedge", "ada", CUSTOMER, now=NOW).values["service_count"]["value"] == 1

    look("ada", "weekly mow")
    assert has(profiles) == ["weekly mow"]


def test_of_two_at_once_the_older_row_s_vector_never_stays(told, store, profiles, monkeypatch):
    older = told("ada", "weekly mow")
    keep = profiles.keep

    def overtaken(*arguments, **more):
        """Between this one's reading and its writing, another one takes in an event and writes its own vector."""
        monkeypatch.setattr(profiles, "keep", keep)
        newer = told("ada", "aeration", number=2)
        keep_profile("greenedge", "ada", newer, profiles=profiles, store=store, now=NOW)
        return keep(*arguments, **more)

    monkeypatch.setattr(profiles, "keep", overtaken)
    keep_profile("greenedge", "ada", older, profiles=profiles, store=store, now=NOW)

    assert has(profiles) == ["aeration", "weekly mow"]


def test_a_row_is_read_again_as_it_is_and_not_as_it_was(told, store, profiles, stack):
    row = told("ada", "weekly mow")
    stack.clients.calls.clear()
    keep_profile("greenedge", "ada", row, profiles=profiles, store=store, now=NOW)

    [again] = [call for call in stack.clients.calls if call.operation == "GetItem"]
    assert again.parameters["ConsistentRead"] is True


def test_who_is_forgotten_meanwhile_leaves_no_vector(told, store, profiles, monkeypatch):
    row, keep = told("ada", "weekly mow"), profiles.keep

    def forgotten(*arguments, **more):
        store.forget("greenedge", "ada")
        profiles.forget("greenedge", "ada")
        return keep(*arguments, **more)

    monkeypatch.setattr(profiles, "keep", forgotten)
    assert keep_profile("greenedge", "ada", row, profiles=profiles, store=store, now=NOW) is None
    assert has(profiles) is None


def test_who_is_forgotten_while_neighbours_are_looked_for_leaves_no_neighbourhood(
    told, stack, store, profiles, monkeypatch
):
    row, similar = told("ada", "weekly mow"), profiles.similar

    def forgotten(tenant, customer, **more):
        found = similar(tenant, customer, **more)
        store.forget(tenant, customer)
        profiles.forget(tenant, customer)
        return found

    monkeypatch.setattr(profiles, "similar", forgotten)
    look_around("greenedge", "ada", row, profiles=profiles, store=store, now=NOW)
    assert stack.items("FeatureStoreTable") == []


def test_a_row_that_others_write_time_and_again_is_tried_later(told, store, profiles, monkeypatch):
    row, keep, numbers = told("ada", "weekly mow"), profiles.keep, iter(range(2, 28))

    def overtaken(*arguments, **more):
        number = next(numbers)
        told("ada", f"service {number}", number=number)
        return keep(*arguments, **more)

    monkeypatch.setattr(profiles, "keep", overtaken)
    with pytest.raises(TransientError):
        keep_profile("greenedge", "ada", row, profiles=profiles, store=store, now=NOW)


def test_a_customer_of_whom_nothing_is_left_has_no_vector(told, store, profiles):
    keep_profile("greenedge", "ada", told("ada", "weekly mow"), profiles=profiles, store=store, now=NOW)
    at = "2026-05-21T09:00:00Z"
    voided = Entry(f"{9:040x}", at, at, {"services": {"s-1-0": None}, "direct": ["s-1-0"]})

    rows = materialize("greenedge", "ada", [voided], store=store, now=NOW, expires_at=EXPIRY)

    row = rows[CUSTOMER.view.key]
    assert keep_profile("greenedge", "ada", row, profiles=profiles, store=store, now=NOW) is None
    assert has(profiles) is None
