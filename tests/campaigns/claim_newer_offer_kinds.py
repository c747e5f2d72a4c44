"""The newest kinds of faults, in what is said of offers, by somebody who didn't know the rules.

What an offer is, whom it is for, what it costs and brings, how it is taken up, what the work does and when.
"""

# A fact's slot → what stands in its place.
INSTEAD = {
    "an end as an occasion": (
        "offer.valid_until",
        """
        Thanksgiving
        the first frost
        the clocks go back
        the end of the month
        next spring
        """,
    ),
    "more than the service offered": (
        "offer.service",
        """
        a full year of {{offer.service}}
        {{offer.service}} with a follow-up treatment
        two rounds of {{offer.service}}
        premium {{offer.service}}
        {{offer.service}} every spring and fall
        """,
    ),
}
# What is added as a sentence; `§` is the currency's sign.
SENTENCES = {
    "a former price": """
        The regular price is §265.
        Last season the same thing cost a good deal more.
        We brought the price down from §310 for you.
        It used to be almost twice as much.
        Normally you'd pay §275 for this.
    """,
    "a sum that is wrong": """
        Together, that makes §60 for the two of you.
        Send us three friends, and you are already at §90.
        Refer four, and that adds up to §150 in credit.
        That works out at about §9 a month over the year.
        Once the discount is taken, you are looking at §140.
    """,
    "when a reward comes": """
        Your credit shows up within two business days.
        You will see it on your November bill.
        Rewards go out at the end of each month.
        The moment your friend signs up, the credit lands on your account.
        It usually takes about a week for the credit to appear.
    """,
    "how long a reward lasts": """
        Credits stay on your account for twelve months.
        Any credit that you don't use by spring lapses.
        Once earned, it is yours to spend for two seasons.
        You can save your credits up and use them all at once.
        It has to be used on your very next visit, though.
    """,
    "cancelling": """
        You can cancel up to the day before.
        If your plans change, rescheduling is no problem and costs nothing.
        And should you change your mind, there is no cancellation fee.
        You aren't tied to anything and can stop whenever you wish.
        We only ask for two weeks' notice if you want to stop.
    """,
    "fees": """
        There are no hidden fees.
        What you see is what you pay, with nothing added later.
        A small booking fee applies.
        Travel to {{customer.city}} is billed separately.
        We don't ask for a deposit.
    """,
    "whatever the size": """
        The price is the same however big your place is.
        It covers your whole property, inside and out.
        You can use it for a second home, too.
        Even the largest homes pay no more than this.
        Larger places qualify at the same rate.
    """,
    "an occasion for the offer": """
        This is our Black Friday offer, a little early.
        It is part of our fall sale.
        We are doing this to celebrate Customer Appreciation Week.
        To mark our anniversary, we wanted to give a little back.
        We only run it once a year.
    """,
    "the offer's history": """
        We have just launched this.
        It is the first time that we offer anything like it.
        We raised the reward this summer.
        Back by popular demand!
        It used to be for our employees and their families only.
    """,
    "exclusivity": """
        We are sharing this with only a handful of customers.
        You won't find this on our website.
        This isn't open to the public yet.
        You are hearing about it before anyone else.
        This one is reserved for our most loyal customers.
    """,
    "open appointments": """
        We have openings next week.
        Mornings are still free in {{customer.city}}.
        We could be there as early as tomorrow.
        Next Tuesday and Thursday would both work on our side.
        Our calendar for November has just opened up.
    """,
    "how long the work takes": """
        The whole thing takes about two hours.
        We are usually in and out in under forty minutes.
        Set aside half a day for it.
        You won't even need to be home, and we'll be done before lunch.
        It can be done during your regular visit without adding any time.
    """,
    "when results show": """
        You will see the difference within ten days.
        By spring, the change will be obvious.
        Most people notice it the very same evening.
        Give it three weeks, and you won't recognize the place.
        The effect lasts well into next year.
    """,
    "what happens otherwise": """
        Skip it this year, and it will cost you more later.
        Without it, much of the work so far goes to waste.
        Left alone, these things turn into expensive repairs.
        Wait until after the holidays, and we would have to start from scratch.
        You don't want to find out in March that it should have been done now.
    """,
    "how often it is needed": """
        It should be done every six months.
        A home like yours needs it at least twice a year.
        Professionals recommend it every other month.
        After so many visits, it is overdue.
        By the usual schedule, yours was due in August.
    """,
    "a way to take it up": """
        Just reply YES, and you're in.
        Simply click the green button below.
        Fill in the form at the end of this e-mail, and we'll do the rest.
        Mention this e-mail when you call to claim it.
        Hand this e-mail to our crew at the next visit.
        Forward this message to a friend, and they are enrolled.
    """,
    "a link to something else": """
        You can pay your bill at {{offer.link}}.
        Leave us a review at {{offer.link}}.
        Download our app here: {{offer.link}}
        There is a short video of the work at {{offer.link}}.
        To change your next appointment, go to {{offer.link}}.
        You can unsubscribe at {{offer.link}}.
    """,
}
# What stands in a draft | what it is turned into.
TURNED = {
    "a percentage as a bound": """
        you save {{offer.percent}} | you save up to {{offer.percent}}
        you save {{offer.percent}} | you save at least {{offer.percent}}
        is after {{offer.percent}} off | is after more than {{offer.percent}} off
        the {{offer.percent}} that you save | the {{offer.percent}} or more that you save
    """,
    "one amount for both": """
        you get {{offer.amount}} and they get {{offer.friend_amount}} | you both get {{offer.amount}}
        in it for you, and {{offer.friend_amount}} for your friend | in it for each of you
        {{offer.amount}} for you, {{offer.friend_amount}} for them | {{offer.amount}} for each of you
        gives you {{offer.amount}} and them {{offer.friend_amount}} | gives the two of you {{offer.amount}} each
        Give {{offer.friend_amount}}, get {{offer.amount}} | Give {{offer.amount}}, get {{offer.amount}}
        they receive {{offer.friend_amount}}, and you receive | you and they each receive
    """,
    "the wrong receiver": """
        they get {{offer.friend_amount}} | you get {{offer.friend_amount}}
        They start with {{offer.friend_amount}} off their bill | You start with {{offer.friend_amount}} off your bill
        Each of them gets {{offer.friend_amount}} | Each of you gets {{offer.friend_amount}}
        we add {{offer.amount}} to your account | we add {{offer.amount}} to theirs
        {{offer.amount}} is yours as our thank-you | {{offer.amount}} is theirs as our thank-you
        we thank you with {{offer.amount}} | we thank them with {{offer.amount}}
    """,
    "an easier trigger": """
        a neighbor books through your link | a neighbor opens your link
        a friend who books with us | a friend who asks us for a quote
        For every friend who books | For every friend whose number you give us
        send the link, and if they book, you receive | send the link, and you receive
        If a friend says yes | If a friend takes a look
    """,
    "a harder trigger": """
        a neighbor books through your link | a neighbor stays with us for a year
        a friend who books with us | a friend who books three visits with us
        For every friend who books | For every three friends who book
        if they book, you receive | if they book within a week, you receive
        If a friend says yes | If a friend takes out a yearly plan
    """,
    "a reward in another form": """
        you get {{offer.amount}} | you get {{offer.amount}} in cash
        you receive {{offer.amount}} | you receive a check for {{offer.amount}}
        we thank you with {{offer.amount}} | we thank you with {{offer.amount}} to spend at any store you like
        we add {{offer.amount}} to your account | we send {{offer.amount}} to your bank account
        There is {{offer.amount}} in it for you | There is a {{offer.amount}} prepaid card in it for you
    """,
    "a reward where there is none": """
        You pay {{offer.amount}} | Bring a friend, and you earn {{offer.amount}}
        It costs {{offer.amount}} | Recommend it to a friend and receive {{offer.amount}}
        We do it for {{offer.amount}} | We do it for friends of yours, too, and you get {{offer.amount}}
        {{offer.name}} may be for you: {{offer.amount}} | {{offer.name}} may be for a friend: you get {{offer.amount}}
        {{offer.service}}, at {{offer.amount}} | {{offer.service}}, with {{offer.amount}} for each friend you bring
    """,
    "a discount still to come": """
        that is after {{offer.percent}} off | that is before {{offer.percent}} off
        already includes the {{offer.percent}} that you save | doesn't yet include the {{offer.percent}} that you save
        You pay {{offer.amount}}, and you save {{offer.percent}} | You pay {{offer.amount}}, minus {{offer.percent}}
        off with {{offer.name}}; what remains is {{offer.amount}} | off the {{offer.amount}} with {{offer.name}}
    """,
    "already arranged": """
        We could add {{offer.service}} to your next visit | We've added {{offer.service}} to your next visit
        You can try {{offer.service}} | You have signed up for {{offer.service}}
        Would {{offer.service}} be of use to you? | You asked us for {{offer.service}}.
        If you have been thinking about {{offer.service}} | Since you have ordered {{offer.service}}
        we thought of {{offer.service}} | we have scheduled {{offer.service}}
        One more thing we can do for you is {{offer.service}} | One more thing we did for you was {{offer.service}}
    """,
    "a false subject": """
        A small thank-you from {{company.name}} | A refund from {{company.name}}
        Thank you for staying with us | Your renewal with us
        Your neighbors will ask | Your neighbor has signed up
        {{customer.first_name}}, an idea for your home | {{customer.first_name}}, your visit tomorrow
        Ready when you are | Your booking is confirmed
        A thought about {{offer.service}} | Re: your question about {{offer.service}}
        Something for you and a friend | You have a reward waiting
    """,
}
