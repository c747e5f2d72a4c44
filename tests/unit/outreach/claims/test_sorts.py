"""Sorts of statements that are made in words alone: of the offer, the company, the work, and of what a reader did."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from outreach.claims.automatisms import AUTOMATISMS
from outreach.claims.causes import CAUSES
from outreach.claims.entitlements import ENTITLEMENTS
from outreach.claims.inclusions import INCLUSIONS
from outreach.claims.outcomes import OUTCOMES
from outreach.claims.payments import PAYMENTS
from outreach.claims.reachability import REACHABILITY
from outreach.claims.reputation import REPUTATION
from outreach.claims.workers import WORKERS

from tests.unit.outreach.claims.greenedge_facts import facts
from tests.unit.outreach.claims.harmless_sentences import sentences
from tests.unit.outreach.claims.test_said_in_words import COMMENT, DIFFERING, of, stopped

SORTS = [
    *PAYMENTS, *INCLUSIONS, *ENTITLEMENTS, *AUTOMATISMS, *REACHABILITY, *CAUSES, *OUTCOMES, *REPUTATION, *WORKERS,
]  # fmt: skip

# What no fact can hold, by the kind of its claim.
UNFOUNDED = {
    "condition": """
        No money changes hands before you are happy.
        We accept every major credit card.
        Haul-away comes with every visit.
        Your plan rolls over each year.
        You don't need to be a customer to use it.
        You can settle it in three instalments.
        Spread the cost over six months.
        Nothing is owed before the work is done.
        You will be billed later.
        A small deposit holds your place.
        Payment is due on the day.
        You can have the bonus turned into cash.
        Your credit can be carried over.
        Sign your credit over to a cousin.
        If you don't claim it in time, we keep it.
        The package comes with fresh mulch.
        Disposal and parking are covered.
        Seeds are part of the price.
        The bundle contains a second round.
        It works with any other discount.
        Use it along with your other vouchers.
        Credits add up.
        Landlords may have it, too.
        It is available to former customers.
        Even people from out of town qualify.
        It renews every spring.
        The discount applies automatically.
        We have signed you up for the list.
        Your contract will be extended.
        You can cancel any time.
    """,
    "promise": """
        You can reach a real person at midnight.
        We work weekends, too.
        Somebody is there around the clock.
        Our phones are answered on Sundays.
        Call us from eight till six.
        The office is closed over Christmas.
        We give a share to charity.
        For every visit we plant an oak.
        A part of the proceeds goes to the animal shelter.
        We support local schools.
        Our work is carbon neutral.
        Our head gardener plans it.
        An arborist from our crew looks at each tree: our arborist knows.
        The same people come every time.
        The manager comes himself.
        Only our best people work on it.
        You get a dedicated account manager.
    """,
    "comparative": """
        My grandfather founded this company.
        Everyone on your block has signed up.
        It cuts your watering in half.
        The grass grows faster by a third.
        It lasts all winter.
        You save three hours each month.
        It lowers your water bill.
        It pays for itself.
        The results hold for years.
        It is worth twice the price.
        The county approved our work.
        Experts recommend it.
        Our products are approved by the authorities.
        We are members of the national landscaping association.
        Our crews are background-checked.
        We meet all safety standards.
        Nine of ten neighbors would book again.
        Most of our customers renew.
        Half your block is already with us.
        Your neighbors already use it.
        We are trusted by many families.
        Our company was founded in a garage, founded over a coffee.
        We are a second-generation company.
        We are family-owned.
        We bring decades of experience.
        We have seven crews.
    """,
    "reader": """
        Your last rating was a ten.
        You never had a visit from us.
        We want to earn your business back.
        You gave our crew top marks.
        You rated the visit ten of ten.
        You called us your favorite.
        You have stopped booking with us.
        It has been ages.
        We have missed you.
        We want you back.
    """,
    "urgency": """
        The deal is off the table after Friday.
        The deal is over by Monday.
        You have until the weekend.
        The offer ends on Saturday.
        Prices go up soon.
        After that, you pay the regular price.
        Tomorrow it is gone.
    """,
    "name": """
        Our Fall Harvest Special is on now.
        Ask about our Spring Loyalty Bonus.
        With the Evergreen Rewards Club you save.
        The Summer Savings Event is on.
    """,
}
ALL = [(kind, said.strip()) for kind, lines in UNFOUNDED.items() for said in lines.strip().splitlines()]


@pytest.mark.parametrize(("kind", "said"), ALL, ids=[said for _, said in ALL])
def test_what_no_fact_holds_stops_a_draft(kind, said):
    found = [each[:2] for each in of(said)]
    assert {(kind, "unsupported"), (kind, "contradicted")} & {*found}
    assert stopped(said)


@pytest.mark.parametrize("said", sentences())
def test_the_same_words_in_a_good_draft_stop_nothing(said):
    assert not stopped(said, facts=DIFFERING)


@pytest.mark.parametrize(
    ("said", "conditions"),
    [
        ("You can pay in three instalments.", "You may pay it in three instalments."),
        ("Seeds are included.", "Seeds are included in the price."),
        ("It can be combined with other offers.", "It may be combined with all other offers."),
        ("Renters qualify, too.", "Owners and renters qualify."),
        ("The discount applies automatically.", "The discount is applied automatically."),
        ("A part of the price goes to charity.", "A part of the price goes to a charity."),
        ("Our head gardener plans it.", "Our head gardener plans the work."),
    ],
)
def test_the_offer_s_conditions_vouch_for_what_they_say(said, conditions):
    assert "/offer/conditions" in [
        source for _, result, source in of(said, conditions=conditions) if result == "verified"
    ]
    assert not stopped(said, conditions=conditions)
    assert stopped(said, conditions="For lawns up to half an acre.")


def test_the_conditions_turn_what_is_said_the_other_way_round():
    assert ("condition", "contradicted", "/offer/conditions") in of(
        "Seeds are included.", conditions="Seeds are not included."
    )


@pytest.mark.parametrize("sort", SORTS, ids=lambda sort: " ".join(sorted(sort.beginnings)[:3]))
def test_every_wording_has_a_beginning_by_which_its_sort_is_looked_for(sort):
    @given(st.from_regex(sort.wording.pattern))
    @settings(max_examples=200, deadline=None)
    def searched(page):
        worded = sort.wording.search(page)
        assert worded is None or next(sort.found(page), None) is not None

    searched()


def test_a_rating_is_known_from_the_comment():
    said = "You gave us five stars."

    assert of(said, comment="Great work, five stars for the crew!") == [("reader", "verified", "/comment")]
    assert stopped(said, comment="Great work, four stars for the crew.")
    assert stopped(said, comment=COMMENT)
    assert not stopped("You called us a while ago.")


@pytest.mark.parametrize(
    ("said", "mean", "result"),
    [
        ("Thank you for your perfect score.", 5.0, "verified"),
        ("Thank you for your perfect score.", 4.9, "contradicted"),
        ("Thank you for your perfect score.", None, "unsupported"),
        ("Thank you for your kind rating.", 4.2, "verified"),
        ("Thank you for your kind rating.", 2.2, "contradicted"),
        ("Thank you for your kind rating.", None, "opinion"),
    ],
)
def test_all_ratings_together_are_known_from_their_mean(said, mean, result):
    features = {"satisfaction_average": {"value": mean, "reason": None}}
    assert ("reader", result) in [each[:2] for each in of(said, features=features)]


def test_a_reader_was_away_where_the_last_service_is_long_ago():
    said = "We haven't seen you in a long time."

    assert of(said) == [("reader", "contradicted", "/facts/service.last_date")]
    assert of(said, as_of=date(2027, 4, 1)) == [("reader", "verified", "/facts/service.last_date")]
    assert of(said, facts=facts(service__last_date=None)) == [("reader", "unsupported", None)]
    assert not stopped("It has been a long time since you first let us in.")


@pytest.mark.parametrize(
    ("said", "ends", "so"),
    [
        ("You have until Friday.", "2026-11-20", True),
        ("You have until Friday.", "2026-11-27", False),
        ("The offer is good through the weekend.", "2026-11-22", True),
        ("The offer is good through the weekend.", "2026-11-29", False),
        ("It ends at the end of next month.", "2026-12-31", True),
        ("It ends at the end of next month.", "2027-01-31", False),
        ("The offer closes next week.", "2026-11-26", True),
        ("It is over by next week.", "2026-11-26", True),
        ("It is gone by spring.", "2026-11-26", False),
    ],
)
def test_the_last_day_settles_an_end_in_other_words(said, ends, so):
    assert stopped(said, facts=facts(offer__valid_until=ends)) is not so
    assert stopped(said, facts=facts(offer__valid_until=None))


@pytest.mark.parametrize(
    "said",
    [
        "You have not been with us since {{service.since}}.",
        "You left us in {{service.since}}.",
        "We weren't with you eight days ago.",
        "We never came on {{service.last_date}}.",
        "You have been with us for not even one year.",
    ],
)
def test_a_service_that_was_is_not_denied(said):
    assert stopped(said)


@pytest.mark.parametrize(
    ("said", "kind", "changed", "so"),
    [
        ("You get a tenner.", "amount", {"offer__amount": {"minor": 1000, "currency": "USD"}}, True),
        ("You get a tenner.", "amount", {}, False),
        ("They get five grand off.", "amount", {}, False),
        ("You take a quarter off.", "percent", {"offer__percent": 25}, True),
        ("You save a third.", "percent", {"offer__percent": 33}, True),
        ("You save a third.", "percent", {}, False),
        ("It includes the half that you save.", "percent", {}, False),
        ("You pay two thirds less.", "percent", {}, False),
    ],
)
def test_money_and_shares_are_read_as_people_say_them(said, kind, changed, so):
    known = facts(**changed)
    assert (kind, "verified" if so else "contradicted") in [each[:2] for each in of(said, facts=known)]


def test_the_offer_s_own_name_is_known_and_a_title_s_capitals_name_nothing():
    assert not stopped("The Neighbor Credit is yours.")
    assert not stopped("Your Referral Bonus Is Here")
    assert not stopped("Happy Memorial Day to you.")
    assert stopped("Your Gold Care Plan is here.")
    assert stopped("Summer Special for {{offer.amount}}")


@pytest.mark.parametrize(
    "said",
    [
        "You are on our list for Monday morning.",
        "It was a sunny Sunday when we finished at your place.",
        "The credit is already on your account.",
        "Happy fifth anniversary with us!",
        "Half a decade with us calls for a thank-you.",
        "We'll do our best to match any quote you have.",
        "There is {{offer.amount}} for each of your cousins.",
        "You get {{offer.amount}} and then {{offer.amount}} again.",
        "You get anywhere from {{offer.amount}}.",
        "Both credits are applied prior to the neighbor's first completed service.",
    ],
)
def test_what_other_words_make_of_a_fact_stops_a_draft(said):
    assert stopped(said)
