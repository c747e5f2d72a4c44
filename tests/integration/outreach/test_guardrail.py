"""A second guard's three results, from Generate to what is stored: sent, refused, or seen by a person."""

import pytest

from tests.integration.outreach.answers import draft, scores
from tests.integration.stack import FUNCTIONS

INSULTS = {"action": "GUARDRAIL_INTERVENED", "assessments": [{"contentPolicy": {"filters": [{"type": "INSULTS"}]}}]}


@pytest.fixture(autouse=True)
def _with_a_guardrail(monkeypatch):
    monkeypatch.setitem(FUNCTIONS["OutreachGenerateFunction"]["Environment"]["Variables"], "GUARDRAIL", "local")


def stored(ready, begin, said):
    for _ in range(3):
        ready.clients.answer("bedrock-runtime:ApplyGuardrail", said)
    return ready.run(begin())["message"]["status"]


@pytest.mark.parametrize(
    ("said", "status"),
    [({"action": "NONE"}, "approved"), (INSULTS, "rejected"), ({"action": "SOMETHING_NEW"}, "pending_review")],
)
def test_what_is_allowed_is_approved_what_is_blocked_is_not_and_of_an_error_a_person_decides(
    ready, begin, script, said, status
):
    script(*[draft(), scores(5)] * 3)
    assert stored(ready, begin, said) == status


def test_what_it_costs_is_booked_with_the_run_and_told_with_the_message(ready, begin, script):
    script(draft(), scores(5))
    units = {"contentPolicyUnits": 2, "sensitiveInformationPolicyUnits": 2, "wordPolicyUnits": 2}
    ready.clients.answer("bedrock-runtime:ApplyGuardrail", {"action": "NONE", "usage": units})
    document = ready.run(begin())

    [row] = [row for row in ready.items("CostLedgerTable") if row.get("model") == "bedrock-guardrail"]
    assert (row["costMicros"], row["execution"]) == (500, document["message"]["message_id"])
    assert row["priceVersion"].startswith("Bedrock Guardrails, 20")
    [stored] = ready.items("OutreachMessagesTable")
    generated, judged = (document["verdict"]["attempts"][0][role]["cost_micros"] for role in ("generate", "judge"))
    assert stored["costMicros"] == generated + judged
