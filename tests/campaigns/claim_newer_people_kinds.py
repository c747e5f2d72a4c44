"""The newest kinds of faults, in what is said of people, by somebody who didn't know the rules.

What the reader did, said and has, what the company and its people did, do and are, and what others did and said.
"""

# A fact's slot → what stands in its place.
INSTEAD = {
    "a day without its date": (
        "service.last_date",
        """
        Labor Day
        the last Friday of September
        the first of the month
        your birthday
        the day after the storm
        """,
    ),
    "a beginning in other words": (
        "service.since",
        """
        you moved in
        the day we opened our doors
        before the pandemic
        last spring
        just after you bought the house
        """,
    ),
}
# What is added as a sentence.
SENTENCES = {
    "an earlier conversation": """
        As I mentioned in my last e-mail, this is something that we think suits you.
        I'm following up on our call from last week.
        It was good to talk to you on the phone the other day.
        I wrote to you about this in the summer and haven't heard back.
        You may remember the letter that we sent you in September.
    """,
    "what neighbors did": """
        Several of your neighbors have asked us who looks after your place.
        The couple next door just started with us.
        Two homes on your street booked this last week.
        People on your road keep stopping our crew to ask for a card.
        One of your friends has already used your link.
    """,
    "the weather": """
        After the dry summer we've had, everything needs a little extra care.
        With all the rain this month, the timing couldn't be better.
        The first frost came early this year.
        Last week's storm left its mark on a lot of homes.
        They are forecasting a hard winter.
    """,
    "a study": """
        Studies show that regular care adds years to a home.
        According to a recent survey, most people put this off for far too long.
        Experts agree that nothing else makes as big a difference.
        Research from a leading university backs this up.
        Did you know that three in four people choose a company that a friend recommended?
    """,
    "what others say of us": """
        “Best money I've spent all year,” one customer told us.
        A customer near you says that she will never do it herself again.
        You may have seen us in the local paper.
        We have hundreds of glowing reviews online.
        Another family in {{customer.city}} tried it last month and loved it.
    """,
    "where we work": """
        We cover everything within thirty miles of {{customer.city}}.
        We have just opened a second branch near you.
        Our crews are in your neighborhood every Wednesday.
        We have started working in the next town over, so your friends there can book, too.
        Our nearest van is only ten minutes from your door.
    """,
    "equipment": """
        We have just switched to quieter, battery-powered equipment.
        We use the same machines that hospitals do.
        Our crew brings everything, so you don't need to provide a thing.
        Thanks to our new vans, we can do it all in one trip.
        We only work with premium brands.
    """,
    "an app or an account": """
        You can follow every visit in our app.
        Log in to see your balance.
        Your dashboard shows who has signed up.
        You'll get a text when we are on our way.
        Just message us on WhatsApp or find us on Facebook.
    """,
    "an attachment": """
        I have attached a flyer with all the details.
        The photos from your last visit are below.
        Enclosed you'll find a card to hand to your friends.
        You'll find our full price list at the end of this e-mail.
        The attached coupon is yours to print.
    """,
    "earlier referrals": """
        The friend you sent us in the spring is still with us.
        Thanks to you, two more homes have joined us this year.
        You have recommended us before, and we haven't forgotten it.
        Your last referral went so well that we had to write again.
        We know that you've been telling people about us.
    """,
    "what the crew did": """
        Last time, our crew stayed half an hour longer to get everything right.
        {{service.crew}} left a note on your door.
        We took care of that loose latch while we were there.
        On our last visit we finished ahead of schedule.
        We started at the back and worked our way forward, just as you like it.
    """,
    "what the crew advised": """
        {{service.crew}} suggested this after the last visit.
        Our crew noticed that it's time for a little more.
        {{service.crew}} thinks that you would be a perfect fit for it.
        It was {{service.crew}} who asked me to write to you.
        Having seen your place up close, {{service.crew}} wouldn't put it off.
    """,
    "about the crew": """
        {{service.crew}} has been with us for nine years.
        {{service.crew}} was named employee of the month.
        {{service.crew}} has just come back from a training course.
        {{service.crew}} will be retiring in the spring.
        Not many people know that {{service.crew}} used to be a chef.
    """,
    "about the sender": """
        I live only a few streets from you.
        I have had it done at my own home, and I wouldn't go back.
        I remember meeting you in the spring.
        I started here on the crew myself.
        I was at your place last week and saw it with my own eyes.
    """,
    "what a reader said": """
        You mentioned that you wanted to get more done before winter.
        You told {{service.crew}} that you were curious about this.
        Last time we spoke, you asked what else we do.
        You once said that your friends keep asking about us.
        We took your suggestion to heart and changed how we work.
    """,
    "what a reader clicked": """
        I saw that you had a look at this on our website.
        You started a booking last week but didn't finish it.
        Since you opened our last e-mail, I thought I'd write again.
        You downloaded our guide a few weeks ago.
        Your basket is still waiting for you.
    """,
    "bills": """
        Your last bill has been paid, thank you.
        You have never been late with a payment.
        Your card on file will be charged after the visit.
        Your October invoice is on its way.
        There is still a small balance on your account.
    """,
    "habits": """
        You always book us in the spring.
        You have tried nearly everything that we offer.
        You have never had to move an appointment.
        Around this time last year you had us over twice in one month.
        You had this done last fall.
    """,
    "a reader taken for new": """
        Welcome aboard as one of our newest customers!
        We hope that you enjoyed your first visit.
        As a new customer, you may not know everything that we do.
        Now that you have given us a try, here is what comes next.
        Thank you for choosing us for the first time this month.
    """,
    "a plan that the reader has": """
        Your current plan covers only the basics.
        This moves you up from Basic to Premium.
        It can be added to your subscription at any time.
        Your agreement with us runs until March.
        Under your service contract, you're entitled to it.
    """,
    "a follow-up": """
        I'll give you a call on Friday to hear what you think.
        Somebody from our team will be in touch tomorrow.
        You will hear from me again next month.
        We'll send you a reminder before it ends.
        Once you book, {{service.crew}} will call you to go over the details.
    """,
    "how a reader came to us": """
        You found us through a friend, so you know how it goes.
        You came to us after two other companies had let you down.
        It all began with a flyer in your mailbox.
        Before you met us, you did all of it on your own.
        Somebody once recommended us to you; now it is your turn.
    """,
    "a reader among others": """
        You are one of our longest-standing customers.
        Hardly anyone in {{customer.city}} has been with us for as long as you have.
        You have had more visits than most of the people we work for.
        That puts you among our top ten customers.
        No other customer has stayed with us through so many seasons.
    """,
    "points and tiers": """
        You have just reached our Silver level.
        Every visit earns you points.
        As a Gold member, you come first.
        You are only one visit away from the next tier.
        Your loyalty points are waiting to be used.
    """,
}
# What stands in a draft | what it is turned into; `⏎` is the end of a line.
TURNED = {
    "names mixed up": """
        having {{service.crew}} over | having {{sender.name}} over
        {{service.crew}} told me | {{customer.first_name}} told me
        I'm {{sender.name}}, and | I'm {{service.crew}}, and
        ⏎{{sender.name}} | ⏎{{service.crew}}
        Hi {{customer.first_name}} | Hi {{sender.name}}
        Dear {{customer.first_name}} | Dear {{service.crew}}
        Hello {{customer.first_name}} | Hello {{company.name}} team
    """,
    "a count of something else": """
        After {{service.count}} visits | After {{service.count}} years
        After {{service.count}} visits | After {{service.count}} months together
        After {{service.count}} visits | After {{service.count}} visits this year
        After {{service.count}} visits | After {{service.count}} visits from {{service.crew}}
        After {{service.count}} visits | After {{service.count}} five-star visits
    """,
    "a date of something else": """
        You have been with us since {{service.since}} | You have lived in {{customer.city}} since {{service.since}}
        You have been with us since {{service.since}} | We have been in business since {{service.since}}
        You have been with us since {{service.since}} | {{service.crew}} has worked here since {{service.since}}
        You have been with us since {{service.since}} | You have recommended us since {{service.since}}
        {{service.last_type}} on {{service.last_date}} | {{service.last_type}}, ordered on {{service.last_date}}
    """,
    "a contact for something else": """
        Feel free to call us on {{company.phone}} | Our emergency line is {{company.phone}}
        Feel free to call us on {{company.phone}} | You can text us on {{company.phone}}
        Feel free to call us on {{company.phone}} | You reach {{service.crew}} directly on {{company.phone}}
        There is more about us at {{company.website}} | You can see all your past visits at {{company.website}}
        There is more about us at {{company.website}} | Our price list is at {{company.website}}
        There is more about us at {{company.website}} | You can rate your last visit at {{company.website}}
    """,
}
