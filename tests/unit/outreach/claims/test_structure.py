"""A text that is no mail isn't approvable, whatever it claims."""

import pytest
from outreach.claims import trace
from outreach.findings import approvable

from tests.unit.outreach.claims.greenedge_facts import facts, in_body, traced_body


def kinds(traced):
    return [(each["kind"], each["result"]) for each in in_body(traced)]


@pytest.mark.parametrize(
    "body",
    [
        "I'm sure you'll do it again.\n\n" * 3,
        "We care. We care a lot. Trust us now! We love it. Trust us now. Sure? Trust us now",
        "a lawn that is green and deep and soft and " * 3,
        "very " * 12,
        "",
        "  \n\t",
        "\u200b\u200d",
        "Dear you,\nDate: today\nhello",
        "**Subject:** hello",
        "Call to action: share it",
        "{}",
        "[]",
        '{"body": "hello"}',
        "Sure!\n```\nhello\n```",
        "JSON:\nhello",
        "Save \u202efive\u202c now.",
    ],
)
def test_a_loop_a_header_code_or_nothing_is_no_mail(body):
    traced = traced_body(body)

    assert ("structure", "unsupported") in kinds(traced)
    assert not approvable(traced.findings)


def test_a_sentence_may_be_said_twice():
    assert kinds(traced_body("We care about it. Truly. We care about it.")) == []


def test_a_body_may_begin_with_a_slot():
    assert kinds(traced_body("{{customer.first_name}}, hello.")) == [("name", "slot")]


def test_a_draft_without_the_offers_link_asks_for_nothing():
    draft = {"subject": "A favor", "body": "Tell a friend.", "call_to_action": ""}

    (finding,) = trace(draft, facts=facts(), locale="en-US").findings
    assert (finding["kind"], finding["result"], finding["slot"]) == ("structure", "unsupported", "offer.link")
    assert trace(draft, facts=facts(offer__link=None), locale="en-US").findings == []


def test_the_offers_link_may_stand_anywhere_and_as_a_literal():
    draft = {"subject": "A favor", "body": "See greenedge.example/r/DANA25.", "call_to_action": ""}

    assert approvable(trace(draft, facts=facts(), locale="en-US").findings)


def test_findings_are_reported_once_and_never_more_than_a_state_can_carry():
    assert len(in_body(traced_body("Save 3% or 3% or 3%."))) == 1

    many = traced_body(" ".join(f"{{{{offer.amount}}}} and {number}" for number in range(100, 200)))
    assert len(many.findings) == 40
    assert all(each["result"] == "contradicted" for each in many.findings)


def test_a_text_of_claims_is_left_as_it_is():
    body = "$25 " * 501

    traced = traced_body(body)
    assert traced.body == body
    assert not approvable(in_body(traced))
