"""Sentences that people write in good drafts with the words of which invented ones are made."""

HARMLESS = """
A lawn that is open to the air drinks better.
The opening in the hedge makes the morning easier for us.
Fall is the opening act for a good spring.
The link below tells you what is included.
You will find all that is included at the link below.
A healthy lawn doesn't come about automatically; thank you for your part in it.
Grass grows by itself, but edges don't.
Your garden looks after itself a little better with every visit.
The lawn does the rest on its own.
The hours in the garden are the best of the week.
A free afternoon is worth more than a clean window.
You know where the hours of a weekend go.
We approve of your taste in roses.
Whatever the cause of the brown corner, we will have a look.
Dry weeks cause most of the trouble.
What a difference between before and after!
Before and after look like two different places.
A shady corner takes its time to grow.
The trees along your street are turning.
We plant our feet and get to work.
Leaves come in all colors now.
You both have something from it.
A good word comes with a smile.
Your neighbors will ask who does it.
Should the weather change, we will call you.
The weekend is a good time to sit outside.
Before the first frost the ground is still soft.
It can wait until spring, of course.
The price is {{offer.amount}}, and nothing else changes.
You have until {{offer.valid_until}} to think it over.
The offer is open until {{offer.valid_until}}.
It is good through {{offer.valid_until}}.
The offer ends on {{offer.valid_until}}.
Send it by e-mail or read it out over dinner.
Pay it no mind if it isn't for you.
It pays to look up now and then.
A thank-you card on the fridge made our day.
Our crew is like a family.
Your family deserves a free Saturday.
Most people love the smell of cut grass.
If someone else comes to mind, send them the link.
Pass the link on to a friend.
Both of you have something to look forward to.
When a new customer books through your link, you get {{offer.amount}}.
Friends of yours are friends of ours.
We look back on {{service.count}} visits.
You have been with us since {{service.since}}.
We have not forgotten your visit on {{service.last_date}}.
We haven't stopped smiling since {{service.last_date}}.
We hope to see you again soon.
The crew waved from the truck.
{{service.crew}} could do it between the other visits.
Our people know the way to your gate.
I wrote this one myself.
Thank you for the kind words.
You left us a lovely note.
You gave us a warm welcome.
You called us at just the right time.
The first half of the season was dry.
Half the work is knowing when.
A quarter of an hour in the sun does wonders.
A third cup of coffee helps, too.
The other half of the street is in the shade.
It saves you a trip across town.
A tidy place saves the weekend.
Time in the garden is never lost.
With the cold months ahead, the roots still grow.
Is the back yard in the sun all day?
There is no catch, and nothing you have to do.
There is nothing you need to do if this is not for you.
If you have a question, just call us.
Somebody from our team reads every reply.
A little more care goes a long way.
The days are short, and the evenings are kind.
Your lawn came through the summer beautifully, and fall is when the roots do their best work.
Aeration opens up compacted soil so that air, water and nutrients can reach the roots.
Overseeding fills in thin spots and helps the grass come back thicker in spring.
A thicker lawn leaves less room for weeds.
It works especially well right after mowing.
Many homeowners like to do this once a year, before the ground gets cold.
If you know a neighbor who could use a hand, we would love an introduction.
We know there are many companies to choose from, and we are grateful that you chose us.
Word of mouth is how most people find us.
You have made our job easy from the first day.
We are proud to be part of your weekly routine.
We have enjoyed getting to know your garden over the past three years.
{{service.crew}} and the team send their best.
{{service.crew}} mentioned how good the edges look.
Thanks to customers like you, our crews have full calendars and happy mornings.
Let us know which day suits you, and we take it from there.
When you are ready, choose a time that works for you.
If you have questions about what the service involves, just reply to this e-mail.
It is our way of saying thank you.
Simply share your personal link with friends, family or neighbors.
Once they book, you get {{offer.amount}} and they get {{offer.friend_amount}}.
There is no limit to how much we appreciate you.
It takes less than a minute to share.
Everything you need is behind the link.
This is a good moment to give your lawn a little extra attention.
The cold months are hard on carpets and floors.
Guests are coming, and the oven has worked hard.
We would be delighted to add {{offer.service}} to your next visit.
{{offer.name}} is {{offer.amount}}, and that already includes your {{offer.percent}} saving.
{{offer.service}} normally goes hand in hand with {{service.last_type}}.
Our office would be happy to answer your questions.
Feel free to call us during the day.
Your feedback helps us to do better.
We appreciate your loyalty and your trust.
A healthy lawn adds a lot to a home.
You can count on a warm welcome.
We are a small team, and every kind word counts.
As a thank-you for being with us, here is something for you.
Your support means the world to our small crew.
We would love to keep your lawn in good shape through the winter.
Have a look at the details and see if it is right for you.
The link is yours to share with anyone you like.
Some of our favorite customers came to us through friends.
We hope that you and your family enjoy the season.
It has been a pleasure working with you these past three years.
It has been a busy season, and yours is one of the lawns we look forward to.
The leaves have started to fall.
Spring will be here before you know it.
By next spring the new grass will have settled in.
Roots grow best while the soil is still warm.
We could come by any weekday that suits you.
You deserve a weekend without chores.
Let your friends know that you are in good hands.
They can book online in a few clicks.
The price is the same for every lawn like yours.
You always pay the same friendly smile.
A clean home makes for a calm mind.
Your home looks its best with regular care.
The team has taken good care of your place since {{service.since}}.
We were glad to hear that our timing worked well for you.
"""


def sentences() -> list[str]:
    """Each sentence, in the order in which they stand here."""
    return HARMLESS.strip().splitlines()
