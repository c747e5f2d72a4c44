"""What the guardrail adds to a message, on the page of costs."""

from decimal import Decimal

from operations import cost_page
from operations.guardrail_cost import check_of_a_draft, policies
from tests.infrastructure.template import resources


def test_what_is_billed_is_what_the_template_s_guardrail_has() -> None:
    [guardrail] = resources("AWS::Bedrock::Guardrail").values()

    assert set(policies()) == {name for name in guardrail["Properties"] if name.endswith("PolicyConfig")}


def test_a_draft_s_units_cost_by_every_policy_that_has_a_price() -> None:
    """Content at $0.15 and personal data at $0.10 a thousand; words are free."""
    checked = check_of_a_draft()

    assert checked.units >= 1
    assert checked.cost == checked.units * Decimal("0.00025")
    assert f"{checked.price} a thousand, {checked.dated}, from https://aws" in cost_page.page()
    assert f"That is ${checked.cost * 1000:.2f} for 1,000 messages" in cost_page.page()
