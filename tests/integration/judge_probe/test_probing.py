"""A judge's version is probed, and promoted if it has shown that it tells good drafts from bad ones."""

import pytest
from agent_platform.inference import completions

from tests.integration.judge_probe.conftest import JUDGE, PROBES, offline
from tests.probings import probing

WANTED = {"agent_id": JUDGE, "version": 2, "seed": "a"}
PROMOTION = {"action": "promote", "agent_id": JUDGE, "version": 2, "by": "anna", "reason": "stricter"}


def probe(stack, **changes):
    return stack.invoke("ProbeJudgeFunction", WANTED | changes)


def promote(stack):
    return stack.invoke("DeployAgentFunction", PROMOTION)


def test_a_version_is_asked_about_every_probe_once_and_about_some_twice(judge):
    found = probe(judge)
    assert found["estimate"]["left"] == 0
    assert sum(judge.asked.times.values()) == len(PROBES) + 30
    assert found["result"]["discrimination"]["index"] == 1
    assert judge.probings().of(JUDGE, 2) == found["result"]
    probe(judge)
    assert sum(judge.asked.times.values()) == len(PROBES) + 30


def test_shares_of_a_probing_make_one_whole(judge):
    left = [probe(judge, most=100)["estimate"]["left"] for _ in range(3)]
    assert left == [len(PROBES) - 100, len(PROBES) - 200, 0]
    assert judge.probings().of(JUDGE, 2)["good"]["n"] == 82


def test_a_refusal_is_an_answer(judge):
    assert probe(judge, cap_micros=1)["problems"][0].startswith("it could cost $")
    assert probe(judge, agent_id="platform#outreach-writer", version=1)["problems"] == [
        "version 1 of platform#outreach-writer is no judge's: only judges are probed"
    ]
    judge.clients("s3").delete_object(Bucket="evaluationsbucket", Key="probes/outreach-judge.jsonl")
    assert "there are no probes for platform#outreach-judge" in probe(judge)["problems"][0]
    assert judge.asked.documents == []


def test_a_judge_that_was_not_probed_is_not_promoted(judge):
    assert promote(judge)["problems"] == [
        "version 2 is a judge whose error nobody knows: scripts/agents probe it first"
    ]
    probe(judge)
    assert promote(judge)["production"] == 2


def test_a_judge_that_approves_everything_is_not_promoted(judge):
    judge.asked.approves_all = True
    probe(judge)
    [why] = promote(judge)["problems"]
    assert why.startswith("version 2 is not shown to tell good drafts from bad ones: its discrimination")
    assert judge.aliases().alias(JUDGE).production == 1


def test_what_somebody_asked_for_counts_before_last_night(judge):
    judge.probings().keep(JUDGE, 2, "nightly", probing(right=55, discriminates=False))
    assert "is not shown to tell" in promote(judge)["problems"][0]
    judge.probings().keep(JUDGE, 2, "asked", probing())
    assert promote(judge)["production"] == 2


@pytest.mark.parametrize("number", [0, 1, 5, -1])
def test_judge_answers_a_probe_with_a_verdict_and_its_tenant_pays(judge, monkeypatch, number):
    monkeypatch.setattr(completions, "converse", offline)
    asked = PROBES[number]
    document = {
        "tenant": "platform", "probe": asked["id"], "material": asked["material"], "text": asked["draft"],
        "agents": {"judge": {"agent_id": JUDGE, "version": 2}},
    }  # fmt: skip
    verdict = judge.invoke("OutreachJudgeFunction", document)

    assert verdict["approved"] is (asked["fault"] is None)
    assert verdict["attempts"][0]["findings"] == []
    [booked] = [row for row in judge.items("CostLedgerTable") if "agent" in row]
    assert booked["series"].startswith("platform#")
