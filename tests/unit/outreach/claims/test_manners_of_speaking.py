"""What good writers say in passing goes through, and its twin that claims something doesn't."""

from dataclasses import replace

import pytest

from tests.campaigns.claim_trials import verdict
from tests.campaigns.claim_worlds import AMERICAN_REFERRAL, AMERICAN_UPSELL, BRITISH_REFERRAL

REFERRAL, UPSELL, BRITISH = AMERICAN_REFERRAL, AMERICAN_UPSELL, BRITISH_REFERRAL


def said(sentence, world, *, subject="A thank-you for you"):
    return verdict(
        {
            "subject": subject,
            "body": f"Hi {{{{customer.first_name}}}},\n\n{sentence}\n\nBest,\n{{{{sender.name}}}}",
            "call_to_action": "Here it is: {{offer.link}}",
        },
        world,
    )


TWINS = [
    # The offer's condition in other words, and another one.
    (
        REFERRAL,
        "Both are applied once your friend's first service is done.",
        "Both are applied once their third service is done.",
    ),
    (BRITISH, "We'll credit both after their first clean.", "We'll credit both after their third clean."),
    (UPSELL, "It is for lawns up to the size in the note below.", "It is for lawns up to an acre."),
    (UPSELL, "It's subject to the lawn size stated in the conditions.", "It's subject to a yearly plan."),
    (UPSELL, "The conditions below say how large a lawn may be.", "There are no conditions."),
    # The offer itself, undertaken, and more than it.
    (REFERRAL, "We'll credit you {{offer.amount}} for it.", "We'll credit you {{offer.amount}} and waive the fee."),
    (REFERRAL, "We'll add {{offer.amount}} in credit for you.", "We'll add a free visit."),
    (UPSELL, "We'll do it for {{offer.amount}}.", "We'll do it again for nothing."),
    (
        REFERRAL,
        "Both of you get a credit: {{offer.amount}} on your side, {{offer.friend_amount}} on theirs.",
        "Both of you get a credit: {{offer.friend_amount}} on your side, {{offer.amount}} on theirs.",
    ),
    (UPSELL, "It would be more without the {{offer.percent}} off.", "It comes without the {{offer.percent}} off."),
    # What binds nobody, and what does.
    (UPSELL, "I promise I won't take it personally.", "I promise I won't raise your price."),
    (UPSELL, "Grass doesn't live forever.", "The price stays so forever."),
    (UPSELL, "Some weeds have been there longer than I've been alive.", "It lasts longer than any other."),
    (UPSELL, "You may know us only for your mowing.", "It is only for your best customers."),
    (UPSELL, "It is available to you until {{offer.valid_until}}.", "It is available to new customers."),
    (REFERRAL, "Such good company over {{service.count}} visits.", "More than {{service.count}} visits so far."),
    (UPSELL, "We've never done your overseeding.", "We never raise a price."),
    (UPSELL, "It is a service that you haven't had from us.", "You haven't had a visit from our crew."),
    (REFERRAL, "A good word from you means more than any flyer.", "We do more than any other company."),
    (REFERRAL, "You have paid us the best compliment there is.", "You have paid your bill."),
    (REFERRAL, "You won't see much the day after.", "You won a prize."),
    (REFERRAL, "Something more urgent always comes up.", "It is urgent."),
    (REFERRAL, "Is there a deadline? {{offer.valid_until}}.", "The deadline is near."),
    (REFERRAL, "A note after your last visit.", "These are the last visits."),
    (REFERRAL, "I'll only mention it once.", "I'll only charge you once."),
    (REFERRAL, "We're friendly, I promise.", "I promise a better price."),
    (REFERRAL, "I promise to keep it short.", "I promise to keep your price low."),
    (REFERRAL, "I mention it in case you know somebody.", "We come back in case you aren't happy."),
    (REFERRAL, "I'm easy to reach, and glad to help.", "It will look perfect, I promise."),
    (REFERRAL, "Call us and we'll have a chat.", "Call us and we'll have a gift for you."),
    (REFERRAL, "Thank you for a good year of mowing.", "Thank you for a year of mowing."),
    (REFERRAL, "It comes with genuine thanks.", "It comes with a free rake."),
    # The offer's condition by its measure.
    (REFERRAL, "Both come once their first visit is in the books.", "Both come after your friend's first barbecue."),
    (REFERRAL, "They come after the neighbor's first service.", "They never come after the neighbor's first service."),
    (UPSELL, "It is yours if the lawn is no bigger than half an acre.", "The lawn may be larger than an acre."),
    (UPSELL, "The offer covers any lawn up to half an acre.", "The offer covers any lawn up to two acres."),
    (UPSELL, "The discount of {{offer.percent}} is included.", "The seed is included."),
    (UPSELL, "{{offer.amount}} is what you pay after the {{offer.percent}} discount.", "You pay after the winter."),
    (BRITISH, "Both come after the first clean at your friend's home.", "Both come after the first month of cleans."),
    # A word of weight in passing, and the same with its weight.
    (REFERRAL, "Would you recommend us to a neighbor?", "Experts recommend us."),
    (REFERRAL, "If you'd rather not recommend businesses to friends, I understand.", "It is open to businesses, too."),
    (REFERRAL, "It is a good tip for a friend.", "You may leave a tip."),
    (UPSELL, "Even a good rake has its limits.", "There is a limit of two."),
    (UPSELL, "New seed in an established lawn is a quiet pleasure.", "We were established long ago."),
    (REFERRAL, "Could a friend use a hand before Christmas?", "Did you know that it ends before Christmas?"),
]


@pytest.mark.parametrize(("world", "harmless", "claim"), TWINS, ids=[harmless for _, harmless, _ in TWINS])
def test_what_is_said_in_passing_goes_through_and_its_twin_does_not(world, harmless, claim):
    assert said(harmless, world) == "passes"
    assert said(claim, world) in ("stopped", "waits")


def test_a_term_that_the_conditions_deny_is_not_so_in_other_words_either():
    known = dict(REFERRAL.evidence) | {"conditions": "No credit is given after the neighbor's second visit."}
    world = replace(REFERRAL, evidence=known)

    assert said("A credit comes after the second visit of the neighbor is in the books.", world) == "stopped"


def test_a_subject_may_begin_with_what_the_company_works_on():
    world = AMERICAN_UPSELL.with_values({"service.last_type": "carpet clean"})

    assert said("Have a good week.", world, subject="Carpets, considered") == "passes"
    assert said("Have a good week.", world, subject="Oliver, considered") == "stopped"
