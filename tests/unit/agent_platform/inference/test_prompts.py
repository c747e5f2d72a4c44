import pytest
from agent_platform.errors import ConfigurationError
from agent_platform.inference.prompts import render_prompt


def test_variables_are_filled_in_and_slots_pass_through():
    rendered = render_prompt("Write for ${company}: {{customer.first_name}} {{offer.amount}}", {"company": "GreenEdge"})
    assert rendered == "Write for GreenEdge: {{customer.first_name}} {{offer.amount}}"


def test_a_value_is_never_expanded_again():
    assert render_prompt("${company}", {"company": "${purpose} {{slot}} $5"}) == "${purpose} {{slot}} $5"


def test_a_doubled_dollar_is_a_dollar():
    assert render_prompt("$$5 for ${company}", {"company": "GreenEdge"}) == "$5 for GreenEdge"


def test_a_template_need_not_use_every_variable():
    assert render_prompt("plain", {"company": "GreenEdge"}) == "plain"


def test_every_problem_is_named_at_once():
    with pytest.raises(ConfigurationError) as refused:
        render_prompt("${b} ${a} ${tone} costs $5", {"tone": "  ", "purpose": "referral"})
    message = str(refused.value)
    assert "unknown variables: a, b; known are: purpose, tone" in message
    assert "without a value: tone" in message
    assert "$$" in message
