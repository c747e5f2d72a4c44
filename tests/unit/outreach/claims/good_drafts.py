"""Drafts that say nothing but facts: (subject, body, call to action)."""

_LINK = "Share your link: {{offer.link}}"
_SIGNED = "\n\nWarmly,\n{{sender.name}}\n{{company.name}}"

GOOD_DRAFTS = [
    (
        "A thank-you from {{company.name}}",
        "Hi {{customer.first_name}},\n\nThank you for trusting us with your lawn in {{customer.city}}. Tell a "
        "neighbor about us, and you both get {{offer.amount}}." + _SIGNED,
        _LINK,
    ),
    (
        "{{customer.first_name}}, share the green",
        "Hello {{customer.first_name}},\n\n{{service.crew}} and the crew finished your {{service.last_type}} "
        "on {{service.last_date}}. It takes two minutes to pass our name along." + _SIGNED,
        "Send {{offer.link}} to one friend.",
    ),
    (
        "Your neighbors will ask who does your lawn",
        "Dear {{customer.first_name}},\n\nWe have looked after your lawn since {{service.since}}. That is "
        "{{service.count}} visits, and each one has been a pleasure.\n\nIf a friend books with us, they get "
        "{{offer.friend_amount}}.\n\nBest regards,\n{{sender.name}}, {{sender.title}}\n{{company.name}}",
        _LINK,
    ),
    (
        "One small favor",
        "Hey {{customer.first_name}}!\n\nOne quick question: do you know one or two people who would enjoy a "
        "five-star lawn? Your reward is {{offer.amount}}.\n\nThanks again,\nThe {{company.name}} team",
        "Pass it on: {{offer.link}}",
    ),
    (
        "The {{offer.name}} is yours to share",
        "Good morning {{customer.first_name}},\n\nThe {{offer.name}} is open until {{offer.valid_until}}. Here "
        "is how it works: you share, they book, you save.\n\n- {{sender.name}}, {{company.name}}",
        "Your link is {{offer.link}}.",
    ),
    (
        "Fall is the time for {{offer.service}}",
        "Hi {{customer.first_name}},\n\nAfter your last {{service.last_type}}, {{service.crew}} thought of "
        "{{offer.service}}. It is {{offer.amount}} for your lawn.\n\nSee you soon,\nYour crew at "
        "{{company.name}}",
        "Book here: {{offer.link}}",
    ),
    (
        "Healthy roots, happy lawn",
        "Hi there {{customer.first_name}},\n\nA lawn that breathes drinks better. Our {{offer.service}} opens "
        "the soil so that water, air and food reach the roots.\n\nQuestions? Call {{company.phone}} or see "
        "{{company.website}}." + _SIGNED,
        "Add it with {{offer.percent}} off at {{offer.link}}",
    ),
    (
        "From our crew to you",
        "Hello from {{company.name}}!\n\n{{customer.first_name}}, your lawn in {{customer.city}} looks "
        "wonderful. Thank you for letting us care for it.\n\nKind regards,\n{{sender.name}}\n{{sender.title}}",
        _LINK,
    ),
    (
        "A favor between neighbors",
        "{{customer.first_name}},\n\nWhat a season! We hope you love the result as much as we do. If you do, "
        "would you tell someone on your street? There is {{offer.amount}} in it for you.\n\nCheers,\n"
        "{{sender.name}}",
        "Tell them: {{offer.link}}",
    ),
    (
        "Thank you, neighbor",
        "Dear neighbor,\n\nThank you for three seasons of trust... and for always leaving the gate open for "
        "us.\n\nAll the best,\n{{sender.name}}\n{{company.name}}\n{{company.phone}}",
        _LINK,
    ),
    (
        "Will you do us a favor?",
        "Hi {{customer.first_name}}, it's {{sender.name}} from {{company.name}}.\n\nMay we ask you something? "
        "Most of our customers come to us because someone like you said a kind word." + _SIGNED,
        "Say it here: {{offer.link}}",
    ),
    (
        "Your lawn, your link",
        "Hi {{customer.first_name}},\n\nHere's what happens next:\n- you send the link\n- your friend books a "
        "visit\n- you both smile\n\nIt really is that simple." + _SIGNED,
        "{{offer.link}}",
    ),
    (
        "Still thinking about {{offer.service}}?",
        "Hi {{customer.first_name}},\n\nYou have until {{offer.valid_until}} to try {{offer.service}} for "
        "{{offer.amount}}. No rush; the soil will wait for you.\n\nSincerely,\n\n{{sender.name}}\n"
        "{{sender.title}} | {{company.name}}",
        "Reserve your spot at {{offer.link}}!",
    ),
    (
        "A little something for you & a friend",
        "Hi {{customer.first_name}} –\n\nGood lawns make good neighbors. Give {{offer.friend_amount}}, get "
        "{{offer.amount}}: that is the {{offer.name}}.\n\nTalk soon,\n{{sender.name}}\n\nP.S. Luck has nothing "
        "to do with it – your lawn is just that good.",
        _LINK,
    ),
    (
        "It takes a village",
        "Hello {{customer.first_name}};\n\nI'm writing because {{service.crew}} told me how lovely your garden "
        "looks. I am glad you chose us." + _SIGNED,
        "Share {{offer.link}} (it only takes a minute).",
    ),
    (
        "Greener together",
        "Hi {{customer.first_name}},\n\nYou've been with us for {{service.count}} visits. We'd love to do for "
        "your friends what we do for you.\n\nYours truly,\n{{sender.name}} & the team",
        "Start here → {{offer.link}}",
    ),
    (
        "🌱 Share the love",
        "Hi {{customer.first_name}} 👋\n\nYour lawn is the talk of {{customer.city}} 🌿. Let a friend in on the "
        "secret 🤫." + _SIGNED,
        "👉 {{offer.link}}",
    ),
    (
        "Ready when you are",
        "Good afternoon, {{customer.first_name}},\n\nYour {{service.last_type}} on {{service.last_date}} went "
        "beautifully (thank you for moving the chairs!). When you are ready for the next step, "
        "{{offer.service}} is it.\n\nWith gratitude,\n{{sender.name}}\nOn behalf of {{company.name}}",
        "See {{offer.link}}.",
    ),
    (
        "Know someone with a tired lawn?",
        "Hi {{customer.first_name}},\n\nFirst things first: thank you. Second, a question. Do you know someone "
        "whose lawn could use a hand? We would treat them the way we treat you.\n\nRegards,\n{{company.name}}",
        _LINK,
    ),
    (
        'The "secret" to a good lawn',
        'Hi {{customer.first_name}},\n\n"Who does your lawn?" If you hear that question, here\'s your answer: '
        "{{company.name}}.\n\nThank you,\n{{sender.name}}",
        "Answer with {{offer.link}}",
    ),
    (
        "Pass the mower",
        "Dear {{customer.first_name}}, thank you for your kind words. They made our day. {{sender.name}} here, "
        "with a small thank-you: {{offer.amount}} when a friend joins.\n\n— {{sender.name}}",
        _LINK,
    ),
    (
        "An extra for your lawn",
        "Hi {{customer.first_name}},\n\nYour lawn loves its {{service.last_type}}. To help it through the "
        "cold, we suggest {{offer.service}}.\n\nThe price is {{offer.amount}}, and it is good through "
        "{{offer.valid_until}}.\n\nTake care,\n{{sender.name}}",
        "Say yes: {{offer.link}}",
    ),
    (
        "Half the work, twice the lawn",
        "Hi {{customer.first_name}},\n\nWater deeply but seldom; mow high; feed in fall. Those are the whole "
        "rules, and we are happy to take the last one off your hands." + _SIGNED,
        "Let us: {{offer.link}}",
    ),
    (
        "We saved you a spot",
        "Hello {{customer.first_name}},\n\nOur crews plan their routes early, so we set one visit aside for "
        "your {{offer.service}}. Nothing is booked yet; it's up to you.\n\nMany thanks,\nEveryone at "
        "{{company.name}}",
        "Keep it: {{offer.link}}",
    ),
    (
        "Danke, {{customer.first_name}}",
        "Hallo {{customer.first_name}},\n\nIhr Rasen in {{customer.city}} sieht großartig aus. Empfehlen Sie "
        "uns weiter, und Sie erhalten {{offer.amount}}.\n\nMit freundlichen Grüßen\n{{sender.name}}\n"
        "{{company.name}}",
        "Hier teilen: {{offer.link}}",
    ),
    (
        "Gracias, {{customer.first_name}}",
        "Hola {{customer.first_name}}:\n\n¡Gracias por confiar en nosotros! Comparta su enlace y los dos "
        "reciben {{offer.amount}}.\n\nAtentamente,\n{{sender.name}}\n{{company.name}}",
        "Comparta: {{offer.link}}",
    ),
    (
        "Merci, {{customer.first_name}}",
        "Bonjour {{customer.first_name}},\n\nVotre pelouse à {{customer.city}} est magnifique. Parlez de nous "
        "à un ami et recevez {{offer.amount}}.\n\nCordialement,\n{{sender.name}}",
        "Partagez : {{offer.link}}",
    ),
    (
        "Your crew says hi",
        "Hi {{customer.first_name}},\n\n{{service.crew}}'s crew keeps asking about your garden. I told them "
        "I'd ask whether your neighbors need a hand, too.\n\nTalk soon!\n{{sender.name}}",
        _LINK,
    ),
    (
        "Good news travels fast",
        "Hi {{customer.first_name}},\n\nEvery time a friend of yours books, you get {{offer.amount}}, and so "
        "do they. Every time! There is no catch we know of." + _SIGNED,
        "Spread it: {{offer.link}}",
    ),
    (
        "Before the frost",
        "Hi {{customer.first_name}},\n\nThe ground is still soft, which makes this a good week for "
        "{{offer.service}}.\n\nWould you like us to plan it? A one-line answer is enough.\n\nBest,\n"
        "{{sender.name}}",
        "Or choose a day yourself: {{offer.link}}",
    ),
    (
        "A word to your friends",
        "Dear {{customer.first_name}},\n\nSome gifts grow. Give a friend {{offer.percent}} off their first "
        "visit, and watch two lawns turn green instead of one.\n\nRespectfully,\n{{sender.name}}, "
        "{{sender.title}}",
        "Give it: {{offer.link}}",
    ),
]
