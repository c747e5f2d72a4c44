"""Names, e-mail, phone, address, locale, time zone, consent and home of a customer."""

from typing import Any

import pytest

from tests.unit.outreach.preparing import prepared_customer, repaired


@pytest.mark.parametrize(
    ("name", "first_name", "full", "first"),
    [
        ("Maria Oliveira", "Maria", "Maria Oliveira", "Maria"),
        ("  Maria \t Oliveira\n", None, "Maria Oliveira", "Maria"),
        ("MARIA O'BRIEN-LÓPEZ", "", "Maria O'Brien-López", "Maria"),
        ("maria oliveira", None, "Maria Oliveira", "Maria"),
        ("Oliveira, Maria", None, "Maria Oliveira", "Maria"),
        ("John Smith, Jr.", None, "John Smith Jr.", "John"),
        ("Mr. John Smith", None, "Mr. John Smith", "John"),
        ("Mr. & Mrs. Smith", None, "Mr. & Mrs. Smith", None),
        ("J. Smith", None, "J. Smith", None),
        ("Smith Roofing LLC", None, "Smith Roofing LLC", None),
        ("Ma\u200bria Oliveira", None, "Maria Oliveira", "Maria"),
        ("Zoe\u0301 Kravitz", None, "Zoé Kravitz", "Zoé"),
        ("李小龍", None, "李小龍", "李小龍"),
        (None, "MARIA", None, "Maria"),
        ("", None, None, None),
        ("user123", None, None, None),
        ("maria@example.com", None, None, None),
        ("Click https://evil.example", None, None, None),
        ("Click evil.com now", None, None, None),
        ("Www Evil", None, None, None),
        ("{{offer.amount}}", None, None, None),
        ("<b>Maria</b>", None, None, None),
        ("---", None, None, None),
        ("Very " * 20 + "Long", None, None, None),
    ],
)
def test_a_name_is_as_it_stands_in_a_letter_or_none(
    name: str | None, first_name: str | None, full: str | None, first: str | None
) -> None:
    person = prepared_customer(name=name, first_name=first_name).customer

    assert (person.full_name, person.first_name) == (full, first)


@pytest.mark.parametrize(
    ("written", "email"),
    [
        ("maria@example.com", "maria@example.com"),
        ("  Maria.O+news@Example.COM ", "Maria.O+news@example.com"),
        ("maria@bücher.example", "maria@xn--bcher-kva.example"),
        (None, None),
        ("", None),
        ("maria", None),
        ("maria@localhost", None),
        ("maria@@example.com", None),
        ("maria@ex@ample.com", None),
        ("Maria <maria@example.com>", None),
        ("maria@example.com, eve@example.com", None),
        ("maria@example.com\nBcc: eve@example.com", None),
        (".maria@example.com", None),
        ("ma..ria@example.com", None),
        ("maria@-example.com", None),
        ("maria@example..com", None),
        ("maria@example.com.", None),
        ("maria@[10.0.0.1]", None),
        ("maria@10.0.0.1", None),
        ("märia@example.com", None),
        ("x" * 65 + "@example.com", None),
        ("maria@" + "ü" * 70 + ".com", None),
        ("maria@" + "a." * 130 + "com", None),
    ],
)
def test_an_email_is_one_that_any_server_takes_or_none(written: str | None, email: str | None) -> None:
    assert prepared_customer(email=written).customer.email == email


@pytest.mark.parametrize(
    ("written", "phone"),
    [
        ("+15550100177", "+15550100177"),
        ("(555) 010-0177", "5550100177"),
        ("+44 1632 960 081", "+441632960081"),
        ("555.010.0177 ext. 12", "5550100177"),
        ("555-010-0177 x12", "5550100177"),
        (5550100177, "5550100177"),
        ("1-800-FLOWERS", None),
        ("12345", None),
        ("1" * 16, None),
        ("n/a", None),
        ("", None),
    ],
)
def test_a_phone_number_is_its_digits(written: Any, phone: str | None) -> None:
    assert prepared_customer(phone=written).customer.phone == phone


def test_an_address_is_the_lines_that_are_there() -> None:
    written = {"line1": " 9  Elm Court", "line2": "", "city": "SPRINGFIELD", "postal_code": 62701, "country": "u.s.a."}
    preparation = prepared_customer(address=written)

    person = preparation.customer
    assert person.address == {
        "line1": "9 Elm Court", "city": "SPRINGFIELD", "postal_code": "62701", "country": "US",
    }  # fmt: skip
    assert (person.city, person.country) == ("Springfield", "US")
    assert ("/data/customer/address/country", "text → ISO 3166 code") in repaired(preparation)


def test_an_address_in_one_text_has_no_known_city_or_country() -> None:
    person = prepared_customer(address="9 Elm Court, Springfield").customer

    assert (person.address, person.city, person.country) == ({"line1": "9 Elm Court, Springfield"}, None, None)


@pytest.mark.parametrize("address", [None, "", {}, {"line1": None}])
def test_no_address_is_none(address: Any) -> None:
    assert prepared_customer(address=address).customer.address is None


def test_an_unknown_country_is_said() -> None:
    preparation = prepared_customer(address={"country": "Atlantis"})

    assert preparation.customer.country is None
    assert ("/data/customer/address/country", "text → nothing") in repaired(preparation)


@pytest.mark.parametrize(
    ("written", "locale"),
    [
        ("en-US", "en-US"),
        ("en_us", "en-US"),
        ("en_GB.UTF-8", "en-GB"),
        ("es-MX", "es-US"),
        ("ES", "es-US"),
        ("en-AU", "en-US"),
        ("zh-Hant-TW", "en-US"),
        ("English", "en-US"),
        ("", "en-US"),
        (None, "en-US"),
    ],
)
def test_the_locale_is_the_nearest_that_the_brand_writes_in(written: str | None, locale: str) -> None:
    assert prepared_customer(locale=written).customer.locale == locale


@pytest.mark.parametrize(
    ("written", "zone"),
    [
        ("America/Chicago", "America/Chicago"),
        (" Europe/London ", "Europe/London"),
        ("Etc/GMT+5", "Etc/GMT+5"),
        ("Central Time", "UTC"),
        ("America", "UTC"),
        ("../../etc/passwd", "UTC"),
        ("America/Nowhere", "UTC"),
        ("", "UTC"),
        (None, "UTC"),
    ],
)
def test_an_unknown_time_zone_is_utc(written: str | None, zone: str) -> None:
    preparation = prepared_customer(time_zone=written)

    assert preparation.customer.time_zone == zone
    unknown = bool(written) and zone == "UTC"
    assert (("/data/customer/time_zone", "text → UTC") in repaired(preparation)) == unknown


@pytest.mark.parametrize(
    ("written", "consent"),
    [
        (
            {"channel": "E-Mail ", "given_at": "2024-02-01T12:00:00+01:00", "source": "web  form"},
            {"channel": "email", "given_at": "2024-02-01T11:00:00Z", "source": "web form", "basis": None},
        ),
        ({"channel": "email"}, {"channel": "email", "given_at": None, "source": None, "basis": None}),
        ({"channel": "email", "given_at": "2031-01-01T00:00:00Z"}, None),
        ({"channel": "email", "given_at": "some day"}, None),
        ({"channel": "", "given_at": "2024-02-01"}, None),
        ({}, None),
        (None, None),
    ],
)
def test_a_consent_counts_with_a_channel_and_a_possible_date(written: Any, consent: Any) -> None:
    assert prepared_customer(consent=written).customer.consent == consent


@pytest.mark.parametrize(
    ("written", "basis"),
    [
        ("express", "express"),
        ("Double Opt-In", "express"),
        (" soft_opt_in", "soft_opt_in"),
        ("Soft opt-in", "soft_opt_in"),
        ("existing_customer", "existing_customer"),
        ("implied", "existing_customer"),
        ("enquiry", "inquiry"),
        ("Maria said so", "unknown"),
        ("unknown", "unknown"),
        ("", None),
        (None, None),
    ],
)
def test_the_basis_of_a_consent_is_one_that_is_known_or_unknown_without_its_words(
    written: str | None, basis: str | None
) -> None:
    consent = {"channel": "email", "given_at": "2024-02-01", "source": "form", "basis": written}
    preparation = prepared_customer(consent=consent)

    assert preparation.customer.consent
    assert preparation.customer.consent["basis"] == basis
    mended = bool(written) and basis != written
    assert ("/data/customer/consent/basis" in dict(repaired(preparation))) == mended or written == ""


@pytest.mark.parametrize(
    ("written", "home"),
    [
        (None, {}),
        ({}, {}),
        (
            {"type": " House", "lot_size": 8500, "lot_size_unit": "sqft"},
            {"type": "House", "lot_size": 8500, "lot_size_unit": "sqft"},
        ),
        ({"lot_size": "8,500 sq. ft."}, {"lot_size": 8500, "lot_size_unit": "sqft"}),
        ({"lot_size": "0.4 acres"}, {"lot_size": 0.4, "lot_size_unit": "acre"}),
        ({"lot_size": "790", "lot_size_unit": "m²"}, {"lot_size": 790, "lot_size_unit": "m2"}),
        ({"lot_size": 790, "lot_size_unit": "cubits"}, {"lot_size": 790}),
        ({"lot_size": -5, "lot_size_unit": "sqft"}, {}),
        ({"lot_size": "big"}, {}),
        ({"lot_size": 1e8}, {}),
        ({"features": ["fence", "", None, " fence ", "pond"]}, {"features": ["fence", "pond"]}),
    ],
)
def test_of_the_home_stays_what_is_known(written: Any, home: dict[str, Any]) -> None:
    assert prepared_customer(property=written).property == home


def test_the_customers_id_is_text_and_otherwise_as_the_crm_wrote_it() -> None:
    assert prepared_customer(id=77).customer.customer_id == "77"
    assert prepared_customer(id=" A  7\u200b ").customer.customer_id == "A  7\u200b"
