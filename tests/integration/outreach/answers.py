"""What a good writer and a judge answer."""

from tests.fakes import completion

EMAIL = {
    "subject": "A small thank-you from {{company.name}}",
    "body": (
        "Hi {{customer.first_name}},\n\nThank you for trusting us with your lawn. It was good to read that the edges "
        "look the way you hoped, and that the crew was kind.\n\nIf a neighbor has ever asked who does them, here is "
        "an easy way to tell them: it is {{offer.amount}} for you, and your neighbor gets a credit. There is "
        "no rush, so have a look when you next walk the yard.\n\nWarm regards,\n{{sender.name}}\n{{company.name}}"
    ),
    "call_to_action": "Share your link with a neighbor: {{offer.link}}",
}
CRITERIA = ("accuracy", "personal_relevance", "brand_voice", "clarity", "call_to_action")


def draft(**changes):
    return completion(tool_input=EMAIL | changes)


def scores(score):
    entries = [{"criterion": name, "score": score, "reason": f"“Share your link” decides {name}."} for name in CRITERIA]
    return completion(tool_input={"scores": entries})
