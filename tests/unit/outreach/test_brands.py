"""Brands: the files that ship, what their schema asks, and what parsing refuses."""

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any, get_args

import pytest
from agent_platform.errors import ConfigurationError
from jsonschema import Draft7Validator, FormatChecker
from outreach.brand_shape import CURRENCIES, SUPPORTED_LOCALES
from outreach.brands import Brand, parse_brand
from outreach.contracts import Purpose
from outreach.mail_law.rules import Basis
from outreach.slots import DOCUMENT_SLOTS, IDENTITY_SLOTS

BRANDS = Path(__file__).parents[3] / "brands"
SHIPPED = sorted(BRANDS.glob("*/brand.json"))
SCHEMA = Draft7Validator(json.loads((BRANDS / "brand.schema.json").read_text()), format_checker=FormatChecker())

# In Germany neither is enough, so that no such mail is written.
NEVER = {("de-DE", "existing_customer"), ("de-DE", "inquiry")}

Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def content() -> dict[str, Any]:
    return json.loads((BRANDS / "greenedge/brand.json").read_text())


def parsed(content: Any) -> Brand:
    return parse_brand(json.dumps(content).encode())


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.parent.name)
def test_the_brands_that_ship_satisfy_the_schema_and_the_parser(file: Path) -> None:
    SCHEMA.validate(json.loads(file.read_text()))

    assert parse_brand(file.read_bytes()).offers_for("referral", on=date(2026, 6, 1))


@pytest.mark.parametrize("tenant", ["brightnest", "greenedge"])
def test_the_companies_have_offers_for_every_purpose_and_one_that_is_over(tenant: str) -> None:
    brand = parse_brand((BRANDS / tenant / "brand.json").read_bytes())

    assert {brand.offers_for(purpose, on=date(2026, 6, 1)) != () for purpose in ("referral", "upsell")} == {True}
    assert any(offer.valid_until and offer.valid_until < date(2026, 1, 1) for offer in brand.offers)


def test_the_schema_knows_the_locales_and_currencies_that_the_layer_knows() -> None:
    Draft7Validator.check_schema(SCHEMA.schema)
    definitions = SCHEMA.schema["definitions"]

    assert tuple(definitions["locale"]["enum"]) == SUPPORTED_LOCALES
    assert tuple(definitions["money"]["properties"]["currency"]["enum"]) == CURRENCIES


def test_the_schema_knows_the_slots_and_the_bases_that_the_layer_knows() -> None:
    definitions = SCHEMA.schema["definitions"]

    assert definitions["slot"]["enum"] == [*IDENTITY_SLOTS, *DOCUMENT_SLOTS]
    assert tuple(definitions["basis"]["enum"]) == get_args(Basis)
    assert tuple(SCHEMA.schema["properties"]["required"]["properties"]) == get_args(Purpose)


def test_a_brand_of_an_earlier_release_is_still_one(content: dict[str, Any]) -> None:
    for added in ("consent", "required"):
        content.pop(added)
    content["footer"] = {name: content["footer"][name] for name in ("text", "unsubscribe_link")}
    SCHEMA.validate(content)
    brand = parsed(content)

    assert (brand.consent_unless_stated, brand.required) == ("express", {})
    assert (brand.footer.one_click, brand.footer.variants) == (False, {})
    nothing = {"consent": None, "required": None, "footer": content["footer"] | {"variants": None, "one_click": None}}
    SCHEMA.validate(content | nothing)
    assert parsed(content | nothing) == brand


def test_the_most_special_text_stands_below_a_mail(content: dict[str, Any]) -> None:
    content["footer"]["variants"] = [
        {"basis": "inquiry", "text": "You asked."},
        {"locale": "de-DE", "text": "Sie stimmten zu."},
        {"basis": "inquiry", "locale": "de-DE", "text": "Sie fragten."},
    ]
    footer = parsed(content).footer

    assert footer.text_for(basis="inquiry", locale="de-DE") == "Sie fragten."
    assert footer.text_for(basis="express", locale="de-DE") == "Sie stimmten zu."
    assert footer.text_for(basis="inquiry", locale="en-US") == "You asked."
    assert footer.text_for(basis="express", locale="en-US") == content["footer"]["text"]


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.parent.name)
def test_what_a_shipped_brand_says_of_a_consent_is_true_of_its_basis(file: Path) -> None:
    brand = parse_brand(file.read_bytes())
    agreed = {"agreed", "zugestimmt", "aceptó", "accepté"}
    for basis, locale in product(get_args(Basis), brand.locales):
        if (locale, basis) not in NEVER and file.parent.name != "synthetic":
            text = brand.footer.text_for(basis=basis, locale=locale)
            assert bool(agreed & set(text.split())) == (basis == "express"), (basis, locale)


def test_every_supported_locale_is_one_of_a_brand_that_ships() -> None:
    used = {locale for file in SHIPPED for locale in parse_brand(file.read_bytes()).locales}

    assert used == set(SUPPORTED_LOCALES)


def test_a_brand_keeps_the_order_and_the_values_of_its_file(content: dict[str, Any]) -> None:
    brand = parsed(content)

    assert [offer.id for offer in brand.offers] == [offer["id"] for offer in content["offers"]]
    assert brand.services == tuple(content["services"])
    assert brand.limits.body_words == tuple(content["limits"]["body_words"])
    referral = brand.offer("refer-a-neighbor")
    assert referral
    assert (referral.amount, referral.friend_amount) == ({"minor": 2500, "currency": "USD"},) * 2
    assert referral.valid_from == date(2024, 1, 1)
    assert brand.offer("no-such-offer") is None


def test_a_brand_may_have_seasons_or_none(content: dict[str, Any]) -> None:
    assert parsed(content).seasons["snow removal"] == (12, 1, 2, 3)
    for none in (None, {}):
        without = content | {"seasons": none}
        SCHEMA.validate(without)
        assert parsed(without).seasons == {}
    content.pop("seasons")
    SCHEMA.validate(content)
    assert parsed(content).seasons == {}


@pytest.mark.parametrize(
    ("day", "valid"),
    [(date(2024, 2, 29), False), (date(2024, 3, 1), True), (date(2024, 5, 31), True), (date(2024, 6, 1), False)],
)
def test_an_offer_may_be_made_on_its_first_and_on_its_last_day(content: dict[str, Any], day: date, valid: bool) -> None:
    ids = [offer.id for offer in parsed(content).offers_for("referral", on=day)]

    assert ("spring-referral-2024" in ids) is valid


# What both must refuse: the schema, which editors read, and the parser, which decides.
MISSHAPEN: dict[str, Change] = {
    "no company": lambda brand: brand.pop("company"),
    "a company that is a list": lambda brand: brand.update(company=[]),
    "a blank name": lambda brand: brand["company"].update(name="  "),
    "a name of two lines": lambda brand: brand["sender"].update(name="Dana\nBcc: all@example.com"),
    "a phone without digits": lambda brand: brand["company"].update(phone="call us, please"),
    "an address that is no e-mail": lambda brand: brand["sender"].update(email="dana at greenedge"),
    "a link without TLS": lambda brand: brand["company"].update(website="http://greenedge.example"),
    "a link with a login": lambda brand: brand["company"].update(website="https://greenedge.example@evil.example"),
    "a prefix that other hosts begin with": lambda brand: brand.update(links=["https://greenedge.example"]),
    "no links": lambda brand: brand.update(links=[]),
    "no services": lambda brand: brand.update(services=[]),
    "a service that is a number": lambda brand: brand["services"].append(7),
    "a forbidden phrase that is blank": lambda brand: brand["never_say"].append(""),
    "examples that are a text": lambda brand: brand["voice"].update(examples="Hello"),
    "an interval that is a text": lambda brand: brand.update(interval_days="30"),
    "an interval that is a truth": lambda brand: brand.update(interval_days=True),
    "an interval below zero": lambda brand: brand.update(interval_days=-1),
    "a locale that can't be rendered": lambda brand: brand["locales"].append("it-IT"),
    "one limit of words": lambda brand: brand["limits"].update(body_words=[40]),
    "an unknown field": lambda brand: brand.update(discount=10),
    "an unknown field of an offer": lambda brand: brand["offers"][0].update(price=10),
    "an offer that is a text": lambda brand: brand["offers"].append("refer"),
    "an offer without a link": lambda brand: brand["offers"][0].pop("link"),
    "an id with spaces": lambda brand: brand["offers"][0].update(id="Refer a friend"),
    "an unknown purpose": lambda brand: brand["offers"][0].update(purpose="newsletter"),
    "an amount that is a float": lambda brand: brand["offers"][0]["amount"].update(minor=25.5),
    "an amount of nothing": lambda brand: brand["offers"][0]["amount"].update(minor=0),
    "an unknown currency": lambda brand: brand["offers"][0]["amount"].update(currency="USX"),
    "an amount with a note": lambda brand: brand["offers"][0]["amount"].update(note="each"),
    "more than everything off": lambda brand: brand["offers"][0].update(percent=101),
    "a day that is no date": lambda brand: brand["offers"][0].update(valid_from="soon"),
    "a month that no year has": lambda brand: brand.update(seasons={"weekly mow": [13]}),
    "a month that is a name": lambda brand: brand.update(seasons={"weekly mow": ["May"]}),
    "a month twice": lambda brand: brand.update(seasons={"weekly mow": [5, 5]}),
    "a season without a month": lambda brand: brand.update(seasons={"weekly mow": []}),
    "a season of a blank": lambda brand: brand.update(seasons={" ": [5]}),
    "seasons that are a list": lambda brand: brand.update(seasons=[5]),
    "a click that is a text": lambda brand: brand["footer"].update(one_click="yes"),
    "a variant without a text": lambda brand: brand["footer"].update(variants=[{"locale": "de-DE"}]),
    "a variant for an unknown basis": lambda brand: brand["footer"].update(variants=[{"basis": "hope", "text": "Hi"}]),
    "variants that are an object": lambda brand: brand["footer"].update(variants={"de-DE": "Hallo"}),
    "a consent of no basis": lambda brand: brand.update(consent={}),
    "a consent of an unknown basis": lambda brand: brand.update(consent={"unless_stated": "assumed"}),
    "a required slot that no fact has": lambda brand: brand.update(required={"referral": ["offer.discount"]}),
    "required slots of an unknown purpose": lambda brand: brand.update(required={"newsletter": ["offer.link"]}),
    "a required slot that is a text": lambda brand: brand.update(required={"referral": "offer.link"}),
    "a day of 13 months": lambda brand: brand["offers"][0].update(valid_until="2026-13-01"),
}


@pytest.mark.parametrize("change", MISSHAPEN.values(), ids=MISSHAPEN)
def test_what_is_misshapen_is_refused_by_the_schema_and_by_the_parser(content: dict[str, Any], change: Change) -> None:
    change(content)

    assert not SCHEMA.is_valid(content)
    with pytest.raises(ConfigurationError):
        parsed(content)


CONTRADICTORY: dict[str, tuple[Change, str]] = {
    "a default that is no locale of the brand": (
        lambda brand: brand.update(locales=["es-US"], footer=brand["footer"] | {"variants": []}),
        "/default_locale: not among the locales",
    ),
    "a service twice": (
        lambda brand: brand["services"].append("Weekly Mow"),
        "/services: one value stands there twice",
    ),
    "an id twice": (lambda brand: brand["offers"].append(brand["offers"][0]), "/offers/8/id: another offer has it"),
    "an offer that ends before it begins": (
        lambda brand: brand["offers"][1].update(valid_until="2024-02-29"),
        "/offers/1/valid_until: before valid_from",
    ),
    "an upsell of nothing": (
        lambda brand: brand["offers"][2].update(service=None),
        "/offers/2/service: an upsell proposes a service",
    ),
    "an upsell of a foreign service": (
        lambda brand: brand["offers"][2].update(service="roofing"),
        "/offers/2/service: not among the services",
    ),
    "a season of a foreign service": (
        lambda brand: brand.update(seasons={"roofing": [5]}),
        "/seasons/roofing: not among the services",
    ),
    "an offer on a foreign host": (
        lambda brand: brand["offers"][0].update(link="https://greenedge.example.evil.example/refer"),
        "/offers/0/link: begins with none of the links",
    ),
    "a foreign link to unsubscribe": (
        lambda brand: brand["footer"].update(unsubscribe_link="https://lists.example/u"),
        "/footer/unsubscribe_link: begins with none of the links",
    ),
    "a postal address without a number": (
        lambda brand: brand["company"].update(postal_address="Clover Row, Evergreen Falls"),
        "/company/postal_address: no postal address: street or P.O. box, place, and their numbers",
    ),
    "a postal address of a street alone": (
        lambda brand: brand["company"].update(postal_address="14 Clover Row"),
        "/company/postal_address: no postal address: street or P.O. box, place, and their numbers",
    ),
    "a variant for nobody": (
        lambda brand: brand["footer"].update(variants=[{"text": "Hello"}]),
        "/footer/variants/0: says neither for which basis nor for which locale",
    ),
    "a variant twice": (
        lambda brand: brand["footer"].update(variants=[{"basis": "inquiry", "text": text} for text in ("Hi", "Ho")]),
        "/footer/variants/1: another variant is for the same",
    ),
    "a variant in a locale that the brand doesn't write in": (
        lambda brand: brand.update(
            locales=["en-US"], footer=brand["footer"] | {"variants": [{"locale": "de-DE", "text": "Hallo"}]}
        ),
        "/footer/variants/0/locale: not among the locales",
    ),
    "fewer words at most than at least": (
        lambda brand: brand["limits"].update(body_words=[220, 40]),
        "/limits/body_words: expected [least, most] words, from 1 to 1000",
    ),
}


@pytest.mark.parametrize(("change", "problem"), CONTRADICTORY.values(), ids=CONTRADICTORY)
def test_parts_that_contradict_each_other_are_refused_by_the_parser(
    content: dict[str, Any], change: Change, problem: str
) -> None:
    change(content)

    with pytest.raises(ConfigurationError) as refusal:
        parsed(content)

    assert str(refusal.value) == f"brand file: {problem}"


def test_every_problem_is_named_at_once(content: dict[str, Any]) -> None:
    broken = deepcopy(content)
    broken["company"]["name"] = ""
    broken["offers"][0]["percent"] = "ten"
    broken["offers"][1]["valid_until"] = "2024-02-29"
    broken["default_locale"] = "it-IT"
    broken["footer"]["unsubscribe_link"] = "https://lists.example/u"
    del broken["interval_days"]

    with pytest.raises(ConfigurationError) as refusal:
        parsed(broken)

    pointers = {problem.partition(": ")[0] for problem in str(refusal.value).removeprefix("brand file: ").split("; ")}
    assert pointers == {
        "/company/name",
        "/offers/0/percent",
        "/offers/1/valid_until",
        "/default_locale",
        "/footer/unsubscribe_link",
        "/interval_days",
    }


@pytest.mark.parametrize("document", [b"", b"\xff\xfe\xff", b"{", b"[]", b"null", b"{}", b'"brand"', b'{"offers": 3}'])
def test_what_is_no_brand_at_all_is_refused_in_words(document: bytes) -> None:
    with pytest.raises(ConfigurationError, match="brand file: "):
        parse_brand(document)
