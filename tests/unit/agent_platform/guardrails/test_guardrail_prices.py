"""What a check by the guardrail costs."""

import pytest
from agent_platform.guardrails.prices import cost_of, most_cost, price_list, text_units

from tests.infrastructure.template import resources

# What a policy of the template is billed by, in the units of an answer; words are free.
BILLED = {
    "ContentPolicyConfig": "contentPolicyUnits",
    "SensitiveInformationPolicyConfig": "sensitiveInformationPolicyUnits",
    "WordPolicyConfig": "wordPolicyUnits",
}


@pytest.mark.parametrize(("characters", "units"), [(1, 1), (1000, 1), (1001, 2)])
def test_each_thousand_characters_that_is_begun_is_a_unit(characters, units):
    assert text_units(characters) == units
    assert most_cost(characters) == units * 250


def test_units_are_billed_by_their_policy_and_what_has_no_price_is_not_guessed():
    assert cost_of({"contentPolicyUnits": 2, "wordPolicyUnits": 2, "topicPolicyUnits": 0}) == 300
    assert cost_of({"sensitiveInformationPolicyUnits": 1, "sensitiveInformationPolicyFreeUnits": 1}) == 100
    assert cost_of({"contentPolicyUnits": 2, "topicPolicyUnits": 1}) is None


def test_every_policy_of_the_template_s_guardrail_has_a_price():
    """A topic in it would be billed, too: then it needs its price."""
    [guardrail] = resources("AWS::Bedrock::Guardrail").values()
    policies = {name for name in guardrail["Properties"] if name.endswith("PolicyConfig")}

    assert policies <= BILLED.keys()
    assert {BILLED[name] for name in policies} <= price_list()["prices"].keys()
