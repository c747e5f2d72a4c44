"""Which past cases a run is given: the most similar that did well, none in quarantine, and none for who is held out."""

import pytest
from agent_platform.errors import TransientError
from agent_platform.retrieval.credits import Credits
from agent_platform.retrieval.holdout import held_out
from agent_platform.retrieval.weighing import refresh
from outreach import cases

from tests.integration.outreach.answers import draft, scores
from tests.integration.stack import PARAMETERS
from tests.mutations import mutate

TENANT, PURPOSE = "greenedge", "referral"
RETRIEVE = "bedrock-agent-runtime:Retrieve"
TEXTS = {"sells": "Peonies bloom.", "plain": "Gravel paths crunch.", "spoils": "Foghorns blare.", "new": "Kites fly."}


@pytest.fixture
def case_credits(stack):
    return Credits(table=stack.table("CaseCreditsTable"), dynamodb=stack.clients("dynamodb"))


@pytest.fixture
def base(ready, case_credits):
    """A Knowledge Base that finds four cases, the best ones last, and what came of them so far."""
    ready.clients("ssm").put_parameter(
        Name=ready._ids["KnowledgeBaseId"], Value="KB12345678", Type="String", Overwrite=True
    )
    for case, times, good in (("sells", 12, 10), ("plain", 20, 5), ("spoils", 45, 0)):
        for number in range(times):
            items = case_credits.counted(TENANT, PURPOSE, [case], "retrieved", good=number < good, harmed=False)
            ready.clients("dynamodb").transact_write_items(TransactItems=items)
    refresh(case_credits, TENANT, PURPOSE)
    return ready


def finds(stack, *found):
    results = [
        {
            "content": {"text": TEXTS[case]},
            "location": {"type": "S3", "s3Location": {"uri": f"s3://cases/{TENANT}/{case}.md"}},
            "score": score,
            "metadata": {"tenant": TENANT, "purpose": PURPOSE, "season": "any"},
        }
        for case, score in found
    ]
    stack.clients.answer(RETRIEVE, {"retrievalResults": results})


@pytest.fixture
def enriched(base, begin):
    document = begin()
    for state in ("Validate", "Enrich"):
        document, _ = base.step(state, document)
    return document


def retrieved(stack, enriched):
    return stack.step("Retrieve", enriched)[0]["passages"]


def test_of_similar_cases_the_one_that_does_better_comes_first_and_the_harmful_one_never(base, enriched):
    finds(base, ("spoils", 0.95), ("plain", 0.8), ("new", 0.7), ("sells", 0.65))
    passages = retrieved(base, enriched)

    assert [each["source"] for each in passages["items"]] == ["sells", "plain", "new"]
    assert [each["score"] for each in passages["items"]] == [0.65, 0.8, 0.7], "a score stays the similarity"
    asked = [str(call) for call in base.clients.calls]
    assert asked.count("dynamodb:BatchGetItem") == 1


def test_without_ranking_the_test_above_would_see_it(base, enriched, monkeypatch):
    mutate(monkeypatch, cases.find_passages, "ranked(found, credit)", "found")
    finds(base, ("spoils", 0.95), ("plain", 0.8), ("new", 0.7), ("sells", 0.65))

    assert retrieved(base, enriched)["items"][0]["source"] == "spoils"


def test_a_quarantined_case_is_none_even_where_it_is_the_only_one(base, enriched):
    finds(base, ("spoils", 0.95))

    assert retrieved(base, enriched) == {"status": "none_found", "items": []}


def test_who_is_held_out_is_given_none_and_nothing_is_looked_for(base, enriched, monkeypatch):
    monkeypatch.setitem(PARAMETERS, "RetrievalHoldoutPercent", 100)
    passages = retrieved(base, enriched)

    assert passages == {"status": "held_out", "items": []}
    assert {call.service for call in base.clients.calls} == {"ssm"}


def test_a_message_keeps_which_arm_its_customer_was_in(base, begin, script, monkeypatch):
    monkeypatch.setitem(PARAMETERS, "RetrievalHoldoutPercent", 100)
    script(draft(), scores(5))
    base.run(begin())
    (message,) = base.items("OutreachMessagesTable")

    assert (message["retrieval"], message["passages"]) == ("held_out", [])


def test_where_nothing_is_configured_nobody_is_held_out(ready, begin, script, monkeypatch):
    """They would be compared with customers who had no cases either."""
    monkeypatch.setitem(PARAMETERS, "RetrievalHoldoutPercent", 100)
    script(draft(), scores(5))

    assert ready.run(begin())["passages"]["status"] == "not_configured"


def test_a_throttled_credit_is_tried_again_by_the_state_machine(base, enriched):
    finds(base, ("plain", 0.8))
    for _ in range(3):
        base.clients.fail("dynamodb:BatchGetItem", "ThrottlingException", 400)

    with pytest.raises(TransientError):
        retrieved(base, enriched)


@pytest.mark.parametrize("percent", [0, 10, 50])
def test_the_held_out_are_so_many_and_always_the_same(percent):
    customers = [f"c-{number:032x}" for number in range(4_000)]
    out = {each for each in customers if held_out(TENANT, each, percent=percent)}

    assert abs(len(out) / len(customers) - percent / 100) < 0.025
    assert out == {each for each in customers if held_out(TENANT, each, percent=percent)}
    assert out <= {each for each in customers if held_out(TENANT, each, percent=percent + 5)}


def test_a_customer_of_two_companies_is_held_out_by_each_apart():
    customers = [f"c-{number:032x}" for number in range(2_000)]
    both = [each for each in customers if held_out("one", each, percent=50) and held_out("two", each, percent=50)]

    assert 400 < len(both) < 600
