"""What one event says of a customer, as it is kept: without people, and the same whenever it is read."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from agent_platform.references import EventReference
from outreach.features.entries import response_entry, says_something, told_by

from tests.builders import (
    Event,
    customer,
    customer_updated,
    outreach_requested,
    service,
    service_completed,
    service_corrected,
    service_voided,
    varied_events,
)
from tests.unit.outreach.preparing import BRAND

RECEIVED = datetime(2026, 5, 12, 15, 4, tzinfo=UTC)


def told(event: Event, received_at: datetime = RECEIVED) -> Any:
    reference = EventReference("greenedge", "greenedge-crm", "msg_1", event["type"])
    return told_by(reference, event, brand=BRAND, received_at=received_at)


def content(event: Event) -> Any:
    return told(event)[1].content


def test_a_completed_service_says_itself_and_the_history_and_which_is_which() -> None:
    said = content(service_completed())
    assert set(said["services"]) == {"job-990", "job-1001"}
    assert said["direct"] == ["job-1001"]
    assert said["services"]["job-1001"] == {
        "date": "2026-05-12T14:00:00Z",
        "type": "weekly mow",
        "price": {"minor": 4500, "currency": "USD"},
        "satisfaction": 5,
    }
    assert said["home"]["type"] == "house"


def test_a_correction_says_the_service_whole() -> None:
    said = content(service_corrected(service={"id": "job-1001", "type": "leaf removal"}))
    assert said["services"] == {"job-1001": {"date": None, "type": "leaf removal", "price": None, "satisfaction": None}}
    assert said["direct"] == ["job-1001"]


@pytest.mark.parametrize("event", [
    service_voided(service={"id": " job-1001 "}),
    service_voided(customer=customer(service()), service={"id": "job-1001"}),
    service_corrected(service={"id": "job-1001"}),
    service_corrected(customer=customer(service()), service={"id": "job-1001", "date": "soon"}),
])  # fmt: skip
def test_a_service_that_never_was_is_said_to_be_none(event: Event) -> None:
    said = content(event)
    assert (said["services"], said["direct"]) == ({"job-1001": None}, ["job-1001"])


def test_only_a_correction_takes_back_what_was_said_before() -> None:
    assert content(service_corrected())["corrects"] is True
    assert not any("corrects" in content(each) for each in (service_completed(), service_voided(), customer_updated()))


def test_an_id_that_names_somebody_is_kept_as_its_digest_in_every_event() -> None:
    digest = "id-" + hashlib.sha256(b"jo@example.com").hexdigest()[:16]
    service_of_jo = service(id="jo@example.com")
    told_of_jo = [content(service_completed(service=service_of_jo)), content(service_corrected(service=service_of_jo)),
                  content(service_voided(service={"id": "jo@example.com"}))]  # fmt: skip
    assert [each["direct"] for each in told_of_jo] == [[digest]] * 3
    assert all(digest in each["services"] for each in told_of_jo)
    assert "jo@example.com" not in json.dumps(told_of_jo)


def made_id(*, received_at: datetime = RECEIVED, time_zone: str = "America/Chicago", **changes: Any) -> str:
    person = customer(service(**({"id": None} | changes)), time_zone=time_zone)
    [made] = told(customer_updated(customer=person), received_at)[1].content["services"]
    return str(made)


TODAY = "2026-05-12"


@pytest.mark.parametrize("again", [
    {"satisfaction": None}, {"comment": "Fine."}, {"crew": "Team Karen"}, {"type": " Weekly  MOW"},
    {"received_at": RECEIVED + timedelta(hours=1)}, {"received_at": RECEIVED + timedelta(days=30)},
    {"time_zone": "Asia/Tokyo"},
])  # fmt: skip
@pytest.mark.parametrize("price", [45, None])
def test_a_service_without_an_id_gets_the_same_in_every_event(again: dict[str, Any], price: float | None) -> None:
    assert made_id(date=TODAY, price=price) == made_id(**({"date": TODAY, "price": price} | again))


@pytest.mark.parametrize("other", [{"date": "2026-05-11"}, {"type": "leaf removal"}, {"price": 46}])
def test_another_service_without_an_id_gets_another(other: dict[str, Any]) -> None:
    assert made_id(date=TODAY) != made_id(**({"date": TODAY} | other))


def test_of_a_service_without_a_date_the_whole_line_tells_which_it_is() -> None:
    assert made_id(date=None) == made_id(date=None)
    assert made_id(date=None) != made_id(date=None, satisfaction=4)


def test_nobody_takes_the_id_that_a_service_gets_for_a_number() -> None:
    assert not any(mark.isdecimal() for number in range(28) for mark in made_id(date=f"2026-04-{number + 1:02}"))


def test_a_customer_s_update_is_about_no_service() -> None:
    said = content(customer_updated(customer=customer(service())))
    assert "direct" not in said
    assert set(said["services"]) == {"job-1001"}


def test_an_event_that_says_nothing_is_told_from_one_that_does() -> None:
    silent = {"id": "crm-77"}
    assert not says_something(told(outreach_requested(customer=silent))[1])
    for event in (service_voided(), customer_updated(customer=silent | {"property": {"type": "flat"}})):
        assert says_something(told(event)[1])


def test_the_entry_is_the_same_in_every_run_and_whenever_the_event_is_offered_again() -> None:
    event = service_completed()
    first = EventReference("greenedge", "greenedge-crm", "msg_1", event["type"])
    again = EventReference("greenedge", "greenedge-crm", "msg_1", event["type"], run=2)
    assert told_by(first, event, brand=BRAND, received_at=RECEIVED) == told_by(
        again, event, brand=BRAND, received_at=RECEIVED
    )


def test_it_is_known_from_its_receipt_and_never_before_it_happened() -> None:
    customer_id, entry = told(service_completed())
    assert (customer_id, entry.event_time, entry.known_from) == (
        "crm-77", "2026-05-12T15:02:11Z", "2026-05-12T15:04:00Z",
    )  # fmt: skip
    early = RECEIVED - timedelta(hours=1)
    _, hasty = told(service_completed(), early)
    assert hasty.event_time == hasty.known_from == "2026-05-12T14:04:00Z"


PEOPLE = ("Maria", "Oliveira", "Elm Court", "maria.oliveira", "friendly", "Clover", "5550100177")


@pytest.mark.parametrize("event", varied_events())
def test_no_person_is_in_an_entry(event: Event) -> None:
    kept = json.dumps(content(event))
    assert [name for name in (*PEOPLE, "Hughes", "Fernández", "Mill Lane") if name in kept] == []


def test_a_type_and_a_home_that_name_somebody_are_left_out() -> None:
    home = {"type": "Maria's house", "features": ["Karen's pool", "pond"]}
    person = customer(service(type="mow for Maria Oliveira", crew="Team Karen"), property=home)
    said = content(customer_updated(customer=person))
    assert said["services"]["job-1001"]["type"] is None
    assert said["home"] == {"type": None, "features": ["pond"]}


def test_a_type_that_names_the_crew_is_left_out() -> None:
    said = content(service_completed(service=service(type="mow by Karen Whitlock", crew="Team Karen Whitlock")))
    assert said["services"]["job-1001"]["type"] is None


EMPTY: list[tuple[dict[str, Any], list[str]]] = [
    ({"type": None, "features": [], "lot_size": None}, ["type", "lot_size", "features"]),
    ({"type": " ", "features": None, "lot_size": ""}, ["type", "lot_size", "features"]),
    ({"features": [""]}, ["features"]),
]


@pytest.mark.parametrize(("home", "emptied"), EMPTY)
def test_a_field_of_the_home_that_is_said_to_be_empty_is_a_statement(home: dict[str, Any], emptied: list[str]) -> None:
    _, entry = told(customer_updated(customer={"id": "crm-77", "property": home}))
    assert entry.content["emptied"] == emptied
    assert says_something(entry)


@pytest.mark.parametrize(
    "home", [None, {}, {"lot_size": "big", "lot_size_unit": None}, {"lot_size": "800 sq m", "lot_size_unit": None}]
)
def test_a_field_of_the_home_that_is_absent_or_set_aside_says_nothing(home: Any) -> None:
    assert "emptied" not in content(customer_updated(customer={"id": "crm-77", "property": home}))


def test_a_service_is_in_the_spelling_of_the_catalogue() -> None:
    said = content(customer_updated(customer=customer(service(type=" WEEKLY  Mow "))))
    assert said["services"]["job-1001"]["type"] == "weekly mow"


def test_a_response_says_when_somebody_did_what_with_which_message() -> None:
    event = {"type": "outcome.recorded", "version": 1, "timestamp": "2026-05-12T15:02:11Z", "data": {}}
    reference = EventReference("greenedge", "sender", "msg_9", "outcome.recorded")
    entry = response_entry(
        reference, event, message_id="m1", kind="clicked", at="2026-05-12T14:00:00Z", received_at=RECEIVED
    )
    assert entry.content == {"responses": {"m1": {"clicked": "2026-05-12T14:00:00Z"}}}
    assert (entry.event_time, entry.known_from) == ("2026-05-12T15:02:11Z", "2026-05-12T15:04:00Z")
    assert says_something(entry)
