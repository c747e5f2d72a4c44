"""What a draft says without a figure: spans, terms, promises, pressure, rankings, and what it says of its reader."""

from datetime import date

import pytest
from outreach.claims import ledger, trace
from outreach.findings import approvable

from tests.unit.outreach.claims.greenedge_facts import facts

# Services since 2023-04-03, the last on 2026-11-12; the offer ends on 2026-12-31.
AS_OF = date(2026, 11, 20)
CONDITIONS = "Both credits are applied after the neighbor's first completed service. No purchase needed."
FEATURES = {
    "satisfaction_average": {"value": 4.7, "reason": None},
    "service_shares": {"value": {"weekly mow": 0.9, "leaf removal": 0.1}, "reason": None},
    "services_never_bought": {"value": ["gutter cleaning"], "reason": None},
}
KNOWN = {
    "facts": facts(),
    "locale": "en-US",
    "conditions": CONDITIONS,
    "features": FEATURES,
    "as_of": AS_OF,
    "comment": None,
}


def draft(said):
    return {"subject": "A thank-you", "body": f"Hello,\n\n{said}", "call_to_action": "Share it: {{offer.link}}"}


def of(said, **changed):
    """The entries of what a body says, as (kind, result, source)."""
    entries = ledger(draft(said), **(KNOWN | changed))
    return [(each["kind"], each["result"], each["source"]) for each in entries if each["where"] == "body"]


def stopped(said, **changed):
    return not approvable(trace(draft(said), **(KNOWN | changed)).findings)


TRUE = [
    ("You have been with us for three years.", "span", "/facts/service.since"),
    ("Thank you for more than three years of trust.", "span", "/facts/service.since"),
    ("Thank you for 3 years with us.", "span", "/facts/service.since"),
    ("You joined us nearly four years ago.", "span", "/facts/service.since"),
    ("We came by eight days ago.", "span", "/facts/service.last_date"),
    ("It has been a few years since your first visit.", "span", "/facts/service.since"),
    ("We finished your lawn last week.", "span", "/facts/service.last_date"),
    ("We last mowed for you last Thursday.", "span", "/facts/service.last_date"),
    ("The credit comes after the neighbor's first completed service.", "condition", "/offer/conditions"),
    ("No purchase needed.", "condition", "/offer/conditions"),
    ("It comes once the neighbor's first service is completed.", "condition", "/offer/conditions"),
    ("We are glad that you were happy.", "reader", "/features/values/satisfaction_average"),
    ("Your leaf removal went well.", "name", "/features/values/service_shares"),
    ("This was your fourteenth visit.", "number", "/facts/service.count"),
    ("Your next visit will be your 15th visit.", "number", "/facts/service.count"),
    ("This is our fourth year together.", "span", "/facts/service.since"),
    ("Your weekly visits are a joy.", "span", "/facts/service.last_type"),
    ("We came by on a Thursday.", "date", "/facts/service.last_date"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "kind", "source"), TRUE, ids=[each[0] for each in TRUE])
def test_what_is_so_is_verified_by_its_source(said, kind, source):
    assert (kind, "verified", source) in of(said)
    assert not stopped(said)


FALSE = [
    ("You have been with us for five years.", "span", "contradicted"),
    ("Thank you for over four years of trust.", "span", "contradicted"),
    ("We came by two weeks ago.", "span", "contradicted"),
    ("We finished your lawn yesterday.", "span", "contradicted"),
    ("We came last spring.", "span", "contradicted"),
    ("We visited this morning.", "span", "contradicted"),
    ("You get $20-$25.", "range", "contradicted"),
    ("You get between $20 and $30.", "range", "contradicted"),
    ("Save 10-15%.", "range", "contradicted"),
    ("The credit comes before the neighbor's first completed service.", "condition", "contradicted"),
    ("This is for new customers only.", "condition", "unsupported"),
    ("It is valid for lawns in town.", "condition", "unsupported"),
    ("No contract required.", "condition", "unsupported"),
    ("Your satisfaction is guaranteed.", "promise", "unsupported"),
    ("You also get a free aeration.", "promise", "unsupported"),
    ("We will waive the fee.", "promise", "unsupported"),
    ("We'll always be on time.", "promise", "unsupported"),
    ("Our crews never miss a spot.", "promise", "unsupported"),
    ("Get your money back.", "promise", "unsupported"),
    ("You will receive a gift card.", "promise", "unsupported"),
    ("Only today!", "urgency", "contradicted"),
    ("The offer ends tomorrow.", "urgency", "contradicted"),
    ("Only three days left.", "urgency", "contradicted"),
    ("This is your last chance.", "urgency", "contradicted"),
    ("While supplies last.", "urgency", "unsupported"),
    ("We are cheaper than other companies.", "comparative", "unsupported"),
    ("We are an award-winning team.", "comparative", "unsupported"),
    ("You were disappointed last time.", "reader", "contradicted"),
    ("You agreed to a renewal.", "reader", "unsupported"),
    ("We saw you in Dallas.", "place", "contradicted"),
    ("Just ask for Marcus at the gate.", "name", "contradicted"),
    ("Marcus and the crew say hi.", "name", "contradicted"),
    ("Your gutter cleaning went well.", "name", "contradicted"),
    ("Your pool repair went well.", "name", "contradicted"),
    ("No credit comes after the neighbor's first completed service.", "condition", "contradicted"),
    ("Refer as often as you like.", "condition", "unsupported"),
    ("Use NEIGHBOR at checkout.", "code", "unsupported"),
    ("Get it with code FALL25.", "code", "unsupported"),
    ("Just mention coupon SAVE20.", "code", "unsupported"),
    ("Enter your referral code when you book.", "code", "unsupported"),
    ("The code is 'sunny'.", "code", "unsupported"),
    ("This was your twentieth visit.", "number", "contradicted"),
    ("Happy fifth anniversary with us, on your fifth anniversary.", "span", "contradicted"),
    ("Your monthly visits are a joy.", "span", "contradicted"),
    ("We stop by every other day.", "span", "contradicted"),
    ("We came by on a Sunday.", "date", "contradicted"),
    ("We'll see you on Thursday.", "date", "unsupported"),
    ("Your next visit is already booked.", "date", "unsupported"),
    ("We would be happy to waive the fee.", "promise", "unsupported"),
    ("It is waiting on your account.", "promise", "unsupported"),
    ("The offer never expires.", "urgency", "contradicted"),
    ("Jessica loved working at your place.", "name", "contradicted"),
    ("Your husband asked about us.", "reader", "unsupported"),
    ("The weeds along your fence are back.", "reader", "unsupported"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "kind", "result"), FALSE, ids=[each[0] for each in FALSE])
def test_what_is_not_so_stops_a_draft(said, kind, result):
    assert (kind, result) in [each[:2] for each in of(said)]
    assert stopped(said)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("You have the best lawn in town.", "comparative"),
        ("We will gladly take it from there.", "opinion"),
        ("We always look forward to your garden.", "opinion"),
    ],
)
def test_what_is_nobody_s_to_check_is_an_opinion(said, kind):
    assert (kind, "opinion", None) in of(said)
    assert not stopped(said)


@pytest.mark.parametrize(
    "said",
    [
        "It takes two minutes.",
        "Feel free to call us.",
        "A free Saturday is lovelier.",
        "No rush, take your time.",
        "Don't hesitate to ask.",
        "After a long week, a tidy yard is a joy.",
        "Every two weeks is what most lawns like.",
        "That is why we do it.",
        "We look forward to Thanksgiving with you.",
        "Your GreenEdge crew says hi.",
        "You would keep your usual mowing visits.",
        "They will get to know us, or we will call.",
        "It is time to book a Mow with us.",
        "No code is needed.",
        "What is your zip code?",
        "Tell your sister about us.",
        "See you soon.",
        "We could add it to your next visit.",
        "Your first visit feels like yesterday's.",
    ],
)
def test_a_manner_of_speaking_stops_nothing(said):
    assert not stopped(said)


def test_the_offer_s_last_day_vouches_for_its_urgency():
    soon = facts(offer__valid_until="2026-11-23")

    assert of("Only three days left.", facts=soon) == [("urgency", "verified", "/facts/offer.valid_until")]
    assert of("The offer ends soon.", facts=soon) == [("urgency", "verified", "/facts/offer.valid_until")]
    assert stopped("Only today!", facts=soon)
    assert of("Only today!", facts=facts(offer__valid_until="2026-11-20"))[0][1] == "verified"


def test_a_code_is_so_where_the_conditions_say_it():
    said = "Use code FALL25 at checkout."

    assert of(said, conditions="With code FALL25 only.") == [("code", "verified", "/offer/conditions")]
    assert stopped(said, conditions="With code FALL30 only.")


def test_an_offer_without_a_last_day_may_get_one():
    assert of("The offer never expires.", facts=facts(offer__valid_until=None)) == [("urgency", "not_checked", None)]


def test_what_was_seen_at_a_place_waits_for_whoever_knows_it():
    assert of("We noticed a bare corner.") == [("reader", "not_checked", None)]


COMMENT = "Luis was great. My lawn has never looked better! The dog loves it, but the gate was left open."


@pytest.mark.parametrize(
    "said",
    [
        'You told us "my lawn has never looked better" last week.',
        "You said that the lawn never looked better.",
        "You mentioned the gate.",
        "As you wrote: “The dog loves it.”",
    ],
)
def test_what_a_reader_told_is_so_where_the_comment_says_it(said):
    assert ("reader", "verified", "/comment") in of(said, comment=COMMENT)
    assert ("reader", "not_checked", None) in of(said, comment="All fine.")
    assert ("reader", "not_checked", None) in of(said)


@pytest.mark.parametrize(
    "said",
    [
        'You told us "my lawn has always looked great".',
        "You told us that the lawn looked better.",
        "You mentioned the price.",
        "You told us so.",
    ],
)
def test_what_the_comment_says_otherwise_or_not_at_all_waits_for_a_person(said):
    assert ("reader", "not_checked", None) in of(said, comment=COMMENT)


def test_a_household_is_known_from_the_comment_alone():
    assert of("Give your pet a pat.", comment=COMMENT) == [("reader", "verified", "/comment")]
    assert of("Give your dog a pat.", comment=COMMENT) == [("reader", "verified", "/comment")]
    assert of("Give your cat a pat.", comment=COMMENT) == [("reader", "unsupported", None)]
    unknown = {name: value for name, value in KNOWN.items() if name != "comment"}
    assert [
        each["result"] for each in ledger(draft("Give your cat a pat."), **unknown) if each["kind"] == "reader"
    ] == ["not_checked"]


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("There is a surcharge in the fine print.", "condition"),
        ("Ask about our memberships.", "condition"),
        ("The law says so.", "comparative"),
        ("It adds hours.", "comparative"),
        ("Replies come within office hours.", "promise"),
        ("It goes up soon after.", "urgency"),
        ("They were not at home.", "reader"),
    ],
)
def test_what_no_rule_has_read_on_a_topic_of_weight_waits_for_a_person(said, kind):
    assert (kind, "not_checked", None) in of(said)


@pytest.mark.parametrize("said", ["The link tells you what is included and lets you choose.", "It is open on {{x}}."])
def test_what_speaks_of_a_fact_or_of_nothing_has_no_topic(said):
    said = said.replace("{{x}}", "{{offer.valid_until}}")
    assert not [each for each in of(said) if each[1] == "not_checked"]


def test_how_a_reader_felt_is_an_opinion_where_no_rating_says_it():
    assert of("You were happy with it.", features={}) == [("reader", "opinion", None)]
    unhappy = FEATURES | {"satisfaction_average": {"value": 2.0, "reason": None}}
    assert stopped("You were happy with it.", features=unhappy)


def test_what_a_reader_said_waits_for_a_person():
    assert of("You told us about the gate.") == [("reader", "not_checked", None)]


DIFFERING = [
    *facts(offer__friend_amount={"minor": 2000, "currency": "USD"}),
    {"slot": "offer.service", "kind": "text", "value": "Fall Aeration"},
]


@pytest.mark.parametrize(
    "said",
    [
        "You don't get {{offer.amount}}.",
        "There is no {{offer.amount}} for you.",
        "The {{offer.amount}} is not for you.",
        "You get {{offer.friend_amount}}.",
        "Your friend receives {{offer.amount}}.",
        "You both receive {{offer.amount}}.",
        "There is {{offer.amount}} for them.",
        "The offer is open until {{service.last_date}}.",
        "We came by on {{offer.valid_until}}.",
        "You have been with us since {{service.last_date}}.",
        "Your last {{offer.service}} went well.",
        "Your {{service.last_type}} is {{offer.amount}}.",
        "{{customer.first_name}} and the crew came by.",
        "You have been with us for {{service.count}} years.",
    ],
)
def test_a_slot_where_another_fact_belongs_is_contradicted(said):
    assert stopped(said, facts=DIFFERING)


@pytest.mark.parametrize(
    "said",
    [
        "Your friend receives {{offer.friend_amount}}, and you receive {{offer.amount}}.",
        "You get {{offer.amount}} for each of them, and they get {{offer.friend_amount}}.",
        "It gives you {{offer.amount}} and them {{offer.friend_amount}}.",
        "Give {{offer.friend_amount}}, get {{offer.amount}}.",
        "Why not earn {{offer.amount}}?",
        "After {{service.last_type}} on {{service.last_date}}, {{offer.service}} by {{offer.valid_until}}.",
        "You have been with us since {{service.since}}.",
        "{{offer.service}} is {{offer.amount}}.",
    ],
)
def test_a_slot_in_its_place_is_not(said):
    assert not stopped(said, facts=DIFFERING)


def test_outside_english_each_part_with_prose_says_that_numbers_in_words_were_not_read():
    entries = ledger(draft("Guten Tag."), **(KNOWN | {"locale": "de-DE"}))

    assert [each["where"] for each in entries if each["result"] == "not_checked"] == [
        "subject",
        "body",
        "call_to_action",
    ]
    assert not [each for each in ledger(draft("Good day."), **KNOWN) if each["result"] == "not_checked"]
