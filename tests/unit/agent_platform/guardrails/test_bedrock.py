from contextlib import nullcontext

import pytest
from agent_platform import aws
from agent_platform.errors import ConfigurationError
from agent_platform.guardrails import bedrock
from agent_platform.guardrails.checks import Check, unguarded
from botocore.exceptions import ClientError, ReadTimeoutError

# Two units by both policies that have a price, at $0.15 and $0.10 a thousand.
COST = 500


class Guardrail:
    """A client of Bedrock that gives one answer, or raises it."""

    def __init__(self, answer):
        self._answer = answer

    def apply_guardrail(self, **asked):
        self.asked = asked
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


def said(answer):
    if isinstance(answer, dict):
        answer = answer | {
            "usage": {"contentPolicyUnits": 2, "sensitiveInformationPolicyUnits": 2, "wordPolicyUnits": 2}
        }
    return bedrock.check("Hello", guardrail="g-1", version="1", client=Guardrail(answer))


def assessed(**policies):
    return {"action": "GUARDRAIL_INTERVENED", "assessments": [policies]}


def refused(code):
    return ClientError({"Error": {"Code": code, "Message": "it quotes Hello"}}, "ApplyGuardrail")


@pytest.mark.parametrize(
    ("answer", "check"),
    [
        ({"action": "NONE", "assessments": []}, Check("allow", "", COST)),
        (assessed(contentPolicy={"filters": [{"type": "INSULTS"}]}), Check("block", "contentPolicy INSULTS", COST)),
        (
            assessed(
                wordPolicy={"managedWordLists": [{"match": "x", "type": "PROFANITY"}], "customWords": [{"match": "y"}]},
                invocationMetrics={"guardrailProcessingLatency": 5},
            ),
            Check("block", "wordPolicy PROFANITY, wordPolicy listed", COST),
        ),
        ({"action": "GUARDRAIL_INTERVENED", "assessments": []}, Check("block", "unnamed", COST)),
        (refused("ThrottlingException"), Check("error", "ThrottlingException")),
        (refused("ResourceNotFoundException"), Check("error", "ResourceNotFoundException")),
        (ReadTimeoutError(endpoint_url="https://x"), Check("error", "ReadTimeoutError", None)),
        ({"action": "SOMETHING_NEW"}, Check("error", "an answer of another shape", COST)),
        ({}, Check("error", "an answer of another shape", COST)),
    ],
)  # fmt: skip
def test_a_guardrail_allows_blocks_or_fails_and_what_it_found_is_never_quoted(answer, check):
    assert said(answer) == check


@pytest.mark.parametrize("answer", [{"action": "NONE"}, {"action": "NONE", "usage": {"newPolicyUnits": 1}}])
def test_what_an_answer_costs_that_tells_no_units_or_others_nobody_knows(answer):
    client = Guardrail(answer)
    assert bedrock.check("Hello", guardrail="g-1", version="1", client=client) == Check("allow", "", None)


def test_what_a_model_wrote_is_asked_about_as_output():
    client = Guardrail({"action": "NONE"})
    bedrock.check("Hello", guardrail="g-1", version="7", client=client)
    assert client.asked == {
        "guardrailIdentifier": "g-1",
        "guardrailVersion": "7",
        "source": "OUTPUT",
        "content": [{"text": {"text": "Hello"}}],
    }


def test_a_stack_without_a_guardrail_asks_none(monkeypatch):
    monkeypatch.setenv("GUARDRAIL", "off")
    monkeypatch.setenv("GUARDRAIL_VERSION", "DRAFT")
    with bedrock.configured_guard(metered=lambda _: pytest.fail("nobody pays for nothing")) as guard:
        assert guard is unguarded
    assert unguarded("anything") == Check("allow")


def test_a_stack_with_one_asks_it_in_its_version(monkeypatch):
    client = Guardrail({"action": "NONE"})
    monkeypatch.setattr(aws, "client", {"bedrock-runtime": client}.__getitem__)
    monkeypatch.setenv("GUARDRAIL", "g-2")
    monkeypatch.setenv("GUARDRAIL_VERSION", "3")
    paid = []
    with bedrock.configured_guard(
        metered=lambda check: nullcontext(lambda text: paid.append(text) or check(text))
    ) as guard:
        assert guard("Hello").result == "allow"
    assert paid == ["Hello"]
    assert (client.asked["guardrailIdentifier"], client.asked["guardrailVersion"]) == ("g-2", "3")


def test_a_stack_that_doesn_t_say_is_not_set_up(monkeypatch):
    monkeypatch.delenv("GUARDRAIL", raising=False)
    with pytest.raises(ConfigurationError, match="GUARDRAIL"):
        bedrock.configured_guard(metered=lambda check: check)
