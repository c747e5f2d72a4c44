"""What a message costs: quantities times prices, and no part without a price that has a source."""

import re
from decimal import Decimal

import pytest
from agent_platform.errors import ConfigurationError

from operations import cost_page, message_cost, service_prices
from operations.message_cost import Call, Quantities
from tests.bench import message_cost as bench

FUNCTION = {
    "memory_mb": 1024,
    "queued": 1,
    "read_units": 2.5,
    "write_units": 3,
    "log_bytes": 524,
    "embedded_characters": 400,
}


def quantities(calls=None, functions=1):
    each = FUNCTION | {"calls": calls or {}}
    return Quantities({f"Function{n}": each for n in range(functions)}, transitions=4, stored_bytes=1024**3)


def costs(took, *, model_calls=0, days=30.4):
    return {
        part.service: part.cost for part in message_cost.parts(took, model_calls=model_calls, days_kept=Decimal(days))
    }


def test_a_part_costs_its_quantity_times_its_price():
    found = costs(quantities({"events:PutEvents": 2, "s3:GetObject": 5}))

    assert found["EventBridge"] == Decimal("0.000002")
    assert found["S3"] == Decimal("0.000002")
    assert found["SQS"] == Decimal("0.0000012"), "three requests for one message"
    assert found["Step Functions"] == Decimal("0.0001")
    assert found["DynamoDB, writes"] == Decimal("0.000001875")
    assert found["DynamoDB, reads"] == Decimal("0.0000003125")
    assert found["Embeddings"] == Decimal("0.02") * 100 / 1_000_000, "the question about past cases alone"
    assert found["CloudWatch Logs"] == Decimal("0.5") / 1024**2, "its own lines and Lambda's"


def test_compute_is_memory_times_the_function_s_seconds_and_the_models():
    waiting = costs(quantities({"dynamodb:GetItem": 10}), model_calls=2)["Lambda, compute"]

    assert waiting == Decimal("0.0000166667") * (Decimal("0.1") + 10 * Decimal("0.01") + 2 * 3)


def test_what_a_process_keeps_is_no_call_of_each_message():
    assert quantities({"secretsmanager:GetSecretValue": 2, "ssm:GetParameter": 1}).seconds == Decimal("0.1")


def test_storage_is_paid_for_as_long_as_a_message_is_kept():
    month, year = costs(quantities()), costs(quantities(), days=364.8)

    assert month["DynamoDB, storage"] == pytest.approx(Decimal("0.25"))
    assert year["DynamoDB, recovery"] == pytest.approx(12 * Decimal("0.20"))


def test_a_call_costs_its_tokens_with_its_own_model_or_another():
    call = Call("writer", "us.amazon.nova-lite-v1:0", 1_000_000, 1_000_000)

    assert call.cost() == Decimal("0.30")
    assert call.cost("us.amazon.nova-pro-v1:0") == 4
    with pytest.raises(ConfigurationError):
        call.cost("us.nobody.knows-v1:0")


def test_a_rewritten_draft_costs_its_tokens_and_both_functions_once_more():
    took, calls = Quantities.recorded(), message_cost.recorded_calls()
    tokens = sum(call.cost() for call in calls)
    waiting = Decimal("0.0000166667") * Decimal("0.5") * 2 * 3

    assert message_cost.rewrite(took, calls) > tokens + waiting + 3 * Decimal("0.000025")
    whole = sum(part.cost for part in message_cost.parts(took, model_calls=2, days_kept=365))
    assert message_cost.rewrite(took, calls) < tokens + whole


def test_every_price_has_a_source_of_aws_s_and_is_used():
    prices = service_prices.price_list()["prices"]
    modules = [path for folder in ("operations", "capacity") for path in (cost_page.ROOT / folder).glob("*cost*.py")]
    used = "".join(path.read_text() for path in modules)

    assert all(Decimal(price["usd"]) > 0 for price in prices.values())
    assert all(price["source"].startswith("https://aws.amazon.com/") for price in prices.values())
    assert [name for name in prices if f'"{name}"' not in used] == []


def test_the_page_is_as_quantities_and_prices_have_it():
    """Written anew by scripts/costs document."""
    assert cost_page.PAGE.read_text() == cost_page.page()


def test_the_shipped_agents_stand_first_and_then_three_models():
    rows = re.findall(r"^\| `([^`]+)` \| `([^`]+)` \|.*\*\*\$([\d.]+)\*\*", cost_page.page(), re.MULTILINE)

    shipped, *others = rows
    assert shipped[0] != shipped[1]
    assert len(others) == 3
    assert all(writer == judge for writer, judge, _ in others)


def test_what_is_shown_of_a_row_adds_up():
    row = next(line for line in cost_page.page().splitlines() if "**$" in line)
    *summands, total = (Decimal(amount) for amount in re.findall(r"\$([\d.]+)", row))

    assert sum(summands) == pytest.approx(total, abs=Decimal("0.01"))


@pytest.mark.parametrize("call", message_cost.recorded_calls(), ids=lambda call: call.role)
def test_the_token_floor_stands_on_the_prompts_that_were_sent(call):
    """The bench asks what the run asked, but for the comment, and leaves out what the floor does without."""
    assert bench.tokens(bench.asked(call.role)) == pytest.approx(call.input_tokens, rel=0.02)
    assert bench.minimal_tokens(call.role) < 0.9 * call.input_tokens
