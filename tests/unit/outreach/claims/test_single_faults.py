"""One fault in an otherwise good draft is enough, and is named for what it is."""

import pytest
from outreach.claims import trace
from outreach.findings import approvable

from tests.unit.outreach.claims.greenedge_facts import facts, in_body, traced_body

HELLO, BYE = "Hi {{customer.first_name}},\n\n", "\n\nWarmly,\n{{sender.name}}\n{{company.name}}"

# What the body says · the kind of the claim · what becomes of it · what exactly is found
FAULTS = [
    ("You get $30 for it.", "amount", "contradicted", "$30"),
    ("You get $25.50 for it.", "amount", "contradicted", "$25.50"),
    ("You get $250 for it.", "amount", "contradicted", "$250"),
    ("You get 2500 dollars for it.", "amount", "contradicted", "2500 dollars"),
    ("You get €25 for it.", "amount", "contradicted", "€25"),
    ("You get 25 EUR for it.", "amount", "contradicted", "25 EUR"),
    ("You get 25 £ for it.", "amount", "contradicted", "25 £"),
    ("You get thirty dollars for it.", "amount", "contradicted", "thirty dollars"),
    ("You get one hundred and twenty-five dollars.", "amount", "contradicted", "one hundred and twenty-five dollars"),
    ("You get five bucks for it.", "amount", "contradicted", "five bucks"),
    ("You get 25 cents for it.", "amount", "contradicted", "25 cents"),
    ("You get $25 thousand for it.", "amount", "contradicted", "$25 thousand"),
    ("You get $25k for it.", "amount", "unsupported", "$25"),
    ("You get -$25 for it.", "amount", "contradicted", "-$25"),
    ("You get $25 EUR for it.", "amount", "unsupported", "$25 EUR"),
    ("You get $\u200b3\u200b0 for it.", "amount", "contradicted", "$\u200b3\u200b0"),
    ("You get &#36;30 for it.", "amount", "contradicted", "&#36;30"),
    ("You get ＄３０ for it.", "amount", "contradicted", "＄３０"),
    ("You get €{{offer.amount}} for it.", "amount", "contradicted", "€{{offer.amount}}"),
    ("You get {{offer.amount}} percent for it.", "amount", "contradicted", "{{offer.amount}} percent"),
    ("You get {{offer.amount}}0 for it.", "number", "unsupported", "0"),
    ("You get $ for it.", "amount", "unsupported", "$"),
    ("You get 25% off.", "percent", "contradicted", "25%"),
    ("You get 25 percent off.", "percent", "contradicted", "25 percent"),
    ("You get 10 per cent off.", "percent", "contradicted", "10 per cent"),
    ("You get twenty percent off.", "percent", "contradicted", "twenty percent"),
    ("You get 15.5% off.", "percent", "contradicted", "15.5%"),
    ("You get half off.", "percent", "contradicted", "half"),
    ("You get 100% satisfaction.", "percent", "contradicted", "100%"),
    ("You get ２０％ off.", "percent", "contradicted", "２０％"),
    ("You get {{service.count}}% off.", "number", "contradicted", "{{service.count}}%"),
    ("You get {{offer.percent}} dollars off.", "percent", "contradicted", "{{offer.percent}} dollars"),
    ("It ends on 2026-12-30.", "date", "contradicted", "2026-12-30"),
    ("It ends on December 30, 2026.", "date", "contradicted", "December 30, 2026"),
    ("It ends on Dec 31st, 2027.", "date", "contradicted", "Dec 31st, 2027"),
    ("It ends on 30 December.", "date", "contradicted", "30 December"),
    ("It ends on 12/30/2026.", "date", "contradicted", "12/30/2026"),
    ("It ends in October 2026.", "date", "contradicted", "October 2026"),
    ("It ends on Friday, December 31.", "date", "contradicted", "Friday, December 31"),
    ("It ends on Friday, {{offer.valid_until}}.", "date", "contradicted", "Friday, {{offer.valid_until}}"),
    ("It ends on February 30, 2026.", "date", "unsupported", "February 30, 2026"),
    ("You joined in 2019.", "date", "contradicted", "2019"),
    ("See https://greenedge.example/r/OTHER25 now.", "link", "contradicted", "https://greenedge.example/r/OTHER25"),
    (
        "See https://www.greenedge.example/r/DANA25 now.",
        "link",
        "contradicted",
        "https://www.greenedge.example/r/DANA25",
    ),
    ("See https://greenedge.example/r/dana25 now.", "link", "contradicted", "https://greenedge.example/r/dana25"),
    ("See greenedge.example.evil.test/r/DANA25 now.", "link", "contradicted", "greenedge.example.evil.test/r/DANA25"),
    (
        "See https://greenedge.example@evil.test/r/DANA25.",
        "link",
        "contradicted",
        "https://greenedge.example@evil.test/r/DANA25",
    ),
    (
        "See https://greenedge.example/r/DANA25?to=evil.",
        "link",
        "contradicted",
        "https://greenedge.example/r/DANA25?to=evil",
    ),
    ("See evil.test now.", "link", "contradicted", "evil.test"),
    ("See javascript:alert now.", "link", "contradicted", "javascript:alert"),
    ("See {{offer.link}}/more now.", "link", "unsupported", "{{offer.link}}/m"),
    ("See evil.test/{{offer.link}} now.", "link", "contradicted", "evil.test/"),
    ("Write to priya@greenedge.example.", "email", "unsupported", "priya@greenedge.example"),
    ("Call (972) 555-0199.", "phone", "contradicted", "(972) 555-0199"),
    ("Call +49 972 5550134.", "phone", "contradicted", "+49 972 5550134"),
    ("Call 555-0134.", "phone", "contradicted", "555-0134"),
    ("You had 13 visits.", "number", "contradicted", "13"),
    ("You had three visits.", "number", "contradicted", "three"),
    ("You had thirty happy moments.", "number", "contradicted", "thirty"),
    ("A 5-star lawn.", "number", "contradicted", "5"),
    ("Use the code DANA25.", "code", "unsupported", "the code DANA25"),
    ("We are open 24/7.", "date", "contradicted", "24/7"),
    ("Thanks, Marcus! You are great.", "name", "contradicted", "Marcus"),
    ("I'm Robert from {{company.name}}.", "name", "contradicted", "Robert"),
    ("All of us at LawnPro say hi.", "name", "contradicted", "LawnPro"),
    ("Ask [Customer Name] about it.", "placeholder", "unsupported", "[Customer Name]"),
    ("Call [Your Contact Information].", "placeholder", "unsupported", "[Your Contact Information]"),
    ("Use {{offer.code}} for it.", "placeholder", "unsupported", "{{offer.code}}"),
    ("Use {offer.link} for it.", "placeholder", "unsupported", "{offer.link}"),
    ("Use {{{offer.link}}} for it.", "placeholder", "unsupported", "{{{offer.link}}}"),
    ("Use {{Offer.Link}} for it.", "placeholder", "unsupported", "{{Offer.Link}}"),
    ("Ask <name> about it.", "placeholder", "unsupported", "<name>"),
    ("Ask <b>us</b> about it.", "placeholder", "unsupported", "<b>"),
    ("TODO ask us about it.", "placeholder", "unsupported", "TODO"),
    ("Ask XXX about it.", "placeholder", "unsupported", "XXX"),
    ("Ask ___ about it.", "placeholder", "unsupported", "___"),
    ("Ask [Name about it.", "placeholder", "unsupported", "["),
    ("Subject: a favor", "structure", "unsupported", "Subject:"),
    ("```json", "structure", "unsupported", "```"),
    ('"subject": "a favor"', "structure", "unsupported", '"subject":'),
]


@pytest.mark.parametrize(("said", "kind", "result", "text"), FAULTS, ids=[fault[0] for fault in FAULTS])
def test_one_fault_stops_a_draft(said, kind, result, text):
    traced = traced_body(f"{HELLO}{said}{BYE}")

    assert not approvable(traced.findings)
    assert (kind, result, text) in [(each["kind"], each["result"], each["text"]) for each in in_body(traced)]


@pytest.mark.parametrize("where", ["subject", "body", "call_to_action"])
@pytest.mark.parametrize(
    "said", ["Save $30", "Save 20%", "By 2027-01-01", "See evil.test", "Call 972 555 0199", "[Name]"]
)
def test_a_fault_stops_a_draft_wherever_it_stands(where, said):
    draft = {"subject": "A favor", "body": f"{HELLO}Thank you!{BYE}", "call_to_action": "Go: {{offer.link}}"}
    traced = trace(draft | {where: f"{draft[where]} {said}"}, facts=facts(), locale="en-US")

    assert {each["where"] for each in traced.findings if each["result"] not in ("slot", "equals")} == {where}


@pytest.mark.parametrize(
    "greeting",
    [
        "Dear Marcus,",
        "Hi Marcus!",
        "hi marcus,",
        "Hello Dana Miller,",
        "Dear Mr. Smith,",
        "Hey Luis,",
        "Hi, Marcus!",
        "Good morning Marcus –",
        "Hi {{sender.name}},",
        "Hi {{service.crew}},",
        "Hello from LawnPro,",
        "Hi {{customer.first_name}} and Bob,",
        "Sehr geehrter Herr Müller,",
        "Hola María:",
        "Dear [Customer First Name],",
    ],
)
def test_a_greeting_calls_nobody_but_the_reader(greeting):
    traced = traced_body(f"{greeting}\n\nThank you for your trust.{BYE}")

    assert not approvable(in_body(traced))


@pytest.mark.parametrize(
    "signature",
    [
        "Best regards,\nRobert Jones\n{{company.name}}",
        "Warmly,\n{{sender.name}}\nLawnPro Services",
        "Sincerely,\n{{customer.first_name}}",
        "Best,\nGreenEdge Landscaping",
        "Thanks, Robert",
        "Cheers!\n\n\nThe LawnPro Team",
        "- Robert",
        "Robert Jones",
        "Best regards,\n[Your Name]",
        "Kind regards,\n{{sender.name}}\nChief Executive Officer",
        "Mit freundlichen Grüßen\nRobert",
        "Yours truly,\n{{sender.name}} & Robert",
    ],
)
def test_a_signature_names_nobody_but_the_sender(signature):
    traced = traced_body(f"{HELLO}Thank you for your trust.\n\n{signature}")

    assert not approvable(in_body(traced))


@pytest.mark.parametrize(
    "subject", ["Marcus, your lawn is ready", "A thank-you for you, Marcus", "Hi Marcus", "Subject: Hi", "", " \u200b"]
)
def test_a_subject_calls_nobody_but_the_reader_and_says_something(subject):
    draft = {"subject": subject, "body": f"{HELLO}Thank you!{BYE}", "call_to_action": "Go: {{offer.link}}"}
    traced = trace(draft, facts=facts(), locale="en-US")

    assert {each["where"] for each in traced.findings if each["result"] not in ("slot", "equals")} == {"subject"}
