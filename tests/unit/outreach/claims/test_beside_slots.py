"""What the words beside a slot make of it: denied, another figure, another's, another day."""

import pytest
from outreach.claims import trace
from outreach.findings import approvable

from tests.unit.outreach.claims.greenedge_facts import facts, in_body, traced_body

PRICE = [*facts(offer__friend_amount=None), {"slot": "offer.service", "kind": "text", "value": "fall aeration"}]


def contradicted(said, known=None):
    found = in_body(traced_body(f"Hello,\n\n{said}", known=known))
    return [each["slot"] for each in found if each["result"] == "contradicted"]


@pytest.mark.parametrize(
    ("said", "slot"),
    [
        ("It isn't {{offer.amount}}.", "offer.amount"),
        ("{{offer.name}} is no longer {{offer.amount}}.", "offer.amount"),
        ("If they book, you will not receive {{offer.amount}}.", "offer.amount"),
        ("{{offer.percent}} off has been withdrawn.", "offer.percent"),
        ("It isn't valid until {{offer.valid_until}}.", "offer.valid_until"),
        ("You get {{offer.amount}} per visit.", "offer.amount"),
        ("You get {{offer.amount}} a month.", "offer.amount"),
        ("You save {{offer.percent}} on every visit.", "offer.percent"),
        ("You get {{offer.amount}} twice.", "offer.amount"),
        ("You get up to {{offer.amount}}.", "offer.amount"),
        ("You get {{offer.amount}} and another {{offer.amount}}.", "offer.amount"),
        ("Your friends' friends get {{offer.amount}}.", "offer.amount"),
        ("Everyone on your street gets {{offer.amount}}.", "offer.amount"),
        ("You pay {{offer.amount}}.", "offer.amount"),
        ("It is {{offer.amount}} to join.", "offer.amount"),
        ("After your {{service.last_type}} on {{offer.valid_until}} all was well.", "service.last_date"),
        ("Your next visit is on {{service.last_date}}.", "service.last_date"),
    ],
)
def test_a_slot_that_says_what_is_not_so_is_contradicted(said, slot):
    assert slot in contradicted(said)


@pytest.mark.parametrize(
    "said",
    [
        "If you didn't get {{offer.amount}}, tell us.",
        "It isn't only {{offer.amount}}: it is a thank-you.",
        "They get {{offer.friend_amount}}, and you get another {{offer.amount}}.",
        "A friend gets {{offer.friend_amount}} off their bill.",
        "You get {{offer.amount}} for each friend who books.",
        "Anyone who books through your link gets {{offer.friend_amount}}.",
        "It is open until {{offer.valid_until}}.",
        "We came on {{service.last_date}}.",
    ],
)
def test_a_slot_that_says_what_is_so_stays(said):
    assert contradicted(said) == []


def test_a_price_is_no_gift_and_its_service_not_yet_done():
    assert contradicted("You save {{offer.amount}}.", PRICE) == ["offer.amount"]
    assert contradicted("You get {{offer.amount}} off.", PRICE) == ["offer.amount"]
    assert contradicted("You pay {{offer.amount}}.", PRICE) == []
    assert contradicted("You still enjoy your {{offer.service}}.", PRICE) == ["service.last_type"]
    assert contradicted("Add your {{offer.service}} today.", PRICE) == []


def test_a_unit_is_so_where_the_conditions_say_it():
    draft = {"subject": "A thank-you", "body": "Hi,\n\nIt is {{offer.amount}} per visit.", "call_to_action": ""}
    known = {"facts": [each for each in PRICE if each["slot"] != "offer.link"], "locale": "en-US"}

    assert approvable(trace(draft, **known, conditions="The price is for each visit.").findings)
    assert not approvable(trace(draft, **known, conditions="The price is for the first visit.").findings)
