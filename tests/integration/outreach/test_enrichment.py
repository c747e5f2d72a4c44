"""Which features a run reads while its own event, others, and the row race: those that were known at the run's time."""

from datetime import UTC, datetime, timedelta

import pytest
from agent_platform.features.entries import Entry
from agent_platform.features.store import FeatureStore
from agent_platform.features.views import Value
from agent_platform.moments import epoch, iso
from agent_platform.references import EventReference
from outreach.brands import parse_brand
from outreach.enrichment import enrich
from outreach.features.customer import materialize
from outreach.neighbourhood import NEIGHBOURHOOD

from tests.integration.stack import ROOT

BRAND = parse_brand((ROOT / "brands/greenedge/brand.json").read_bytes())
TENANT, CUSTOMER = "greenedge", "c-1"
NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
LATER = epoch(NOW, days=100)


def reference(number):
    return EventReference(TENANT, "crm", f"msg_{number}", "service.completed")


def entry(number, *, at, known=None, **content):
    """What an event says: by default of a service on its own day."""
    told = {"date": iso(at), "type": "weekly mow", "price": None, "satisfaction": 5}
    said = content or {"services": {f"s-{number}": told}, "direct": [f"s-{number}"]}
    return Entry(reference(number).digest, iso(at), iso(known or at), said)


@pytest.fixture
def store(stack):
    return FeatureStore(table=stack.table("FeatureStoreTable"), dynamodb=stack.clients("dynamodb"))


@pytest.fixture
def take_in(store):
    def take_in(*entries, expires_at=LATER, now=NOW):
        materialize(TENANT, CUSTOMER, entries, store=store, now=now, expires_at=expires_at)

    return take_in


@pytest.fixture
def run(store):
    """Enrich a run of an event; the features, and how often the event itself was asked for."""

    def run(number, own, *, as_of=NOW, now=NOW):
        asked = []

        def own_entry():
            asked.append(number)
            return own

        named = reference(number)
        state = {"tenant": TENANT, "source": named.source, "event_id": named.event_id, "run": 1,
                 "event_type": named.event_type, "request": {"customer": CUSTOMER, "as_of": iso(as_of)}}  # fmt: skip
        prepared = {"event_time": own.event_time}
        return enrich(state, prepared, BRAND, store=store, own_entry=own_entry, now=now), asked

    return run


def count(features):
    return features["values"]["service_count"]["value"]


def rows_read(stack):
    return [call.parameters["Key"]["view"]["S"] for call in stack.clients.calls if call.operation == "GetItem"]


def test_a_row_that_knows_the_run_s_event_is_all_that_is_read(stack, take_in, run):
    own = entry(1, at=NOW - timedelta(days=2))
    take_in(own)
    stack.clients.calls.clear()
    features, asked = run(1, own)
    assert (features["source"], count(features), asked) == ("store", 1, [])
    assert rows_read(stack) == ["customer@1", "neighbourhood@1"]
    assert {call.operation for call in stack.clients.calls} == {"GetItem"}


def test_a_newer_row_that_lacks_a_late_event_is_not_taken_for_one_that_knows_it(take_in, run):
    take_in(entry(2, at=NOW - timedelta(hours=2)))
    late = entry(1, at=NOW - timedelta(days=1), known=NOW)
    before, _ = run(1, late)
    take_in(late)
    after, _ = run(1, late)
    assert (before["source"], after["source"]) == ("event", "store")
    assert count(before) == 2
    assert before["values"] == after["values"]


def test_of_two_events_in_one_second_a_row_that_knows_the_other_is_not_enough(take_in, run):
    at = NOW - timedelta(hours=2)
    take_in(entry(2, at=at, home={"type": "house"}))
    features, _ = run(1, entry(1, at=at))
    assert (features["source"], count(features)) == ("event", 1)


def test_a_run_that_is_tried_again_reads_nothing_that_became_known_since(take_in, run):
    own, began = entry(1, at=NOW - timedelta(days=10)), NOW - timedelta(days=10) + timedelta(minutes=1)
    take_in(own)
    first, _ = run(1, own, as_of=began, now=began)
    take_in(entry(2, at=NOW - timedelta(hours=2)))
    again, asked = run(1, own, as_of=began)
    assert (first["source"], again["source"], asked) == ("store", "event", [])
    assert again["values"] == first["values"]
    assert again["values"]["days_since_last_service"]["value"] == 0


def test_what_is_read_is_as_old_as_it_was_at_the_run_s_time(take_in, run):
    own, began = entry(1, at=NOW - timedelta(days=10)), NOW - timedelta(days=8)
    take_in(own)
    features, _ = run(1, own, as_of=began)
    assert (features["source"], features["values"]["days_since_last_service"]["value"]) == ("store", 2)


def test_retention_is_over_by_the_clock_also_for_a_run_that_began_before(take_in, run):
    began = NOW - timedelta(days=10)
    own = entry(1, at=began)
    take_in(entry(2, at=began - timedelta(days=30)), now=began, expires_at=epoch(NOW, days=-1))
    take_in(own, now=began)
    features, _ = run(1, own, as_of=began + timedelta(minutes=1))
    assert (features["source"], count(features)) == ("event", 1)


def test_an_event_that_a_row_names_no_more_is_found_in_the_history_and_not_asked_for(take_in, run):
    own = entry(0, at=NOW - timedelta(days=80))
    take_in(own, *(entry(number, at=NOW - timedelta(days=number)) for number in range(1, 52)))
    features, asked = run(0, own)
    assert (features["source"], count(features), asked) == ("event", 52, [])


def test_what_the_alike_buy_is_read_also_if_it_was_computed_after_the_run_began(store, take_in, run):
    own, began = entry(1, at=NOW - timedelta(days=2)), NOW - timedelta(seconds=2)
    take_in(own)
    last = run(1, own)[0]["values"]["services_never_bought"]["value"][-1]
    shares = {"bought_nearby": Value({last.casefold(): 0.9}, None, iso(NOW))}
    store.write(TENANT, CUSTOMER, NEIGHBOURHOOD.view, shares, event_time=iso(NOW), expires_at=LATER)
    assert run(1, own, as_of=began)[0]["values"]["services_never_bought"]["value"][0] == last
