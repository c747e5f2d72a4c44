"""Facts: each slot exists only if its value is known, and identity stays apart."""

from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
from outreach.brands import Brand, Offer, parse_brand
from outreach.contracts import FactKind
from outreach.facts import DOCUMENT_SLOTS, IDENTITY_SLOTS, FactSheet, facts_for

from tests.unit.outreach.prepared_events import AS_OF, prepared, service


@pytest.fixture
def brand() -> Brand:
    return parse_brand((Path(__file__).parents[3] / "brands/greenedge/brand.json").read_bytes())


@pytest.fixture
def referral(brand: Brand) -> Offer:
    (offer,) = brand.offers_for("referral", on=AS_OF.date())
    return offer


def document(sheet: FactSheet) -> dict[str, Any]:
    return {fact["slot"]: fact["value"] for fact in sheet.document}


def identity(sheet: FactSheet) -> dict[str, Any]:
    return {fact["slot"]: fact["value"] for fact in sheet.identity}


def test_everything_known_is_a_fact_of_its_kind(brand: Brand, referral: Offer) -> None:
    preparation = prepared(service("2025-04-02"), trigger=service("2026-05-30"))

    sheet = facts_for(brand=brand, offer=referral, preparation=preparation, as_of=AS_OF)

    assert document(sheet) == {
        "company.name": "GreenEdge Lawn Care",
        "company.phone": "+1 555 010 0140",
        "company.website": "https://greenedge.example",
        "sender.name": "Dana Whitfield",
        "sender.title": "Customer Care Lead",
        "offer.name": "Refer a Neighbor",
        "offer.amount": {"minor": 2500, "currency": "USD"},
        "offer.friend_amount": {"minor": 2500, "currency": "USD"},
        "offer.link": "https://greenedge.example/refer",
        "service.last_type": "weekly mow",
        "service.last_date": "2026-05-30",
        "service.count": 2,
        "service.since": "2025-04-02",
    }
    assert identity(sheet) == {
        "customer.first_name": "Maria",
        "customer.city": "Springfield",
        "service.crew": "Team Clover",
    }
    kinds = DOCUMENT_SLOTS | IDENTITY_SLOTS
    assert all(fact["kind"] == kinds[fact["slot"]] for fact in [*sheet.document, *sheet.identity])
    assert set(kinds.values()) <= set(get_args(FactKind))


def test_no_value_of_identity_is_in_the_document(brand: Brand, referral: Offer) -> None:
    sheet = facts_for(brand=brand, offer=referral, preparation=prepared(service("2026-05-30")), as_of=AS_OF)

    written = repr(sheet.document)
    assert not any(value in written for value in ("Maria", "Oliveira", "Springfield", "Elm", "Team Clover", "crm-77"))


def test_what_is_not_known_has_no_slot(brand: Brand) -> None:
    nobody = prepared(first_name=None, city="")

    sheet = facts_for(brand=brand, offer=None, preparation=nobody, as_of=AS_OF)

    assert sheet.identity == []
    assert {slot.partition(".")[0] for slot in document(sheet)} == {"company", "sender"}


def test_an_upsell_names_its_service_its_discount_and_its_last_day(brand: Brand) -> None:
    bundle, season = brand.offer("overseeding-bundle"), brand.offer("snow-season-2099")

    discounted = document(facts_for(brand=brand, offer=bundle, preparation=prepared(), as_of=AS_OF))
    seasonal = document(facts_for(brand=brand, offer=season, preparation=prepared(), as_of=AS_OF))

    assert (discounted["offer.service"], discounted["offer.percent"]) == ("overseeding", 15)
    assert "offer.friend_amount" not in discounted
    assert "offer.valid_until" not in discounted
    assert seasonal["offer.valid_until"] == date(2100, 3, 31).isoformat()


def test_a_single_service_day_is_named_once(brand: Brand) -> None:
    sheet = facts_for(brand=brand, offer=None, preparation=prepared(service("2026-05-30")), as_of=AS_OF)

    assert document(sheet)["service.last_date"] == "2026-05-30"
    assert "service.since" not in document(sheet)


def test_dates_are_days_of_the_customer(brand: Brand) -> None:
    evening = service("2026-05-30", date="2026-05-31T01:30:00Z")

    at_home = facts_for(brand=brand, offer=None, preparation=prepared(evening), as_of=AS_OF)
    in_utc = facts_for(brand=brand, offer=None, preparation=prepared(evening, time_zone="UTC"), as_of=AS_OF)

    assert document(at_home)["service.last_date"] == "2026-05-30"
    assert document(in_utc)["service.last_date"] == "2026-05-31"


def test_the_last_service_is_the_latest_whatever_the_order(brand: Brand) -> None:
    latest = service("2026-05-20", type="leaf removal", crew=None)

    sheet = facts_for(brand=brand, offer=None, preparation=prepared(latest, service("2025-01-09")), as_of=AS_OF)

    assert document(sheet)["service.last_type"] == "leaf removal"
    assert "service.crew" not in identity(sheet)


def test_of_several_services_on_one_day_the_event_s_own_is_the_last(brand: Brand) -> None:
    trigger = service("2026-05-30", id="a", type="gutter cleaning")
    other = service("2026-05-30", id="b", type="weekly mow")

    sheet = facts_for(brand=brand, offer=None, preparation=prepared(other, trigger=trigger), as_of=AS_OF)

    assert document(sheet)["service.last_type"] == "gutter cleaning"


def test_services_without_a_date_are_counted_but_never_the_last(brand: Brand) -> None:
    undated = service("2026-05-30", date=None, type="leaf removal")

    counted = facts_for(brand=brand, offer=None, preparation=prepared(undated), as_of=AS_OF)

    assert document(counted)["service.count"] == 1
    assert "service.last_type" not in document(counted)
    assert "service.crew" not in identity(counted)


def test_a_completed_service_without_a_date_is_the_last_and_leaves_the_date_open(brand: Brand) -> None:
    trigger = service("2026-05-30", date=None, type="leaf removal", crew="Team Fern")

    sheet = facts_for(
        brand=brand, offer=None, preparation=prepared(service("2025-04-02"), trigger=trigger), as_of=AS_OF
    )

    assert document(sheet)["service.last_type"] == "leaf removal"
    assert identity(sheet)["service.crew"] == "Team Fern"
    assert "service.last_date" not in document(sheet)
    assert document(sheet)["service.since"] == "2025-04-02"


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (" WEEKLY  mow", "weekly mow"),
        ("Hedge trim, 2 sides", "Hedge trim, 2 sides"),
        ("Mow for Maria", None),
        ("Mow by Clover", None),
        ("Mow at 12 Elm Street", None),
        ("call 555-010-0199 first", None),
        ("x" * 61, None),
        (None, None),
    ],
)
def test_a_service_is_told_by_the_catalogue_s_name_or_by_one_that_is_about_nobody(
    brand: Brand, written: str | None, told: str | None
) -> None:
    history = prepared(service("2026-05-30", type=written))

    sheet = facts_for(brand=brand, offer=None, preparation=history, as_of=AS_OF)

    assert document(sheet).get("service.last_type") == told
