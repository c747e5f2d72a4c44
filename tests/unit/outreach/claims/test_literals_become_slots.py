"""What equals exactly one fact is turned into its slot, however it is written."""

import pytest
from outreach.findings import approvable

from tests.unit.outreach.claims.greenedge_facts import facts, in_body, only, traced_body

AMOUNTS = [
    "$25", "$25.00", "25 $", "US$25", "USD 25", "USD25", "25USD", "25 USD", "$25 USD", "$ 25", "25 dollars",
    "25-dollar", "25.00 dollars", "25 bucks", "twenty-five dollars", "twenty five dollars", "Twenty-Five Dollars",
    "2500 cents", "25,00 $", "$２５", "$\u200b25", "$2\u00ad5", "＄25", "&#36;25", "&#x24;25", "&dollar;25", "$&#50;5",
    "$٢٥", "25&nbsp;USD", "25\u00a0USD", "${{offer.amount}}", "{{offer.amount}} USD", "{{ offer.amount }}",
]  # fmt: skip


@pytest.mark.parametrize("literal", AMOUNTS)
def test_an_amount(literal):
    traced = traced_body(f"You get ({literal}) for it.")

    assert traced.body == "You get ({{offer.amount}}) for it."
    assert only(in_body(traced))["slot"] == "offer.amount"
    assert approvable(traced.findings)


@pytest.mark.parametrize(
    ("literal", "locale", "minor", "currency"),
    [
        ("1,250.50 €", "en-US", 125050, "EUR"),
        ("1.250,50 €", "en-US", 125050, "EUR"),
        ("1.250,50 €", "de-DE", 125050, "EUR"),
        ("1,250.50 €", "de-DE", 125050, "EUR"),
        ("1250,50 Euro", "de-DE", 125050, "EUR"),
        ("EUR 1.250,50", "de-DE", 125050, "EUR"),
        ("1 250,50 €", "fr-FR", 125050, "EUR"),
        ("1\u202f250,50 €", "fr-FR", 125050, "EUR"),
        ("1'250.50 CHF", "de-CH", 125050, "CHF"),
        ("1.250 €", "de-DE", 125000, "EUR"),
        ("1,250 €", "en-IE", 125000, "EUR"),
        ("25,- €", "de-DE", 2500, "EUR"),
        ("₹1,25,000", "en-IN", 12500000, "INR"),
        ("¥1,250", "en-US", 1250, "JPY"),
        ("1.250 KWD", "en-US", 1250, "KWD"),
        ("C$25", "en-CA", 2500, "CAD"),
        ("$25", "en-AU", 2500, "AUD"),
        ("25 zł", "pl-PL", 2500, "PLN"),
        ("250 kr", "sv-SE", 25000, "SEK"),
        ("R$ 25,00", "pt-BR", 2500, "BRL"),
        ("£25", "en-GB", 2500, "GBP"),
        ("50 cents", "en-US", 50, "USD"),
        ("$2 thousand", "en-US", 200000, "USD"),
        ("two thousand five hundred dollars", "en-US", 250000, "USD"),
    ],
)
def test_an_amount_by_locale(literal, locale, minor, currency):
    known = facts(offer__amount={"minor": minor, "currency": currency}, offer__friend_amount=None)

    assert traced_body(f"You get {literal}, yes.", locale=locale, known=known).body == "You get {{offer.amount}}, yes."


@pytest.mark.parametrize(
    ("literal", "locale"), [("1.250 €", "en-US"), ("1,250 €", "de-DE"), ("1.25.0 €", "de-DE"), ("12,50,0 €", "en-US")]
)
def test_a_separator_means_what_it_means_in_the_locale(literal, locale):
    known = facts(offer__amount={"minor": 125000, "currency": "EUR"}, offer__friend_amount=None)

    assert not approvable(traced_body(f"You get {literal}.", locale=locale, known=known).findings)


@pytest.mark.parametrize(
    "literal", ["15%", "15 %", "15 percent", "15 per cent", "fifteen percent", "15.0%", "１５％", "{{offer.percent}}%"]
)
def test_a_percentage(literal):
    assert traced_body(f"Get {literal} off.").body == "Get {{offer.percent}} off."


@pytest.mark.parametrize(
    ("literal", "locale"),
    [
        ("2026-11-12", "en-US"),
        ("2026/11/12", "en-US"),
        ("2026-11-12T09:30:00Z", "en-US"),
        ("Nov 12, 2026", "en-US"),
        ("Nov. 12, 2026", "en-US"),
        ("November 12th", "en-US"),
        ("November 12", "en-US"),
        ("november 12th, 2026", "en-US"),
        ("12 November 2026", "en-GB"),
        ("12th of November", "en-GB"),
        ("Thursday, November 12, 2026", "en-US"),
        ("Thursday, {{service.last_date}}", "en-US"),
        ("11/12/2026", "en-US"),
        ("12/11/2026", "en-GB"),
        ("11/12/26", "en-US"),
        ("11/12", "en-US"),
        ("12.11.2026", "de-DE"),
        ("12.11.", "de-DE"),
        ("12. November 2026", "de-DE"),
        ("Donnerstag, den 12. November", "de-DE"),
        ("12 de noviembre de 2026", "es-ES"),
        ("jueves, 12 de noviembre", "es-MX"),
        ("12 novembre 2026", "fr-FR"),
        ("12 novembre 2026", "it-IT"),
        ("12 de novembro de 2026", "pt-BR"),
        ("12 november 2026", "nl-NL"),
        ("Nоvember 12", "en-US"),
    ],
)
def test_a_date(literal, locale):
    assert traced_body(f"We came ({literal}).", locale=locale).body == "We came ({{service.last_date}})."


@pytest.mark.parametrize("literal", ["in April 2023", "since 2023-04", "since 2023"])
def test_a_month_or_a_year_equals_a_day_within_it_but_stays_since_the_slot_would_say_more(literal):
    traced = traced_body(f"You are with us {literal}.")

    assert traced.body == f"You are with us {literal}."
    assert (only(in_body(traced))["result"], only(in_body(traced))["slot"]) == ("equals", "service.since")


def test_a_month_that_is_known_as_a_month_becomes_its_slot():
    assert traced_body("Since April 2023.", known=facts(service__since="2023-04")).body == "Since {{service.since}}."


def test_a_date_that_may_be_either_of_two_facts_is_unsupported():
    traced = traced_body("In November 2026.", known=facts(offer__valid_until="2026-11-30"))

    assert only(in_body(traced))["result"] == "unsupported"


@pytest.mark.parametrize(
    "literal",
    [
        "https://greenedge.example/r/DANA25",
        "http://greenedge.example/r/DANA25",
        "HTTPS://GreenEdge.Example/r/DANA25",
        "greenedge.example/r/DANA25",
        "//greenedge.example/r/DANA25",
        "https://greenedge.example/r/DANA25/",
        "https://greenedge.example:443/r/DANA25",
        "https://greenedge.example/r/D%41NA25",
        "https://greеnedge.example/r/DANA25",
        "https://green\u200bedge.example/r/DANA25",
        "https://{{offer.link}}",
    ],
)
def test_a_link(literal):
    assert traced_body(f"See {literal}, please.").body == "See {{offer.link}}, please."


@pytest.mark.parametrize("end", [".", "!", "?", ")", ", ok", " now"])
def test_a_link_ends_where_the_sentence_goes_on(end):
    assert traced_body(f"(See https://greenedge.example{end}").body == f"(See {{{{company.website}}}}{end}"


def test_an_allowed_link_may_stand_as_it_is_but_nothing_below_it():
    allowed = ("https://greenedge.example/care",)
    body = "Read greenedge.example/care today."

    assert (traced_body(body, links=allowed).body, approvable(traced_body(body, links=allowed).findings)) == (
        body,
        True,
    )
    assert not approvable(traced_body("Read greenedge.example/care/other today.", links=allowed).findings)


@pytest.mark.parametrize(
    "literal", ["+1 972 555 0134", "(972) 555-0134", "972-555-0134", "972.555.0134", "9725550134", "+1 (972) 555-0134"]
)
def test_a_phone_number(literal):
    assert traced_body(f"Call {literal}. Any time.").body == "Call {{company.phone}}. Any time."


def test_an_email_address():
    known = [*facts(), {"slot": "sender.email", "kind": "email", "value": "priya@greenedge.example"}]

    assert traced_body("Write to Priya@greenedge.example.", known=known).body == "Write to {{sender.email}}."


@pytest.mark.parametrize("literal", ["14 visits", "fourteen visits"])
def test_a_number(literal):
    assert traced_body(f"You had {literal}.").body == "You had {{service.count}} visits."


@pytest.mark.parametrize(
    ("said", "becomes"),
    [
        ("Dear Dana,\nhello", "Dear {{customer.first_name}},\nhello"),
        ("Hi DANA!\nhello", "Hi {{customer.first_name}}!\nhello"),
        ("hi dana,\nhello", "hi {{customer.first_name}},\nhello"),
        ("Luis's crew came to Plano.", "{{service.crew}}'s crew came to {{customer.city}}."),
        ("Here at GreenEdge we care.", "Here at {{company.name}} we care."),
        ("We at greenedge lawn care smile.", "We at {{company.name}} smile."),
        ("Bye.\n\nBest,\nPriya", "Bye.\n\nBest,\n{{sender.name}}"),
        ("Bye.\n\nBest,\nPriya Shah, Customer Care", "Bye.\n\nBest,\n{{sender.name}}, {{sender.title}}"),
        ("Bye.\n\nYour GreenEdge team", "Bye.\n\nYour GreenEdge team"),
        ("I'm Priya from GreenEdge Lawn Care.", "I'm {{sender.name}} from {{company.name}}."),
    ],
)
def test_a_name(said, becomes):
    traced = traced_body(said)

    assert traced.body == becomes
    assert approvable(traced.findings)


def test_a_name_that_is_a_word_is_a_name_only_where_names_are():
    known = facts(customer__first_name="Hope")

    assert (
        traced_body("Hi Hope,\nHope is not a plan.", known=known).body
        == "Hi {{customer.first_name}},\nHope is not a plan."
    )


def test_a_name_is_reported_by_its_slot_so_that_no_finding_carries_it():
    traced = traced_body("Hi Dana,\nLuis says hi to Plano.")

    assert [each["text"] for each in in_body(traced)] == [
        "{{customer.first_name}}",
        "{{service.crew}}",
        "{{customer.city}}",
    ]


def test_a_known_text_with_digits_is_not_taken_apart():
    known = facts(service__last_type="7-Day Clean", offer__name="Give $40, Get $40")

    assert traced_body("Give $40, Get $40 after your 7-Day Clean!", known=known).body == (
        "{{offer.name}} after your {{service.last_type}}!"
    )


def test_of_two_facts_with_one_value_the_offers_and_then_the_first_by_name_is_meant():
    traced = traced_body("You get $25 and they get $25.")

    assert traced.body == "You get {{offer.amount}} and they get {{offer.amount}}."


def test_a_fact_without_a_value_is_no_slot():
    traced = traced_body("Ask {{service.crew}}.", known=facts(service__crew=None))

    assert only(in_body(traced))["kind"] == "placeholder"


def test_without_a_fact_of_its_kind_a_claim_is_unsupported():
    traced = traced_body("You get $25.", known=facts(offer__amount=None, offer__friend_amount=None))

    assert (only(in_body(traced))["result"], only(in_body(traced))["slot"]) == ("unsupported", None)


@pytest.mark.parametrize(
    "said",
    [
        "two minutes",
        "a five-star lawn",
        "one or two friends",
        "first things first",
        "one visit",
        "a two-minute job",
        "twelve roses",
    ],
)
def test_small_numbers_in_words_are_a_manner_of_speaking(said):
    assert in_body(traced_body(f"It is {said}.")) == []
