"""A rendered mail held against the law: what code writes below it is enough everywhere, and nothing less is."""

from dataclasses import replace
from typing import Any, get_args

import pytest
from outreach.brand_shape import SUPPORTED_LOCALES
from outreach.contracts import LawReference
from outreach.mail_law.lines import legal_lines, unsubscribe_link
from outreach.mail_law.mails import Mail, breaches, headers
from outreach.mail_law.rule_sets import VERSION, rules_for
from outreach.mail_law.rules import Basis
from outreach.rendering import as_html

from tests.unit.outreach.writing_cases import greenedge

BRAND = greenedge()
LINK = unsubscribe_link(BRAND, "m1")
COUNTRIES = ["US", "CA", "DE", "FR", "GB", None]


def law(country: str | None, basis: str = "express") -> LawReference:
    return {"rules": rules_for(country).name, "version": VERSION, "country": country, "basis": basis}


def mail(
    country: str | None, basis: str = "express", *, locale: str = "en-US", without: str = "\0", **changes: Any
) -> Mail:
    lines = legal_lines(BRAND, rules_for(country), basis=basis, locale=locale, link=LINK)
    text = "\n".join(["Hello", "", *lines]).replace(without, "…")
    whole = Mail("A thank-you", text, as_html(text, links=[LINK]), headers(LINK, one_click=True), locale, LINK)
    return replace(whole, **changes)


def named(found: list[str]) -> list[str]:
    return [breach.partition(":")[0] for breach in found]


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("basis", get_args(Basis))
@pytest.mark.parametrize("locale", SUPPORTED_LOCALES)
def test_the_lines_below_a_mail_are_enough_in_every_country_basis_and_language(
    country: str | None, basis: str, locale: str
) -> None:
    assert breaches(mail(country, basis, locale=locale), BRAND, law(country, basis)) == []


@pytest.mark.parametrize(
    ("without", "duty"),
    [
        (BRAND.company.postal_address, "postal_address"),
        ("Unsubscribe", "unsubscribe"),
        (LINK, "unsubscribe"),
        ("advertisement", "advertisement"),
    ],
)
def test_a_mail_without_one_of_them_breaks_the_strictest_law(without: str, duty: str) -> None:
    assert named(breaches(mail(None, without=without), BRAND, law(None))) == [duty]


def test_a_mail_that_names_no_company_or_no_way_to_reach_it_is_one_of_nobody() -> None:
    nobody = mail(None, text="Hello", html="<p>Hello</p>")
    found = named(breaches(nobody, BRAND, law(None)))

    assert found == sorted({"identity", "postal_address", "contact", "unsubscribe", "advertisement"})


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("subject", ["Re: your lawn", " "])
def test_a_dishonest_or_empty_subject_is_unlawful_everywhere(country: str | None, subject: str) -> None:
    [breach] = breaches(mail(country, subject=subject), BRAND, law(country))

    assert breach.startswith("honest_subject: ")
    assert breach.endswith(")")


def test_both_forms_of_the_mail_say_it() -> None:
    plain = mail("US")
    only_text = replace(plain, html="<p>Hello</p>")
    no_anchor = replace(plain, html=as_html(plain.text))

    assert "postal_address" in named(breaches(only_text, BRAND, law("US")))
    assert named(breaches(no_anchor, BRAND, law("US"))) == ["unsubscribe"]


def test_a_mail_program_finds_the_link_in_the_headers() -> None:
    assert named(breaches(mail("US", headers={}), BRAND, law("US"))) == ["unsubscribe"]
    assert headers(LINK, one_click=False) == {"List-Unsubscribe": f"<{LINK}>"}
    assert headers(LINK, one_click=True)["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_link_without_tls_is_no_way_to_unsubscribe() -> None:
    bare = mail("US", unsubscribe_link="http://greenedge.example/unsubscribe")

    assert named(breaches(bare, BRAND, law("US"))) == ["unsubscribe"]


def test_only_who_agreed_is_spared_the_word_advertisement_in_the_united_states() -> None:
    assert "advertisement" not in mail("US", "express").text
    assert "advertisement" in mail("US", "existing_customer").text
    assert named(breaches(mail("US", "express"), BRAND, law("US", "inquiry"))) == ["advertisement"]


@pytest.mark.parametrize(
    ("link", "for_message"),
    [
        ("https://greenedge.example/unsubscribe", "https://greenedge.example/unsubscribe?message=m1"),
        ("https://greenedge.example/u?list=1", "https://greenedge.example/u?list=1&message=m1"),
        ("https://greenedge.example/u#top", "https://greenedge.example/u?message=m1#top"),
        ("https://greenedge.example", "https://greenedge.example/?message=m1"),
    ],
)
def test_the_link_says_which_message_it_ends(link: str, for_message: str) -> None:
    brand = replace(BRAND, footer=replace(BRAND.footer, unsubscribe_link=link))

    assert unsubscribe_link(brand, "m1") == for_message


def test_what_stands_below_is_true_of_the_basis() -> None:
    assert "agreed to hear" in mail("US", "express").text
    assert "you are a customer" in mail("US", "existing_customer").text
    assert "Sie Kunde" in mail("DE", "soft_opt_in", locale="de-DE").text
