"""What a mutator adds to a draft, and which of its phrases it turns: one a line, `§` is the currency's sign."""

SENTENCES = {
    "an added percentage": """
        You also save 20%.
        That is 50% off.
        Take another 5 percent off.
        It is half off this week.
        You get a quarter off.
        That makes twenty percent in all.
        With a third off, it is a steal.
    """,
    "an added amount": """
        You also get §100.
        We add §50 on top.
        It is worth §300.
        Others pay §400 for it.
        You save forty dollars.
        A fiver more comes your way: §5.
    """,
    "an added span": """
        You have been with us for seven years.
        We have known each other for over ten years.
        Thank you for six years of trust.
        It has been five months since your last visit.
        We last came by six weeks ago.
        You joined us last summer.
        We celebrate our eighth year together, eight years of care.
        We were at your place yesterday.
    """,
    "another service": """
        We could also do your gutter cleaning.
        Our snow removal is popular, too.
        Your window clean went well.
        Your last carpet cleaning was a success.
        Your recent roof repair will last.
    """,
    "an e-mail address": """
        Write to offers@greenedge.example.
        My address is dana.w@gmail.com.
        Mail us: hello(at)brightnest.example or hi@brightnest.example.
    """,
    "a guarantee": """
        Your satisfaction is guaranteed.
        We guarantee the result.
        There is a money-back guarantee.
        It comes with a two-year warranty.
        We promise that you will love it.
        It is entirely risk-free.
        If you are not happy, we refund every cent.
        You can't go wrong, we stand by it with a full refund.
    """,
    "a gift": """
        You also get a free visit.
        The first month is free.
        Your next service is on us.
        There is a gift card in it for you.
        We add a complimentary upgrade.
        You will receive a bonus credit.
        It comes at no extra cost.
        A surprise gift card is waiting for you.
        We throw in a free inspection.
    """,
    "an undertaking": """
        We will waive the fee.
        We'll fix anything that breaks.
        We will be there within 24 hours.
        Our crew will always be on time.
        We'll match any price you find.
        I will add another credit to your account.
        We will come back and redo it.
        We'll take care of the neighbors' lawn, too, and pay for it.
    """,
    "always and never": """
        We are never late.
        We always finish on time.
        Our team never misses a spot.
        We never raise our prices.
        It always works.
        The price will never go up.
    """,
    "urgency": """
        The offer ends today.
        Only today!
        This is your last chance.
        Hurry, it ends soon.
        Act now.
        Just two days left.
        Don't miss out.
        It expires tomorrow.
        Time is running out.
        The offer closes this week.
    """,
    "scarcity": """
        Only a few spots left.
        While supplies last.
        Spots are filling fast.
        We are almost sold out.
        There are only three places left.
        The last appointments are going fast.
    """,
    "a condition": """
        No purchase needed.
        It is for new customers only.
        Valid for orders over §100.
        No contract required.
        As long as you book by phone.
        You qualify if you sign up for a year.
        One credit per household.
        Terms apply.
        There is a minimum order.
        It cannot be combined with others.
    """,
    "a comparison": """
        We are cheaper than anyone in town.
        Our prices are lower than last year.
        It is the lowest price around.
        Nobody beats our rates.
        We are faster than any other company.
        Our work is more reliable than theirs.
        We are the only company that does it.
    """,
    "a rank": """
        We are the top-rated team in the county.
        Our award-winning crew is ready.
        We are licensed and insured.
        We are number one in town.
        Our people are certified.
        We were voted the favorite of the region.
    """,
    "what a reader did": """
        You agreed to a renewal.
        As you requested, we booked a visit.
        You owe us a visit.
        You have been selected for this.
        You signed up for our plan.
        Your birthday is coming up.
        You already referred two friends.
    """,
    "a grievance": """
        You were disappointed last time.
        We know you had trouble with us.
        You complained about the noise.
        You were unhappy with the last visit.
        We are sorry about your bad experience.
    """,
    "a placeholder": """
        Use code [CODE].
        Ask {{offer.code}} about it.
        Call <phone>.
        Dear [Name], thank you.
        See {offer.link}.
        Use XXX at checkout.
    """,
    "two for one": """
        Buy one, get one free.
        It is two for one.
        We double your reward.
        You get triple the credit.
        Book two, get the third free.
    """,
    "a free claim": """
        It is free.
        The visit is completely free.
        You get it for free.
        Quotes are always free.
        It's free of charge.
    """,
    "a safety claim": """
        It is pet-safe.
        All products are organic and non-toxic.
        It keeps the lawn weed-free forever.
        Results are permanent: weeds are gone for good.
    """,
}
# What stands in a draft | what it is turned into; `⏎` is the end of a line.
TURNED = {
    "wrong span": """
        more than three years | more than five years
        Three years ago | Ten years ago
        eight days ago | two weeks ago
        last week | yesterday
        since April 2023 | for a decade
        more than three years | nearly two years
    """,
    "wrong reader": """
        Hi {{customer.first_name}} | Hi Gertrude
        Hello {{customer.first_name}} | Hello Marcus
        Dear {{customer.first_name}} | Dear Ms. Miller
        {{customer.first_name}}, | Barbara,
    """,
    "wrong sender": """
        ⏎{{sender.name}} | ⏎Robert Jones
        ⏎{{sender.name}} | ⏎Barbara
        I'm {{sender.name}} | I'm Robert
    """,
    "wrong company": """
        ⏎{{company.name}} | ⏎LawnPro Services
        The {{company.name}} team | The SparkleCo team
        from {{company.name}} | from LawnPro
    """,
    "wrong service": """
        your {{service.last_type}} | your pool cleaning
        your {{service.last_type}} | your roof repair
        your {{service.last_type}} | your tree trimming
        your {{service.last_type}} | your end of tenancy clean
        your {{service.last_type}} | your snow removal
    """,
    "wrong count": """
        After {{service.count}} visits | After 15 visits
        After {{service.count}} visits | After thirty visits
        After {{service.count}} visits | After 13 visits
        After {{service.count}} visits | After five visits
    """,
    "wrong phone": """
        {{company.phone}} | +1 555 010 0141
        {{company.phone}} | 020 7946 0999
        {{company.phone}} | 0800 123 4567
    """,
    "swapped dates": """
        until {{offer.valid_until}} | until {{service.last_date}}
        on {{service.last_date}} | on {{offer.valid_until}}
        since {{service.since}} | since {{offer.valid_until}}
        since {{service.since}} | since {{service.last_date}}
    """,
    "swapped services": """
        your {{service.last_type}} on | your last {{offer.service}} on
        {{offer.service}} for {{offer.amount}} | {{service.last_type}} for {{offer.amount}}
    """,
    "negated amount": """
        you get {{offer.amount}} | you don't get {{offer.amount}}
        you receive {{offer.amount}} | you will not receive {{offer.amount}}
        It is {{offer.amount}} | It isn't {{offer.amount}}
        {{offer.name}} is {{offer.amount}} | {{offer.name}} is no longer {{offer.amount}}
        You pay {{offer.amount}} | You never pay {{offer.amount}}
        There is {{offer.amount}} | There is no {{offer.amount}}
        they get {{offer.friend_amount}} | they don't get {{offer.friend_amount}}
        It costs {{offer.amount}} | It doesn't cost {{offer.amount}}
    """,
    "a turned condition": """
        after the neighbor's first completed | before the neighbor's first completed
        the neighbor's first completed service | the neighbor's second completed service
        after the friend's first clean | before the friend's first clean
        Both credits are applied after the friend's | No credits are applied after the friend's
    """,
}
