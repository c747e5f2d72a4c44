"""Whether a consent suffices: by country, basis, purpose, proof and age."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from agent_platform.moments import iso
from outreach.contracts import Purpose
from outreach.mail_law.rule_sets import VERSION
from outreach.mail_law.standing import lack_of, law_in, law_of

from tests.unit.outreach.prepared_events import AS_OF, service


def lack(country: str | None, basis: str | None, purpose: Purpose = "referral", **changes: Any) -> str | None:
    past = changes.pop("past", [service("2026-05-30")])
    consent = {"channel": "email", "given_at": "2020-02-01T12:00:00Z", "source": "website", "basis": basis} | changes
    return lack_of(consent, law_of(consent, country=country), purpose=purpose, past=past, as_of=AS_OF)


@pytest.mark.parametrize("country", ["US", "CA", "DE", "FR", "GB", "AU", None])
@pytest.mark.parametrize("purpose", ["referral", "upsell"])
def test_an_express_consent_on_record_is_enough_everywhere_and_has_no_end(country: str, purpose: Purpose) -> None:
    assert lack(country, "express", purpose) is None
    assert lack(country, None, purpose) is None


@pytest.mark.parametrize(
    ("country", "basis", "purpose", "enough"),
    [
        ("US", "existing_customer", "referral", True),
        ("US", "inquiry", "referral", True),
        ("CA", "existing_customer", "referral", True),
        ("CA", "soft_opt_in", "referral", True),
        ("DE", "soft_opt_in", "upsell", True),
        ("DE", "soft_opt_in", "referral", False),
        ("DE", "existing_customer", "upsell", False),
        ("FR", "soft_opt_in", "upsell", True),
        ("FR", "inquiry", "upsell", False),
        ("GB", "soft_opt_in", "upsell", True),
        ("GB", "existing_customer", "upsell", False),
        (None, "soft_opt_in", "upsell", True),
        (None, "soft_opt_in", "referral", False),
        (None, "existing_customer", "upsell", False),
        ("US", "unknown", "upsell", False),
    ],
)
def test_a_basis_is_enough_or_not_by_the_country_and_the_purpose(
    country: str | None, basis: str, purpose: Purpose, enough: bool
) -> None:
    assert (lack(country, basis, purpose) is None) is enough


@pytest.mark.parametrize(
    ("basis", "days", "enough"),
    [("existing_customer", 730, True), ("existing_customer", 731, False), ("inquiry", 181, True),
     ("inquiry", 182, False)],
)  # fmt: skip
def test_an_implied_consent_ends_in_canada_after_two_years_or_six_months(basis: str, days: int, enough: bool) -> None:
    then = iso(AS_OF - timedelta(days=days))

    assert (lack("CA", basis, given_at=then, past=[]) is None) is enough


def test_what_is_counted_from_the_last_service_begins_anew_with_each() -> None:
    assert lack("CA", "existing_customer", past=[service("2023-05-30"), service("2026-05-30")]) is None
    assert lack("CA", "existing_customer", past=[service("2023-05-30")]) is not None
    # An inquiry isn't: what was asked for then has been bought, or not.
    assert lack("CA", "inquiry", past=[service("2026-05-30")]) is not None


def test_without_a_known_date_of_service_the_consent_s_own_counts() -> None:
    undated = [service("2026-05-30") | {"date": None}]

    assert lack("CA", "existing_customer", past=undated) is not None
    assert lack("CA", "existing_customer", past=undated, given_at="2026-01-01T00:00:00Z") is None


@pytest.mark.parametrize(("country", "needed"), [("US", False), ("CA", True), ("DE", True), ("GB", True), (None, True)])
def test_where_the_consent_must_be_proved_the_record_says_how_it_was_given(country: str | None, needed: bool) -> None:
    assert (lack(country, "express", source=None) is not None) is needed


def test_a_lack_names_the_rule_set_and_what_would_be_enough() -> None:
    assert lack("DE", "existing_customer", "upsell") == (
        "The basis existing_customer isn't enough by de-uwg; enough are express, soft_opt_in."
    )
    assert "UWG § 7(3)" in str(lack("DE", "soft_opt_in"))
    assert "s. 13" in str(lack("CA", "express", source=None))
    assert lack("CA", "existing_customer", past=[service("2023-05-30")]) == (
        "The basis existing_customer holds for 730 days by ca-casl; it is 1097 days old."
    )


def test_a_request_of_an_earlier_release_is_held_against_its_country_s_law() -> None:
    earlier: Any = {"country": "CA"}
    law = {"rules": "gb-pecr", "version": "2020-01-01", "country": "GB", "basis": "soft_opt_in"}

    assert law_in(earlier) == {"rules": "ca-casl", "version": VERSION, "country": "CA", "basis": "express"}
    assert law_in(earlier | {"law": law}) == law


def test_a_brand_may_say_what_a_consent_without_a_basis_is() -> None:
    assert law_of({"basis": None}, country="US", unless_stated="inquiry")["basis"] == "inquiry"
    assert law_of({"basis": "express"}, country="US", unless_stated="inquiry")["basis"] == "express"


def test_the_day_is_the_run_s_own() -> None:
    consent = {"given_at": "2024-01-01T00:00:00Z", "source": "form", "basis": "inquiry"}
    law = law_of(consent, country="CA")

    def on(day: datetime) -> str | None:
        return lack_of(consent, law, purpose="upsell", past=[], as_of=day)

    assert on(datetime(2024, 6, 1, tzinfo=UTC)) is None
    assert on(datetime(2024, 8, 1, tzinfo=UTC)) is not None
