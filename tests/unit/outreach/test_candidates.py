"""What a judge's model takes for claims: found in the draft by code, kept where no rule has read, never believed."""

import json

import pytest
from agent_platform.errors import MalformedOutput
from outreach import claims
from outreach.bookkeeping import ledger_of
from outreach.evidence import evidence_for

from tests.fakes import ScriptedConverse, completion
from tests.unit.outreach import writing_cases as case
from tests.unit.outreach.test_judging import draft, judge

PAINTED = "Our van is painted green."
WITH_A_VAN = case.GOOD_EMAIL["body"].replace("\n\nIf a", f"\n\n{PAINTED}\n\nIf a", 1)


def evidence():
    return evidence_for(case.request(), case.features(), prepared=case.prepared(), brand=case.greenedge())


def found(*quotes, **texts):
    email = case.GOOD_EMAIL | {"body": WITH_A_VAN} | texts
    return claims.candidates(email, quotes, claims.ledger(email, **evidence()))


def judged(*quotes, body=WITH_A_VAN, **config):
    answers = completion(tool_input=case.scores_of(5, 5, 5, 5, 5) | {"claims": list(quotes)})
    return judge(ScriptedConverse(answers), draft(body=body), claims=True, **config)


@pytest.mark.parametrize(
    "quote",
    [PAINTED, "“Our van is painted”", "our van\nis painted", "OUR VAN IS PAINTED …", "Our vаn is painted"],
)
def test_a_quote_that_no_rule_has_read_waits_for_a_person(quote):
    (entry,) = found(quote).entries
    assert (entry["kind"], entry["result"], entry["where"]) == ("statement", "not_checked", "body")
    assert WITH_A_VAN[entry["start"] : entry["end"]].startswith("Our van is painted")


@pytest.mark.parametrize(
    "quote", ["you get {{offer.amount}}", "{{sender.name}}", PAINTED.replace("green", "blue"), "…"]
)
def test_a_quote_that_code_has_read_or_that_stands_nowhere_is_no_entry(quote):
    assert found(quote).entries == []


def test_quotes_that_stand_nowhere_are_counted_and_one_place_is_one_entry():
    some = found(PAINTED, "van is painted green", "We never said this.", "")
    assert (len(some.entries), some.nowhere) == (1, 2)


def test_a_version_that_asks_for_claims_keeps_those_that_no_rule_has_read():
    (attempt,) = judged(PAINTED, "you get {{offer.amount}}", "We never said this.")["attempts"]
    assert attempt["claims"] == {"quoted": 3, "nowhere": 1, "unread": [PAINTED.rstrip(".")]}
    assert attempt["approved"]


def test_a_version_that_does_not_ask_is_offered_no_field_and_keeps_nothing():
    converse = ScriptedConverse(completion(tool_input=case.scores_of(5, 5, 5, 5, 5) | {"claims": [PAINTED]}))
    (attempt,) = judge(converse, draft(body=WITH_A_VAN))["attempts"]
    assert "claims" not in attempt
    assert "claims" not in converse.calls[0]["tool"].schema["properties"]


def test_the_model_is_asked_once_and_again_only_if_it_did_not_look():
    without = completion(tool_input=case.scores_of(5, 5, 5, 5, 5))
    converse = ScriptedConverse(without, completion(tool_input=case.scores_of(5, 5, 5, 5, 5) | {"claims": []}))
    (attempt,) = judge(converse, claims=True)["attempts"]
    assert attempt["claims"] == {"quoted": 0, "nowhere": 0, "unread": []}
    assert "claims" in converse.calls[0]["tool"].schema["required"]
    with pytest.raises(MalformedOutput, match="claims must be a list"):
        judge(ScriptedConverse(without, without), claims=True)


def test_what_is_kept_of_them_stays_small():
    body = "Hi,\n\n" + " ".join(f"Our van is of the kind {'x' * 150}{number}." for number in range(60))
    quotes = [line + "." for line in body.split("\n\n")[1].split(".") if line.strip()]
    (attempt,) = judged(*quotes, body=body)["attempts"]
    assert len(json.dumps(attempt["claims"])) < 3_000


def test_the_ledger_of_the_kept_draft_shows_them_in_their_place():
    best = case.GOOD_EMAIL | {"body": WITH_A_VAN}
    kept = ledger_of(best, evidence(), findings=[], unread=[PAINTED[:18]])["ledger"]
    (entry,) = [each for each in kept if each["kind"] == "statement"]
    assert WITH_A_VAN[entry["start"] : entry["end"]] == "Our van is painted"
