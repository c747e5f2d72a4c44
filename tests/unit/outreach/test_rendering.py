"""Rendering: what the reader sees, in the reader's locale."""

import pytest
from agent_platform.errors import ConfigurationError
from hypothesis import given
from hypothesis import strategies as st
from outreach.brand_shape import SUPPORTED_LOCALES
from outreach.contracts import Fact
from outreach.rendering import as_html, render

LINK = "https://greenedge.example/refer?a=1&b=2"
FACTS: list[Fact] = [
    {"slot": "customer.first_name", "kind": "name", "value": "Zoë <3 O'Neil"},
    {"slot": "offer.amount", "kind": "money", "value": {"minor": 2500, "currency": "USD"}},
    {"slot": "offer.price", "kind": "money", "value": {"minor": 123450, "currency": "USD"}},
    {"slot": "offer.friend_amount", "kind": "money", "value": {"minor": 123400, "currency": "GBP"}},
    {"slot": "offer.percent", "kind": "percent", "value": 12.5},
    {"slot": "offer.link", "kind": "link", "value": LINK},
    {"slot": "service.last_date", "kind": "date", "value": "2026-03-03"},
    {"slot": "service.count", "kind": "number", "value": 12345},
]

# A no-break space (U+00A0), and fr-CA's narrow one (U+202F) where CLDR writes it, are the locale's own.
RENDERED = {
    "en-US": ["$25", "$1,234.50", "£1,234", "12.5%", "March 3, 2026", "12,345"],
    "es-US": ["$25", "$1,234.50", "GBP1,234", "12.5%", "3 de marzo de 2026", "12,345"],
    "en-GB": ["US$25", "US$1,234.50", "£1,234", "12.5%", "3 March 2026", "12,345"],
    "de-DE": ["25 $", "1.234,50 $", "1.234 £", "12,5 %", "3. März 2026", "12.345"],
    "fr-CA": ["25 $ US", "1 234,50 $ US", "1 234 £", "12,5 %", "3 mars 2026", "12 345"],
}
FIGURES = ["offer.amount", "offer.price", "offer.friend_amount", "offer.percent", "service.last_date", "service.count"]


def shown(slot: str, locale: str = "en-US") -> str:
    return render(f"{{{{{slot}}}}}", FACTS, locale=locale)


@pytest.mark.parametrize("locale", SUPPORTED_LOCALES)
def test_figures_are_written_as_the_locale_writes_them(locale: str) -> None:
    texts = [shown(slot, locale).replace("\u00a0", " ").replace("\u202f", " ") for slot in FIGURES]

    assert texts == RENDERED[locale]


@pytest.mark.parametrize("locale", SUPPORTED_LOCALES)
def test_names_and_links_stay_as_they_are(locale: str) -> None:
    assert shown("customer.first_name", locale) == "Zoë <3 O'Neil"
    assert shown("offer.link", locale) == LINK


@pytest.mark.parametrize(
    ("currency", "minor", "text"), [("JPY", 2500, "¥2,500"), ("USD", 5, "$0.05"), ("USD", 10**9, "$10,000,000")]
)
def test_the_minor_unit_is_the_currencys_own(currency: str, minor: int, text: str) -> None:
    fact: Fact = {"slot": "offer.amount", "kind": "money", "value": {"minor": minor, "currency": currency}}

    assert render("{{offer.amount}}", [fact], locale="en-US") == text


def test_a_text_is_filled_wherever_it_has_slots() -> None:
    text = "{{ customer.first_name }}, take {{offer.amount}} and {{offer.amount}} more. {Braces} stay."

    assert render(text, FACTS, locale="en-US") == "Zoë <3 O'Neil, take $25 and $25 more. {Braces} stay."


def test_a_value_that_looks_like_a_slot_is_not_filled_again() -> None:
    sly: Fact = {"slot": "customer.first_name", "kind": "name", "value": "{{offer.link}}"}

    assert render("Hi {{customer.first_name}}", [*FACTS, sly], locale="en-US") == "Hi {{offer.link}}"


def test_a_slot_without_a_fact_is_an_error_that_names_it() -> None:
    with pytest.raises(ConfigurationError, match=r"no fact for the slot offer\.deadline"):
        render("Until {{offer.deadline}}", FACTS, locale="en-US")


@pytest.mark.parametrize("placeholder", ["{{}}", "{{Jane Miller}}", "{{offer.amount | upper}}", "{{a\nb}}"])
def test_an_error_repeats_no_text_that_only_stands_between_braces(placeholder: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        render(placeholder, FACTS, locale="en-US")

    assert str(refusal.value) == "no fact for a placeholder that is no slot's name"


@pytest.mark.parametrize("locale", ["it-IT", "en", "en_US", "", "../../etc"])
def test_a_locale_without_data_in_the_layer_is_refused_everywhere(locale: str) -> None:
    with pytest.raises(ConfigurationError, match="messages can be rendered in de-DE, en-GB"):
        render("Hello", FACTS, locale=locale)


def test_html_has_a_paragraph_for_each_block_and_escapes_everything() -> None:
    text = 'Hi <b>Zoë</b> & co,\n\n\nfirst line\r\nsecond "line"\n  \nO\'Neil'

    assert as_html(text) == (
        "<p>Hi &lt;b&gt;Zoë&lt;/b&gt; &amp; co,</p>\n<p>first line<br>\nsecond &quot;line&quot;</p>\n<p>O&#x27;Neil</p>"
    )


def test_a_link_that_was_given_becomes_an_anchor_without_the_full_stop_after_it() -> None:
    html = as_html(f"Share it: {LINK}. Or don't.", links=[LINK])

    address = "https://greenedge.example/refer?a=1&amp;b=2"
    assert html == f'<p>Share it: <a href="{address}">{address}</a>. Or don&#x27;t.</p>'


@pytest.mark.parametrize(
    "text", ["https://evil.example/", f"{LINK}/evil", f"x{LINK}x", "javascript:alert(1)", "http://greenedge.example"]
)
def test_nothing_else_becomes_an_anchor(text: str) -> None:
    assert "<a " not in as_html(text, links=[LINK])


@given(st.text(alphabet=st.sampled_from("<>&\"' \nabhtps:/.{}"), max_size=80))
def test_no_text_brings_its_own_markup(text: str) -> None:
    html = as_html(text, links=["https://a.b/"])

    for ours in ("<p>", "</p>", "<br>", '<a href="https://a.b/">', "</a>"):
        html = html.replace(ours, "")
    assert not set('<>"') & set(html)
