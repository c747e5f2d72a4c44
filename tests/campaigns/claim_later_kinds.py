"""The kinds of faults that came second, when rules were mended for the first: what language models get wrong."""

# A fact's slot → what stands in its place; `§` is the currency's sign.
INSTEAD = {
    "an amount per unit": (
        "offer.amount",
        """
        {{offer.amount}} per visit
        {{offer.amount}} a month
        {{offer.amount}} every week
        {{offer.amount}} an hour
        {{offer.amount}} on each of your visits
        """,
    ),
    "a doubled amount": (
        "offer.amount",
        """
        twice {{offer.amount}}
        {{offer.amount}} twice over
        {{offer.amount}} and then {{offer.amount}} again
        double {{offer.amount}}
        2 x {{offer.amount}}
        """,
    ),
    "an amount as a bound": (
        "offer.amount",
        """
        up to {{offer.amount}}
        at least {{offer.amount}}
        {{offer.amount}} or more
        anywhere from {{offer.amount}}
        well over {{offer.amount}}
        """,
    ),
    "another's money in slang": (
        "offer.amount",
        """
        {{offer.amount}} euros
        a fiver
        a tenner
        a hundred bucks
        sixty quid
        """,
    ),
    "another offer's name": (
        "offer.name",
        """
        Spring Referral Bonus
        Summer Special
        The Neighbor Rewards Club
        Gold Care Plan
        """,
    ),
    "another title": (
        "sender.title",
        """
        Founder
        CEO
        Regional Manager
        Owner and Founder
        """,
    ),
    "another website": (
        "company.website",
        """
        www.greenedge-lawns.example
        https://brightnest.example.co
        our-offers.example
        """,
    ),
    "a percentage as a fraction": (
        "offer.percent",
        """
        a third
        one fifth
        a whole quarter
        half
        """,
    ),
}
# What is added as a sentence.
SENTENCES = {
    "friends of friends": """
        Your friends' friends get {{offer.amount}}, too.
        Everyone on your street gets {{offer.amount}}.
        Their friends receive {{offer.amount}} as well.
        There is {{offer.amount}} for each of your cousins.
    """,
    "a renamed colleague": """
        Jessica loved working at your place.
        Tom says hello.
        Ask for Bernadette when you call.
        Your usual helper, Kevin, sends his best.
        Our own Quentin will be glad.
    """,
    "a hedged promise": """
        We would be happy to waive the fee.
        We might even refund your last bill.
        We'll do our best to match any quote you have.
        We could throw in a second visit.
        If anything is off, we would probably redo it.
    """,
    "which visit it was": """
        This was your twentieth visit.
        Your third visit with us went well.
        We look back on your 40th visit.
        Your fifth appointment with us is behind you.
    """,
    "a booked visit": """
        Your next visit is booked for Tuesday.
        We'll see you on Thursday.
        Our crew is coming by tomorrow.
        We have pencilled you in for Friday.
        You are on our list for Monday morning.
    """,
    "the weekday of the last visit": """
        We were at your place on Sunday.
        After Saturday's visit everything looked right.
        It was a sunny Thursday when we finished at your place.
    """,
    "an invented code": """
        Use NEIGHBOR at checkout.
        With code FALL25 it is yours.
        Just mention coupon SAVE20.
        Your friends can type "welcome" when they book.
        The password is sunshine.
        Quote reference KX-442 on the phone.
    """,
    "a credit that is there": """
        The credit is already in your account.
        We have applied it to your next bill.
        Your reward is waiting on your account.
        It was added to your balance this morning.
    """,
    "an anniversary": """
        Happy fifth anniversary with us!
        This is our sixth year together.
        You are in your tenth season with us.
        Half a decade with us calls for a thank-you.
    """,
    "how often we come": """
        Your daily visits keep us busy.
        We come to you every other day.
        Four times a year we stop by your place.
        We see you twice a week.
    """,
    "what a reader rated": """
        You gave us five stars.
        You rated us ten out of ten.
        Your perfect score made us smile.
        You called us the best in town.
    """,
    "the company's age": """
        We have been doing this since 1987.
        For forty years our company has worked here.
        We are a family business in its third generation.
        Founded in 1999, we know the region.
    """,
    "how many trust us": """
        Over two thousand households trust us.
        Nine in ten customers come back.
        Join the 5,000 homes that we look after.
        Half your street is with us already.
    """,
    "how to pay": """
        You can pay in three installments.
        Nothing is due until spring.
        Pay by card and it is cheaper.
        You only pay if you like it.
    """,
    "opening hours": """
        We are open until nine in the evening.
        Our office is open on Sundays.
        Call us between 8 and 6.
        Somebody answers around the clock.
    """,
    "a good cause": """
        We plant a tree for every referral.
        A part of the price goes to charity.
        For each booking we feed a family.
    """,
    "a household": """
        We hope that your dog enjoyed our visit.
        Your husband asked us about it.
        The kids will love it.
        Congratulations on the new house.
    """,
    "a property": """
        Your two-acre lawn deserves it.
        Your three bathrooms take their time.
        The moss near your pool is coming back.
        The weeds along your fence have returned.
    """,
    "a measured result": """
        It makes everything grow by a third.
        It lasts twice as long.
        It saves you hours every week.
        It raises the value of your home.
    """,
    "an approval": """
        We are approved by the county.
        Our products are EPA-registered.
        Doctors recommend it.
        We have an A+ rating.
    """,
    "no limit": """
        You can do this as often as you like.
        Refer up to ten friends.
        There is no cap on what you can earn.
        The more friends you send, the more you get.
    """,
    "combined offers": """
        It can be combined with any other offer.
        It comes on top of every other discount.
        You may stack it with your other credits.
    """,
    "who may have it": """
        Even people who never book get it.
        Renters qualify, too.
        Former customers may use it again.
        It is open to businesses as well.
    """,
    "what else it can be": """
        You can have it paid out in cash.
        You can pass your credit on to someone else.
        It can be exchanged for another service.
        If you don't use it, we send a check.
    """,
    "a lost customer": """
        We haven't seen you in a long time.
        We would love to win you back.
        It has been ages since your last visit.
        Now that you have left us, we would like you back.
    """,
    "an end in other words": """
        The offer is good through the weekend.
        You have until Friday.
        Tomorrow the price goes up.
        It is gone by next week.
        After that, prices rise.
    """,
    "no end at all": """
        The offer never expires.
        There is no deadline for this.
        It stays open for as long as you are with us.
        You can still use it years from now.
    """,
    "what is included": """
        The price includes a second visit.
        All materials are included.
        Fertilizer and cleanup come with it.
        Tips and taxes are covered.
    """,
    "what happens by itself": """
        You don't need to do anything, the discount is automatic.
        It renews by itself every year.
        We enroll you automatically.
        Your plan is extended without a call.
    """,
    "who does the work": """
        Our master gardener will do it himself.
        Your usual crew will come back for it.
        A certified inspector looks at it first.
        Only our senior people work on it.
    """,
}
# What stands in a draft | what it is turned into.
TURNED = {
    "an expiry taken away": """
        until {{offer.valid_until}} | with no end date
        until {{offer.valid_until}} | for as long as you like
        before {{offer.valid_until}} | any time this year or next
        Until {{offer.valid_until}} | Forever
    """,
    "before and after": """
        before {{offer.valid_until}} | after {{offer.valid_until}}
        until {{offer.valid_until}} | from {{offer.valid_until}} on
        Until {{offer.valid_until}} | Not until {{offer.valid_until}}
        after the neighbor's first | ahead of the neighbor's first
        after the friend's first | prior to the friend's first
    """,
    "a price as a gift": """
        It is {{offer.amount}} | You save {{offer.amount}}
        It costs {{offer.amount}} | It saves you {{offer.amount}}
        You pay {{offer.amount}} | You get {{offer.amount}} back
        {{offer.name}} is {{offer.amount}} | {{offer.name}} takes {{offer.amount}} off your bill
    """,
    "a gift as a price": """
        you get {{offer.amount}} | you pay {{offer.amount}}
        you receive {{offer.amount}} | you owe {{offer.amount}}
        and you get {{offer.amount}} | and it costs you {{offer.amount}}
        There is {{offer.amount}} in it for you | It is {{offer.amount}} to join
    """,
    "an amount as a percentage": """
        after {{offer.percent}} off | after {{offer.amount}} off
        you save {{offer.percent}} | you save {{offer.amount}}
        already includes the {{offer.percent}} | already includes the {{offer.amount}}
    """,
    "the offered as the last": """
        over for your {{service.last_type}} | over for your {{offer.service}}
        result of your {{service.last_type}} | result of your {{offer.service}}
        eight days ago for your {{service.last_type}} | eight days ago for your {{offer.service}}
        After your {{service.last_type}} on | After your {{offer.service}} on
    """,
    "a fact denied": """
        You have been with us since {{service.since}} | You have not been with us since {{service.since}}
        you have been with us since | you left us in
        for more than three years | for not even one year
        We were with you eight days ago | We weren't with you eight days ago
    """,
}
