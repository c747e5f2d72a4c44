"""Dates as CRMs write them, to ISO 8601 in UTC."""

from typing import Any

import pytest

from tests.builders import customer, outreach_requested, service, service_completed
from tests.unit.outreach.preparing import AS_OF, prepared, prepared_line

US = {"time_zone": "America/Chicago", "locale": "en-US", "address": {"country": "US"}}
GB = {"time_zone": "Europe/London", "locale": "en-GB", "address": {"country": "GB"}}
CANADA = {"time_zone": "America/Toronto", "locale": "en-CA", "address": {"country": "CA"}}
NOWHERE = {"time_zone": None, "locale": None, "address": None}


@pytest.mark.parametrize(
    ("written", "person", "utc"),
    [
        ("2026-05-12T14:00:00Z", US, "2026-05-12T14:00:00Z"),
        ("2026-05-12T14:00:00.987+02:00", US, "2026-05-12T12:00:00Z"),
        ("2026-05-12t14:00:00z", US, "2026-05-12T14:00:00Z"),
        ("2026-05-12 14:00:00 UTC", US, "2026-05-12T14:00:00Z"),
        ("2026-05-12 14:00:00 -0500", US, "2026-05-12T19:00:00Z"),
        ("2026-05-12T14:00:00", US, "2026-05-12T19:00:00Z"),
        ("2026-01-12T14:00:00", US, "2026-01-12T20:00:00Z"),
        ("2026-05-12 14:00", GB, "2026-05-12T13:00:00Z"),
        ("2026-05-12 14:00", NOWHERE, "2026-05-12T14:00:00Z"),
        ("2026-05-12", US, "2026-05-12T17:00:00Z"),
        ("2026/5/12", NOWHERE, "2026-05-12T12:00:00Z"),
        ("20260512", NOWHERE, "2026-05-12T12:00:00Z"),
        (" 2026-05-12  ", NOWHERE, "2026-05-12T12:00:00Z"),
        ("Tue, 12 May 2026 10:00:00 -0400", US, "2026-05-12T14:00:00Z"),
        ("12 May 2026 10:00:00 EST", US, "2026-05-12T15:00:00Z"),
        ("Tue, 12 May 2026 10:00:00 GMT", US, "2026-05-12T10:00:00Z"),
        (1778594400, US, "2026-05-12T14:00:00Z"),
        (1778594400.75, US, "2026-05-12T14:00:00Z"),
        (1778594400000, US, "2026-05-12T14:00:00Z"),
        ("1778594400", US, "2026-05-12T14:00:00Z"),
        ("1778594400000", US, "2026-05-12T14:00:00Z"),
        ("04/05/2026", US, "2026-04-05T17:00:00Z"),
        ("04/05/2026", GB, "2026-05-04T11:00:00Z"),
        ("04/05/2026 3:30 PM", US, "2026-04-05T20:30:00Z"),
        ("04/05/2026 12:05 am", US, "2026-04-05T05:05:00Z"),
        ("25/04/2026", CANADA, "2026-04-25T16:00:00Z"),
        ("04/25/2026", CANADA, "2026-04-25T16:00:00Z"),
        ("04/04/2026", CANADA, "2026-04-04T16:00:00Z"),
        ("04.05.2026", NOWHERE, "2026-05-04T12:00:00Z"),
    ],
)
def test_a_date_in_any_usual_form_is_the_same_moment_in_utc(written: Any, person: dict[str, Any], utc: str) -> None:
    assert prepared_line(person, date=written)["date"] == utc


@pytest.mark.parametrize("region", ["es-MX", "en_GB.UTF-8", "de"])
def test_without_a_country_the_locale_says_which_comes_first(region: str) -> None:
    date = prepared_line(NOWHERE | {"locale": region}, date="04/05/2026")["date"]

    assert date == ("2026-05-04T12:00:00Z" if region != "de" else None)


@pytest.mark.parametrize(
    ("written", "person"),
    [
        ("04/05/2026", NOWHERE),
        ("04/05/2026", CANADA),
        ("2026-02-30", US),
        ("31/31/2026", US),
        ("13:00 PM", US),
        ("04/05/2026 13:00 PM", US),
        ("soon", US),
        ("0000-00-00", US),
        ("0001-01-01", {"time_zone": "Pacific/Auckland"}),
        ("1900-01-01", US),
        (0, US),
        (-5, US),
        (1e15, US),
        (20260512, US),
    ],
)
def test_what_is_no_date_or_two_is_set_aside_with_a_note(written: Any, person: dict[str, Any]) -> None:
    event = outreach_requested(customer=customer(service(date=written)) | person)
    preparation = prepared(event)

    assert preparation.history[0]["date"] is None
    [note] = [each for each in preparation.repairs if each["pointer"] == "/data/customer/service_history/0/date"]
    assert note["change"].endswith("→ nothing")


def test_the_day_itself_is_not_in_the_future_and_no_later_than_now() -> None:
    assert prepared_line(US, date="2026-06-01")["date"] == "2026-06-01T15:30:00Z"
    assert prepared_line(GB, date="2026-06-01")["date"] == "2026-06-01T11:00:00Z"


def test_a_clock_that_is_a_little_fast_is_not_the_future() -> None:
    assert prepared_line(date="2026-06-01T15:38:00Z")["date"] == "2026-06-01T15:30:00Z"


@pytest.mark.parametrize("date", ["2026-06-02", "2026-06-01T16:00:00Z", "12/31/2031", 4102444800, "9999-12-31"])
def test_a_service_still_to_come_is_not_history(date: Any) -> None:
    preparation = prepared(outreach_requested(customer=customer(service(), service(id="booked", date=date))))

    assert [line["id"] for line in preparation.history] == ["job-1001"]
    assert "/data/customer/service_history/1" in [repair["pointer"] for repair in preparation.repairs]


def test_a_completed_service_dated_in_the_future_keeps_everything_but_its_date() -> None:
    trigger = prepared(service_completed(service=service(date="2027-01-01"))).trigger

    assert trigger is not None
    assert (trigger["date"], trigger["type"]) == (None, "weekly mow")


def test_now_itself_may_have_fractions_of_a_second() -> None:
    from outreach.preparation import prepare_event

    from tests.unit.outreach.preparing import BRAND

    event = outreach_requested(customer=customer(service(date="2026-06-01")))
    preparation = prepare_event(event, brand=BRAND, as_of=AS_OF.replace(microsecond=999_999))

    assert preparation.history[0]["date"] == "2026-06-01T15:30:00Z"
