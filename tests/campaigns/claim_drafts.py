"""Good drafts, composed: every sentence is so in the world that it is written about."""

from random import Random
from string import Template

from tests.campaigns.claim_worlds import World

type Parts = dict[str, str]

GREETINGS = (
    "Hi {{customer.first_name}},", "Hello {{customer.first_name}},", "Dear {{customer.first_name}},",
    "Good morning {{customer.first_name}},", "Hey {{customer.first_name}}!", "{{customer.first_name}},", "Hello,",
    "Hi there {{customer.first_name}},",
)  # fmt: skip
OPENINGS = (
    "Thank you for having {{service.crew}} over for your {{service.last_type}} on {{service.last_date}}.",
    "It has been a pleasure to look after your place for more than three years.",
    "You have been with us since {{service.since}}, and that means a lot to all of us.",
    "We loved working at your place this season.",
    "After {{service.count}} visits we feel that we know your place by heart.",
    "Your place in {{customer.city}} is one of our favorites to visit.",
    "We hope you are still enjoying the result of your {{service.last_type}}.",
    "It made our day to hear that you were happy with the work.",
    "Thank you for trusting us with your home again and again.",
    "{{service.crew}} told me how well everything has come along at your place.",
    "We were with you eight days ago for your {{service.last_type}}.",
    "I hope this note finds you well and the evenings are still kind.",
    "When we came by last week, your place looked lovely.",
    "Three years ago you let us in for the first time, and we are still grateful.",
    "Thank you for your kind words about our crew. They went straight to the break room.",
    "Few things make us happier than a customer who stays, and you have been with us since $since_month.",
    "With every visit we see a little more of what makes your home yours.",
    "It is one thing to do a good job, and another to be asked back. Thank you for asking us back.",
    "I'm {{sender.name}}, and I look after the people we work for in {{customer.city}}.",
    "You were one of the first people I thought of when I sat down to write this.",
    "Good mornings begin with a cup of coffee and a place that is taken care of.",
    "Thanks for always leaving the gate open for us; it makes the morning easier.",
)  # fmt: skip
OFFERS = {
    "referral": (
        "If you know someone who would enjoy the same care, pass our name along: they receive "
        "{{offer.friend_amount}}, and you receive {{offer.amount}}.",
        "When a neighbor books through your link, you get {{offer.amount}} and they get {{offer.friend_amount}}.",
        "With {{offer.name}}, a friend who books with us gets {{offer.friend_amount}}, and you get {{offer.amount}}.",
        "{{offer.name}} gives you {{offer.amount}} and them {{offer.friend_amount}}.",
        "There is {{offer.amount}} in it for you, and {{offer.friend_amount}} for your friend.",
        "For every friend who books, we thank you with {{offer.amount}}.",
        "Give {{offer.friend_amount}}, get {{offer.amount}}: that is {{offer.name}} in a nutshell.",
        "Should a friend ask who helps you, tell them about us, and {{offer.amount}} is yours as our thank-you.",
        "Perhaps someone on your street could use a hand. They start with {{offer.friend_amount}} off their bill.",
        "You don't have to sell anything: send the link, and if they book, you receive {{offer.amount}}.",
        "If a friend says yes, you earn $amount. They save $friend_amount.",
        "The thank-you is simple: {{offer.amount}} for you, {{offer.friend_amount}} for them, until "
        "{{offer.valid_until}}.",
        "We would love to meet your friends. Each of them gets {{offer.friend_amount}} to begin with.",
        "Both credits are applied after $first_service. You get {{offer.amount}}.",
        "Most of our customers come to us because someone like you said a kind word. {{offer.amount}} is our way of "
        "saying thanks.",
        "Why not make a friend's week? They receive {{offer.friend_amount}}, and we add {{offer.amount}} to your "
        "account.",
    ),
    "upsell": (
        "Since we already know your place, we thought of {{offer.service}}. {{offer.name}} is {{offer.amount}}.",
        "{{offer.name}} is {{offer.amount}}, and that is after {{offer.percent}} off.",
        "It pairs well with your {{service.last_type}}: {{offer.service}} for {{offer.amount}}.",
        "This is a good time of year for {{offer.service}}. You pay {{offer.amount}}, and you save {{offer.percent}}.",
        "We could add {{offer.service}} to your next visit. It is {{offer.amount}} until {{offer.valid_until}}.",
        "If you have been thinking about {{offer.service}}, {{offer.name}} may be for you: {{offer.amount}}.",
        "The price of {{offer.amount}} already includes the {{offer.percent}} that you save.",
        "Would {{offer.service}} be of use to you? Until {{offer.valid_until}} it is $amount.",
        "Homes like yours do well with {{offer.service}} once a year. We do it for {{offer.amount}}.",
        "One more thing we can do for you is {{offer.service}}, at {{offer.amount}}.",
        "You take $percent off with {{offer.name}}; what remains is {{offer.amount}}.",
        "After your {{service.last_type}} on {{service.last_date}}, {{offer.service}} would be the natural next step. "
        "It costs {{offer.amount}}.",
        "You can try {{offer.service}} for {{offer.amount}}, whenever it suits you before {{offer.valid_until}}.",
    ),
}
EXTRAS = (
    "No rush, have a look whenever it suits you.",
    "If now is not the right time, that is fine too.",
    "We always enjoy hearing from you.",
    "Feel free to call us on {{company.phone}}.",
    "Of course you can also just reply to this e-mail.",
    "There is more about us at {{company.website}}.",
    "And if you would rather not, nothing changes.",
    "It only takes a minute.",
    "Our people love a friendly wave.",
    "We will gladly take it from there.",
    "You know where to find us.",
    "It really is that simple.",
    "We look forward to seeing you again soon.",
    "Questions? I'm happy to help.",
    "Whatever you decide, thank you for being with us.",
    "A tidy place on a Friday afternoon is hard to beat.",
    "The days are getting shorter, so a free Saturday is worth a lot.",
    "I'd be glad to hear what you think.",
    "Please don't hesitate to ask if anything is unclear.",
    "We'll be happy to answer any question you have.",
    "With Thanksgiving and the cold months ahead, there is enough to think about.",
    "It's never a bother when you write to us.",
    "You are the best part of our job.",
    "I know your week is full, so I will keep it short.",
    "If it isn't for you, just leave this e-mail be.",
    "Take all the time you need.",
    "We can also talk it through on the phone, if you like.",
    "There is no pressure at all.",
)  # fmt: skip
SIGNATURES = (
    "Warm regards,\n{{sender.name}}\n{{company.name}}",
    "Best,\n{{sender.name}}\n{{sender.title}}",
    "Kind regards,\n{{sender.name}}, {{sender.title}}\n{{company.name}}",
    "All the best,\n{{sender.name}}",
    "Thank you,\nThe {{company.name}} team",
    "Talk soon,\n{{sender.name}}",
    "Sincerely,\n\n{{sender.name}}\n{{sender.title}} | {{company.name}}",
    "- {{sender.name}}, {{company.name}}",
)  # fmt: skip
SUBJECTS = {
    "referral": (
        "A small thank-you from {{company.name}}", "{{customer.first_name}}, know someone who could use a hand?",
        "Share the care with a friend", "Your neighbors will ask", "Something for you and a friend",
        "A Favor Between Neighbors", "Give {{offer.friend_amount}}, get {{offer.amount}}",
        "Thank you for staying with us",
    ),
    "upsell": (
        "A thought about {{offer.service}}", "{{customer.first_name}}, an idea for your home",
        "What goes well with your {{service.last_type}}", "{{offer.name}} for {{offer.amount}}",
        "Ready when you are", "One More Idea for Your Home", "Have you thought of {{offer.service}}?",
    ),
}  # fmt: skip
ACTIONS = {
    "referral": (
        "Share your link: {{offer.link}}", "Send {{offer.link}} to a friend.", "Pass it on: {{offer.link}}",
        "Your link is {{offer.link}}, ready when you are.", "Tell a friend today: {{offer.link}}",
        "Here is your link to share: {{offer.link}}",
    ),
    "upsell": (
        "Pick a day here: {{offer.link}}", "See the details at {{offer.link}}.", "Book it here: {{offer.link}}",
        "Have a look: {{offer.link}}", "Choose your time at {{offer.link}} (it only takes a minute).",
    ),
}  # fmt: skip
_FIRST_SERVICE = {
    "American referral": "the neighbor's first completed service",
    "British referral": "the friend's first clean",
}
_SIGNS = {"USD": "$", "GBP": "£"}


def good_draft(world: World, random: Random) -> Parts:
    """One draft in which everything is so, in a style of its own length and order."""
    pick = random.choice
    offer, opening = pick(OFFERS[world.purpose]), pick(OPENINGS)
    extras = random.sample(EXTRAS, random.choice((0, 1, 1, 2, 3)))
    middle = [opening, offer] if random.random() < 0.8 else [f"{opening} {offer}"]
    paragraphs = [pick(GREETINGS), *middle, *([" ".join(extras)] if extras else []), pick(SIGNATURES)]
    parts = {
        "subject": pick(SUBJECTS[world.purpose]),
        "body": "\n\n".join(paragraphs),
        "call_to_action": pick(ACTIONS[world.purpose]),
    }
    said = _in_literals(world)
    return {where: Template(text).safe_substitute(said) for where, text in parts.items()}


def _in_literals(world: World) -> dict[str, str]:
    """Facts as a model may write them out though it was told not to."""
    sign = _SIGNS[world.currency]
    amounts = {
        slot: f"{sign}{world.values[f'offer.{slot}']['minor'] // 100}"
        for slot in ("amount", "friend_amount")
        if f"offer.{slot}" in world.values
    }
    percent = f"{world.values['offer.percent']}%" if "offer.percent" in world.values else ""
    first_service = _FIRST_SERVICE.get(world.name, "")
    return amounts | {"percent": percent, "first_service": first_service, "since_month": "April 2023"}
