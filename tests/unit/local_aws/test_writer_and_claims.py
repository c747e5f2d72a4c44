"""The stand-in's e-mails before the project's own tracing of claims: the demo's approvals rest on both."""

import re
from pathlib import Path

import pytest
from outreach import claims
from outreach.findings import approvable

from local_aws.bedrock_wire.fault_effects import INVENTIONS
from local_aws.bedrock_wire.writer import write_email
from tests.unit.local_aws.email_requests import data, varied

FACTS = {
    "customer.first_name": ("name", "Maria"),
    "customer.city": ("name", "Evergreen"),
    "service.crew": ("name", "Luis"),
    "company.name": ("name", "GreenEdge Lawn Care"),
    "company.phone": ("phone", "+1 555 010 0140"),
    "company.website": ("link", "https://greenedge.example"),
    "sender.name": ("name", "Dana Whitfield"),
    "sender.title": ("text", "Customer Care Lead"),
    "service.last_type": ("text", "weekly mow"),
    "service.last_date": ("date", "2025-07-15"),
    "service.count": ("number", 12),
    "service.since": ("date", "2023-03-01"),
    "offer.name": ("text", "Refer a Neighbor"),
    "offer.amount": ("money", {"minor": 2500, "currency": "USD"}),
    "offer.friend_amount": ("money", {"minor": 2000, "currency": "USD"}),
    "offer.percent": ("percent", 15),
    "offer.link": ("link", "https://greenedge.example/refer"),
    "offer.valid_until": ("date", "2026-05-31"),
    "offer.service": ("text", "fall aeration"),
}
REQUESTS = varied()
ROOT = Path(__file__).parents[3]


def findings(email, request):
    facts = [{"slot": slot, "kind": FACTS[slot][0], "value": FACTS[slot][1]} for slot in request["slots"]]
    return claims.trace(email, facts=facts, links=["https://greenedge.example/"], locale=request["locale"]).findings


@pytest.mark.parametrize("name", REQUESTS)
def test_nothing_that_the_writer_writes_is_unsupported(name):
    request = REQUESTS[name]
    first = write_email(request)
    again = write_email(request | {"previous": first | {"feedback": ["personal_relevance (3 of 5): more"]}})
    for email in (first, again):
        assert approvable(findings(email, request))


def as_a_case(email):
    """An e-mail as it stands in a past case."""
    written = f"**{email['subject']}**\n\n{email['body']}\n\n{email['call_to_action']}".replace("\n", "\n> ")
    return f"# A case\n\n## What was written\n\n> {written}\n\n## What came of it\n\nBooked within a week.\n"


def length(email, request):
    known = {slot: value for slot, value in request["facts"].items() if not value.startswith("(known")}
    return len(re.sub(r"{{([a-z_.]+)}}", lambda slot: known.get(slot[1], slot[0]), email["body"]).split())


@pytest.mark.parametrize("locale", ["en-US", "de-DE", "es-US", "fr-CA"])
@pytest.mark.parametrize("purpose", ["referral", "upsell"])
def test_with_its_own_e_mails_as_passages_it_repeats_none_and_still_says_enough(purpose, locale):
    gaps = [(), ("service.count", "service.since"), ("customer.city", "service.crew"), ("customer.first_name",)]
    for visits in range(40):
        request = data(purpose, locale, without=gaps[visits % len(gaps)], features={"service_count": visits})
        request["passages"] = []
        for other in range(3):
            # Each was written with those before it as passages.
            email = write_email(request | {"features": {"service_count": 1000 + other}})
            request["passages"].append({"id": f"case-{other}", "text": as_a_case(email)})
        first = write_email(request)
        again = write_email(request | {"previous": first | {"feedback": ["clarity (3 of 5): too vague"]}})
        for email in (first, again):
            assert claims.copied(email, [passage["text"] for passage in request["passages"]], own=[]) == []
            assert approvable(findings(email, request))
            assert length(email, request) >= request["brand"]["limits"]["body_words"][0]


@pytest.mark.parametrize("name", REQUESTS)
def test_the_cases_that_ship_are_no_model_to_copy_from(name):
    passages = [case.read_text() for case in ROOT.glob("cases/*/*.md")]

    assert claims.copied(write_email(REQUESTS[name]), passages, own=[]) == []


@pytest.mark.parametrize("kind", INVENTIONS)
def test_what_a_fault_makes_a_careless_writer_add_is(kind):
    email = write_email(data())
    spoilt = email | {"body": email["body"].replace("\n\n", f"\n\n{INVENTIONS[kind]}\n\n", 1)}
    assert not approvable(findings(spoilt, data()))
