"""The stand-in's e-mails before the project's own tracing of claims: the demo's approvals rest on both."""

import pytest
from outreach import claims

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


def findings(email, request):
    facts = [{"slot": slot, "kind": FACTS[slot][0], "value": FACTS[slot][1]} for slot in request["slots"]]
    return claims.trace(email, facts=facts, links=["https://greenedge.example/"], locale=request["locale"]).findings


@pytest.mark.parametrize("name", REQUESTS)
def test_nothing_that_the_writer_writes_is_unsupported(name):
    request = REQUESTS[name]
    first = write_email(request)
    again = write_email(request | {"previous": first | {"feedback": ["personal_relevance (3 of 5): more"]}})
    for email in (first, again):
        assert claims.approvable(findings(email, request))


@pytest.mark.parametrize("kind", INVENTIONS)
def test_what_a_fault_makes_a_careless_writer_add_is(kind):
    email = write_email(data())
    spoilt = email | {"body": email["body"].replace("\n\n", f"\n\n{INVENTIONS[kind]}\n\n", 1)}
    assert not claims.approvable(findings(spoilt, data()))
