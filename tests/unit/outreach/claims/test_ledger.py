"""The ledger says of every claim what became of it, and what settled it."""

from outreach.claims import ledger

from tests.unit.outreach.claims.greenedge_facts import facts

ALLOWED = ("https://greenedge.example/care", "https://greenedge.example/faq")
GOOD = {
    "subject": "A thank-you from {{company.name}}",
    "body": "Hi {{customer.first_name}},\n\nYour lawn in {{customer.city}} looks good.\n\nBest,\n{{sender.name}}",
    "call_to_action": "Share it: {{offer.link}}",
}


def entries(locale="en-US", known=None, links=ALLOWED, **parts):
    return ledger(GOOD | parts, facts=facts() if known is None else known, links=links, locale=locale)


def only(kind, **parts):
    (entry,) = [entry for entry in entries(**parts) if entry["kind"] == kind]
    return entry


def test_a_draft_of_slots_is_a_ledger_of_slots_with_their_facts():
    assert [(entry["where"], entry["kind"], entry["source"], entry["comparison"]) for entry in entries()] == [
        ("subject", "name", "/facts/company.name", "equal"),
        ("body", "name", "/facts/customer.first_name", "equal"),
        ("body", "place", "/facts/customer.city", "equal"),
        ("body", "name", "/facts/sender.name", "equal"),
        ("call_to_action", "link", "/facts/offer.link", "equal"),
    ]
    assert {entry["result"] for entry in entries()} == {"slot"}


def test_an_entry_stands_where_its_claim_stands_also_behind_what_is_folded_away():
    body = "Hi \u200b&nbsp;{{customer.first_name}}, you get $\u200b30."
    entry = only("amount", body=body)

    assert body[entry["start"] : entry["end"]] == entry["text"] == "$\u200b30"
    assert (entry["result"], entry["slot"], entry["source"]) == ("contradicted", "offer.amount", "/facts/offer.amount")
    assert entry["comparison"] is None


def test_a_month_that_is_a_fact_s_is_verified_by_it():
    entry = only("date", body=f"{GOOD['body']}\n\nP.S. With us since April 2023.")

    assert (entry["result"], entry["source"], entry["comparison"]) == ("verified", "/facts/service.since", "equal")


def test_a_rounded_count_and_a_sum_say_how_they_were_reckoned():
    count = only("number", body="Hello, thank you for over a dozen visits.")
    total = only("amount", body="Hello, that's $50 between the two of you.")

    assert (count["result"], count["source"]) == ("verified", "/facts/service.count")
    assert count["comparison"] == "rounded: 12 <= service.count"
    assert (total["result"], total["source"]) == ("verified", "/facts/offer.amount")
    assert total["comparison"] == "derived: offer.amount + offer.friend_amount"


def test_an_allowed_link_is_verified_by_the_brand_s_list():
    entry = only("link", body="Hello, read greenedge.example/faq today.", call_to_action="{{offer.name}}")

    assert (entry["result"], entry["source"], entry["slot"]) == ("verified", "/brand/links/1", None)


def test_a_name_that_is_known_never_stands_in_the_ledger():
    said = [entry["text"] for entry in entries(body="Hi Dana,\n\nLuis says hi to Plano.\n\nBest,\nPriya")]

    assert not any(name in text for text in said for name in ("Dana", "Luis", "Plano"))


def test_what_is_wrong_with_a_part_as_a_whole_has_no_place_in_it():
    entry = only("structure", call_to_action="Share it.")

    assert (entry["where"], entry["start"], entry["end"], entry["slot"]) == ("call_to_action", 0, 0, "offer.link")


def test_a_text_of_nothing_but_claims_is_one_entry():
    assert [entry["kind"] for entry in entries(body="$30 " * 600) if entry["where"] == "body"] == ["structure"]
