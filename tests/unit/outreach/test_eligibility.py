"""Eligibility: whether to write, about what and with which offer, or the first reason not to."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from agent_platform.moments import iso
from outreach.brands import Brand, parse_brand
from outreach.eligibility import Decision, decide

from tests.unit.outreach.prepared_events import AS_OF, CUSTOMER, prepared, service

COMPLETED, REQUESTED = "service.completed", "outreach.requested"
REFERRAL = {"purpose": "referral", "offer_id": None}
UPSELL = {"purpose": "upsell", "offer_id": None}


@dataclass(frozen=True)
class Remembered:
    """What a contact record says."""

    last_written_at: str | None = None
    suppressed: str | None = None


@pytest.fixture
def brand() -> Brand:
    return parse_brand((Path(__file__).parents[3] / "brands/greenedge/brand.json").read_bytes())


def completed(satisfaction: float | None, **changes: Any) -> Any:
    return prepared(service("2025-04-02"), trigger=service("2026-05-30", satisfaction=satisfaction), **changes)


def requested(wanted: dict[str, Any], *history: Any, **changes: Any) -> Any:
    return prepared(*(history or [service("2026-05-30")]), offer_wanted=wanted, **changes)


def decided(event_type: str, preparation: Any, brand: Brand, contact: Any = None, as_of: datetime = AS_OF) -> Decision:
    return decide(event_type, preparation, brand=brand, contact=contact, as_of=as_of)


def reason(decision: Decision) -> str | None:
    # An offer and a reason exclude each other.
    assert (decision.offer is None) is (decision.skip is not None)
    return decision.skip["reason"] if decision.skip else None


def offer_id(decision: Decision) -> str:
    assert decision.offer, decision.skip
    return decision.offer.id


@pytest.mark.parametrize("satisfaction", [4, 4.2, 5])
def test_a_well_rated_service_is_an_occasion_for_a_referral(brand: Brand, satisfaction: float) -> None:
    decision = decided(COMPLETED, completed(satisfaction), brand)

    assert decision.purpose == "referral"
    assert offer_id(decision) == "refer-a-neighbor"


@pytest.mark.parametrize(
    ("satisfaction", "why"),
    [(3.9, "satisfaction_too_low"), (1, "satisfaction_too_low"), (None, "satisfaction_unknown")],
)
def test_a_completed_service_is_judged_by_its_own_rating_alone(
    brand: Brand, satisfaction: float | None, why: str
) -> None:
    # The service before it was rated 5.
    assert reason(decided(COMPLETED, completed(satisfaction), brand)) == why


def test_a_completed_service_may_be_the_occasion_for_what_the_event_wants(brand: Brand) -> None:
    decision = decided(COMPLETED, completed(2, offer_wanted=UPSELL), brand)

    assert decision.purpose == "upsell"
    assert offer_id(decision) == "fall-aeration"


def test_a_requested_referral_is_judged_by_the_latest_rating_there_is(brand: Brand) -> None:
    unrated = service("2026-05-30", satisfaction=None)
    low_then_high = [service("2025-04-02", satisfaction=2), service("2025-05-02"), unrated]
    high_then_low = [service("2026-05-30", satisfaction=3), service("2025-04-02")]

    assert offer_id(decided(REQUESTED, requested(REFERRAL, *low_then_high), brand)) == "refer-a-neighbor"
    assert reason(decided(REQUESTED, requested(REFERRAL, *high_then_low), brand)) == "satisfaction_too_low"
    assert reason(decided(REQUESTED, requested(REFERRAL, unrated), brand)) == "satisfaction_unknown"


def test_an_upsell_asks_for_no_rating(brand: Brand) -> None:
    assert reason(decided(REQUESTED, requested(UPSELL, service("2026-05-30", satisfaction=None)), brand)) is None


def test_an_upsell_proposes_first_what_the_customer_never_had(brand: Brand) -> None:
    had = [service("2025-09-01", type="Fall Aeration"), service("2025-09-09", type="overseeding")]

    assert offer_id(decided(REQUESTED, requested(UPSELL, *had), brand)) == "leaf-removal"
    everything = [service("2025-09-01", id=each, type=each) for each in brand.services]
    assert offer_id(decided(REQUESTED, requested(UPSELL, *everything), brand)) == "fall-aeration"


def test_the_offer_wanted_is_the_offer_made(brand: Brand) -> None:
    wanted = {"purpose": "upsell", "offer_id": "gutter-cleaning"}

    assert offer_id(decided(REQUESTED, requested(wanted), brand)) == "gutter-cleaning"


@pytest.mark.parametrize(
    ("purpose", "wanted", "why"),
    [
        ("upsell", "roof-painting", "no_such_offer"),
        ("upsell", "refer-a-neighbor", "no_such_offer"),
        ("referral", "gutter-cleaning", "no_such_offer"),
        ("referral", "spring-referral-2024", "offer_not_valid"),
        ("upsell", "snow-season-2099", "offer_not_valid"),
    ],
)
def test_an_offer_that_cannot_be_made_is_a_reason(brand: Brand, purpose: str, wanted: str, why: str) -> None:
    assert reason(decided(REQUESTED, requested({"purpose": purpose, "offer_id": wanted}), brand)) == why


def test_a_brand_without_offers_and_one_whose_offers_are_over_are_told_apart(brand: Brand) -> None:
    none_at_all = replace(brand, offers=())
    only_expired = replace(brand, offers=tuple(o for o in brand.offers if o.id == "spring-referral-2024"))

    assert reason(decided(REQUESTED, requested(REFERRAL), none_at_all)) == "no_such_offer"
    assert reason(decided(REQUESTED, requested(REFERRAL), only_expired)) == "offer_not_valid"
    assert reason(decided(REQUESTED, requested(UPSELL), only_expired)) == "no_such_offer"


def test_an_offer_is_valid_through_the_customer_s_last_day_of_it(brand: Brand) -> None:
    wanted = {"purpose": "referral", "offer_id": "spring-referral-2024"}
    last_evening_in_chicago = datetime(2024, 6, 1, 3, 0, tzinfo=UTC)
    rated = service("2024-05-30")

    at_home, in_utc = requested(wanted, rated), requested(wanted, rated, time_zone="UTC")

    assert offer_id(decided(REQUESTED, at_home, brand, as_of=last_evening_in_chicago)) == "spring-referral-2024"
    assert reason(decided(REQUESTED, in_utc, brand, as_of=last_evening_in_chicago)) == "offer_not_valid"


@pytest.mark.parametrize(
    "consent",
    [
        None,
        {},
        {"channel": None, "given_at": "2024-02-01T12:00:00Z", "source": None},
        {"channel": "sms", "given_at": "2024-02-01T12:00:00Z", "source": "website"},
        {"channel": "email", "given_at": None, "source": "website"},
        {"channel": "email", "given_at": "2026-06-01T15:30:01Z", "source": "website"},
    ],
)
def test_only_a_dated_consent_to_email_is_one(brand: Brand, consent: dict[str, Any] | None) -> None:
    assert reason(decided(COMPLETED, completed(5, consent=consent), brand)) == "no_consent"


def test_a_consent_of_this_moment_is_one(brand: Brand) -> None:
    consent = {"channel": "email", "given_at": iso(AS_OF), "source": "phone call"}

    assert reason(decided(COMPLETED, completed(5, consent=consent), brand)) is None


def test_a_consent_that_is_not_enough_in_the_customer_s_country_is_a_reason(brand: Brand) -> None:
    consent = {"channel": "email", "given_at": "2024-02-01T12:00:00Z", "source": "order", "basis": "existing_customer"}

    assert reason(decided(COMPLETED, completed(5, consent=consent), brand)) is None
    assert reason(decided(COMPLETED, completed(5, consent=consent, country="DE"), brand)) == "consent_not_enough"
    assert reason(decided(COMPLETED, completed(5, consent=consent, country=None), brand)) == "consent_not_enough"


def test_a_brand_says_what_a_consent_without_a_basis_is(brand: Brand) -> None:
    careful = replace(brand, consent_unless_stated="existing_customer")

    assert reason(decided(COMPLETED, completed(5, country="GB"), brand)) is None
    assert reason(decided(COMPLETED, completed(5, country="GB"), careful)) == "consent_not_enough"


def test_without_an_address_there_is_nowhere_to_write(brand: Brand) -> None:
    assert reason(decided(COMPLETED, completed(5, email=None), brand)) == "no_email"


@pytest.mark.parametrize(
    ("age", "why"),
    [
        (timedelta(0), "contacted_recently"),
        (timedelta(days=29, hours=23), "contacted_recently"),
        (timedelta(days=30), None),
        (timedelta(days=300), None),
        (timedelta(hours=-2), "contacted_recently"),
    ],
)
def test_a_brand_waits_its_interval_between_two_messages(brand: Brand, age: timedelta, why: str | None) -> None:
    contact = Remembered(last_written_at=iso(AS_OF - age))

    assert reason(decided(COMPLETED, completed(5), brand, contact)) == why


def test_a_customer_whom_nothing_is_remembered_of_may_be_written_to(brand: Brand) -> None:
    assert reason(decided(COMPLETED, completed(5), brand, Remembered())) is None


def test_of_several_reasons_the_first_counts_in_a_fixed_order(brand: Brand) -> None:
    """Everything is wrong at first; then one thing after the other is put right."""
    suppressed = Remembered(last_written_at=iso(AS_OF), suppressed="complaint")
    recent = Remembered(last_written_at=iso(AS_OF))
    expired = {"purpose": "referral", "offer_id": "spring-referral-2024"}

    def why(contact: Any, satisfaction: float, **customer: Any) -> str | None:
        event = completed(satisfaction, offer_wanted=expired, **customer)
        return reason(decided(COMPLETED, event, brand, contact))

    assert [
        why(suppressed, 1, consent=None, email=None),
        why(suppressed, 1, email=None),
        why(suppressed, 1),
        why(recent, 1),
        why(None, 1),
        why(None, 5),
    ] == ["no_consent", "no_email", "suppressed", "contacted_recently", "satisfaction_too_low", "offer_not_valid"]


def test_no_detail_tells_who_the_customer_is_or_what_the_event_said(brand: Brand) -> None:
    sly = {"purpose": "upsell", "offer_id": "maria@example.com"}
    skips = [
        decided(COMPLETED, completed(5, consent=None), brand),
        decided(COMPLETED, completed(5, email=None), brand),
        decided(COMPLETED, completed(5), brand, Remembered(suppressed="Maria asked us to stop")),
        decided(COMPLETED, completed(5), brand, Remembered(last_written_at=iso(AS_OF))),
        decided(COMPLETED, completed(1), brand),
        decided(COMPLETED, completed(None), brand),
        decided(REQUESTED, requested(sly), brand),
    ]

    for decision in skips:
        assert decision.skip
        assert decision.skip["detail"].endswith(".")
        known = (CUSTOMER.first_name, CUSTOMER.email, CUSTOMER.customer_id, CUSTOMER.city)
        assert not any(str(value).casefold() in decision.skip["detail"].casefold() for value in known)
