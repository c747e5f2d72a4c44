"""Prices as CRMs write them, to minor units of a currency; ratings on any scale, to one."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from outreach.preparation.money import plain_number

from tests.builders import customer, outreach_requested, service
from tests.unit.outreach.preparing import prepared, prepared_line

US = {"locale": "en-US", "address": {"country": "US"}}
SPAIN = {"locale": "es-ES", "address": {"country": "ES"}}
MEXICO = {"locale": "es-MX", "address": {"country": "MX"}}
NOWHERE = {"locale": None, "address": None}


@pytest.mark.parametrize(
    ("price", "currency", "person", "minor", "code"),
    [
        (45, "USD", US, 4500, "USD"),
        (45.5, "usd", US, 4550, "USD"),
        (129.99000000000001, "USD", US, 12999, "USD"),
        (0, "USD", US, 0, "USD"),
        (5000, "JPY", US, 5000, "JPY"),
        (12.345, "KWD", US, 12345, "KWD"),
        ("1,5", "KWD", SPAIN, 1500, "KWD"),
        ("45.00", "USD", US, 4500, "USD"),
        ("$1,234.50", None, US, 123450, "USD"),
        ("1.234,50 €", None, SPAIN, 123450, "EUR"),
        ("1.234,50", "EUR", US, 123450, "EUR"),
        ("1,234", "USD", US, 123400, "USD"),
        ("1.234", "EUR", SPAIN, 123400, "EUR"),
        ("1,234", "MXN", MEXICO, 123400, "MXN"),
        ("1.234", "KWD", US, 1234, "KWD"),
        ("1 234,5", "EUR", SPAIN, 123450, "EUR"),
        ("1'234.50", "CHF", US, 123450, "CHF"),
        ("1,234,567", "JPY", US, 1234567, "JPY"),
        ("45 USD", None, NOWHERE, 4500, "USD"),
        ("£32.50", None, NOWHERE, 3250, "GBP"),
        ("$45", None, {"address": {"country": "CA"}}, 4500, "CAD"),
        ("$45", None, NOWHERE, 4500, "USD"),
        ("¥4500", None, NOWHERE, 4500, "JPY"),
        ("45", "$", US, 4500, "USD"),
        (45, None, SPAIN, 4500, "EUR"),
        (45, "", NOWHERE | {"locale": "en-GB"}, 4500, "GBP"),
        (1_000_000, "USD", US, 100_000_000, "USD"),
    ],
)
def test_a_price_in_any_usual_form_is_whole_minor_units(
    price: Any, currency: str | None, person: dict[str, Any], minor: int, code: str
) -> None:
    assert prepared_line(person, price=price, currency=currency)["price"] == {"minor": minor, "currency": code}


@pytest.mark.parametrize(
    ("price", "currency", "person"),
    [
        (-5, "USD", US),
        ("-5", "USD", US),
        ("(5.00)", "USD", US),
        ("5-", "USD", US),
        (1_000_000.01, "USD", US),
        ("9" * 40, "USD", US),
        (45, "XYZ", US),
        (45, None, NOWHERE),
        ("45 doubloons", None, US),
        ("from 45", "USD", US),
        ("45/month", "USD", US),
        ("1.234", "USD", US),
        ("1,23,456", "USD", US),
        ("1.2.3", "USD", US),
        ("1e3", "USD", US),
        ("free", "USD", US),
        ("٤٥", "USD", US),
        ("", "USD", US),
    ],
)
def test_what_is_no_certain_price_is_set_aside_with_a_note(price: Any, currency: str | None, person: Any) -> None:
    preparation = prepared(outreach_requested(customer=customer(service(price=price, currency=currency)) | person))

    assert preparation.history[0]["price"] is None
    [note] = [each for each in preparation.repairs if each["pointer"].endswith("/price")]
    assert note["change"].endswith("→ nothing")


@given(st.integers(0, 10**8), st.booleans())
def test_a_number_with_separators_is_read_as_it_was_written(minor: int, decimal_comma: bool) -> None:
    written = f"{minor / 100:,.2f}"
    if decimal_comma:
        written = written.translate(str.maketrans(",.", ".,"))

    number = plain_number(written, decimal_comma=decimal_comma, exponent=2)

    assert number is not None
    assert number * 100 == minor


@pytest.mark.parametrize(
    ("value", "scale", "expected"),
    [
        (5, "1-5", 5.0),
        (1, "1-5", 1.0),
        ("4.5", "1-5", 4.5),
        ("4,5", None, 4.5),
        (0, "0-10", 1.0),
        (5, "0-10", 3.0),
        (10, "0-10", 5.0),
        (9, "0 to 10", 4.6),
        (9, 10, 4.6),
        (4, 5, 4.0),
        ("4/5", None, 4.0),
        ("9 / 10", None, 4.6),
        ("4/10", "1-5", 2.6),
        (8, None, 4.2),
        (5, None, 5.0),
        (4, "smileys", 4.0),
        (9, "smileys", 4.6),
        (None, "1-5", None),
        ("", "1-5", None),
    ],
)
def test_a_rating_on_any_scale_is_one_from_1_to_5(value: Any, scale: Any, expected: float | None) -> None:
    assert prepared_line(satisfaction=value, satisfaction_scale=scale)["satisfaction"] == expected


@pytest.mark.parametrize(("value", "scale"), [(0, "1-5"), (0.5, None), (7, "1-5"), ("9/5", None)])
def test_a_rating_that_its_scale_does_not_have_is_set_aside(value: Any, scale: str | None) -> None:
    line = service(satisfaction=value, satisfaction_scale=scale)
    preparation = prepared(outreach_requested(customer=customer(line)))

    assert preparation.history[0]["satisfaction"] is None
    assert "rating that its scale doesn't have" in [repair["what"] for repair in preparation.repairs]
