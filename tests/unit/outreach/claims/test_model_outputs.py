"""What real models answered: none of it may come out approvable, however much of it happens to be known."""

import json
from pathlib import Path

import pytest
from outreach.claims import trace
from outreach.findings import approvable

from tests.unit.outreach.claims.greenedge_facts import facts

FIXTURES = Path(__file__).parents[3] / "fixtures" / "model_outputs"
OUTPUTS = [
    output for file in sorted(FIXTURES.glob("*.json")) for output in json.loads(file.read_text(encoding="utf-8"))
]
NAMES = [f"{output['model']} {output['task']} {output['mode']}" for output in OUTPUTS]

# Everything that the prompts of these answers said, and more: the test is to be hard.
KNOWN = [
    *facts(
        sender__name="Priya",
        offer__percent=25,
        service__count=10,
        service__since="2023-04",
        offer__valid_until="2026-10-28",
        offer__amount={"minor": 2500, "currency": "USD"},
        offer__friend_amount={"minor": 14800, "currency": "USD"},
    ),
    {"slot": "service.price", "kind": "money", "value": {"minor": 11900, "currency": "USD"}},
    {"slot": "offer.service", "kind": "text", "value": "Fall Aeration"},
]
GOOD = {
    "subject": "A thank-you from {{company.name}}",
    "body": "Hi {{customer.first_name}}!",
    "call_to_action": "Go: {{offer.link}}",
}


def findings_of(draft):
    return trace(GOOD | draft, facts=KNOWN, locale="en-US").findings


def as_mail(text):
    try:
        answer = json.loads(text, strict=False)
    except ValueError:
        return None
    return {part: answer[part] for part in ("subject", "body") if part in answer} or None


def test_the_rest_of_the_draft_is_beyond_reproach():
    assert len(OUTPUTS) == 16
    assert approvable(findings_of({}))


@pytest.mark.parametrize("output", OUTPUTS, ids=NAMES)
def test_the_text_as_a_body_is_not_approvable(output):
    assert not approvable([each for each in findings_of({"body": output["text"]}) if each["where"] == "body"])


@pytest.mark.parametrize(
    "output", [output for output in OUTPUTS if as_mail(output["text"])], ids=lambda output: output["task"]
)
def test_the_mail_inside_of_it_is_not_approvable(output):
    assert not approvable(findings_of(as_mail(output["text"])))


def test_two_answers_hold_a_mail_in_json():
    assert sum(as_mail(output["text"]) is not None for output in OUTPUTS) == 2
