"""docs/costs.md: what a thousand messages cost, by part, written from measured quantities and dated prices."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from agent_platform.inference.budgets import MICROS_PER_USD
from agent_platform.inference.prices import price_list as model_prices
from agent_platform.probes.watching import NIGHTLY_CAP_MICROS

from operations import message_cost, service_prices, standing_costs
from operations.guardrail_cost import check_of_a_draft
from operations.message_cost import Call, Part, Quantities
from operations.stack import ROOT

PAGE = ROOT / "docs" / "costs.md"
# What the same tokens would cost if one model wrote and judged.
MODELS = ("us.amazon.nova-lite-v1:0", "us.amazon.nova-pro-v1:0", "us.anthropic.claude-haiku-4-5-20251001-v1:0")
MESSAGES = 1000


def page() -> str:
    """The page; the same quantities and prices always give the same text."""
    took, calls = Quantities.recorded(), message_cost.recorded_calls()
    parts = message_cost.parts(took, model_calls=len(calls), days_kept=message_cost.days_kept())
    message = sum((each.cost for each in parts), sum((call.cost() for call in calls), Decimal(0)))
    money = [*_totals(calls, parts, took), *_by_part(parts), *_standing(message, calls)]
    return "\n".join([*_introduction(), *money, *_measured(took)])


def write(path: Path = PAGE) -> None:
    """Write the page anew."""
    path.write_text(page(), encoding="utf-8")


def _introduction() -> Iterator[str]:
    services, models = service_prices.price_list(), model_prices()
    yield f"""\
# What a thousand messages cost

Written by `scripts/costs document` from what one message was measured to take, and from dated prices; a test compares
both. Nothing of a free tier is deducted. What was really spent on models is in the ledger: `scripts/costs`.

- Prices of services: {services["region"]}, {services["dated"]}, from `operations/service_prices.json`, which
  names the source of each.
- Prices of models: {models["dated"]}, from {models["package"]}, as the ledger books them.
- The message: one `service.completed`, approved at its first draft (`events/outreach/store.json`), with the tokens as
  the local Bedrock counts them. Models count otherwise; `scripts/costs` has what they counted.
"""


def _totals(calls: Sequence[Call], parts: Sequence[Part], took: Quantities) -> Iterator[str]:
    rest = sum((part.cost for part in parts), Decimal(0))
    yield "## For three models, and as shipped"
    yield ""
    yield _row(("Writer", "Judge", "Writer's tokens", "Judge's tokens", "Everything else", "1,000 messages"))
    yield _row(("---", "---", "---:", "---:", "---:", "---:"))
    for choice in (None, *MODELS):
        models = [choice or call.model for call in calls]
        tokens = [call.cost(choice) for call in calls]
        total = sum(tokens, rest)
        yield _row(
            (*(f"`{model}`" for model in models), *map(_thousand, tokens), _thousand(rest), f"**{_thousand(total)}**")
        )
    again = _thousand(message_cost.rewrite(took, calls) / 10)
    yield f"""
The first row is what `agents/` ships. Each row is

    1,000 × (Σ of the calls: input tokens × input price + output tokens × output price
             + Σ of the parts below: quantity × price)

A draft that is rewritten costs its tokens and its judge's again: as shipped, {again} for each 1,000 messages if one in
ten is. An event that is skipped, for want of a consent for example, costs no tokens.
"""


def _by_part(parts: Iterable[Part]) -> Iterator[str]:
    yield "## Everything else, by part"
    yield ""
    yield _row(("Part", "One message takes", "Price", "1,000 messages"))
    yield _row(("---", "---", "---", "---:"))
    yield from (_row((part.service, part.takes, part.price, _thousand(part.cost, decimals=4))) for part in parts)
    took_by_itself, took_by_call = message_cost.SECONDS_OF_AN_INVOCATION, message_cost.SECONDS_OF_A_CALL
    model = message_cost.SECONDS_OF_A_MODEL
    yield f"""
Assumed, because a laptop can't measure it:

- A function takes {took_by_itself} s, {took_by_call} s more for each call of AWS, a model {model} s; each further
  second of a model adds {_second_of_a_model()} for each of its calls.
- Lambda itself logs {message_cost.LOG_BYTES_OF_AN_INVOCATION} bytes an invocation, and X-Ray keeps 5 of 100 traces.
- No message of a queue shares its requests with another one, and nothing is retried.
- Items count with what they have when they are written; DynamoDB bills each kilobyte that is begun, twice within a
  transaction, and each index that holds the item once more.
"""
    yield from _guardrail()


def _guardrail() -> Iterator[str]:
    checked = check_of_a_draft()
    units = f"{checked.units} text units" if checked.units != 1 else "one text unit"
    yield f"""\
With the parameter BedrockGuardrail on, each draft is checked by Bedrock and the check is booked beside its calls:
{units} of a thousand characters, {checked.price} a thousand, {checked.dated}, from {checked.source}.
That is {_thousand(checked.cost)} for 1,000 messages, and as much for 1,000 rewrites. It is off as shipped, and in no
sum here.
"""


def _second_of_a_model() -> str:
    return _thousand(service_prices.usd("lambda_gb_second", Quantities.recorded().memory_gb), decimals=4)


def _standing(message: Decimal, calls: Sequence[Call]) -> Iterator[str]:
    yield "## What stands without any message, a month"
    yield ""
    yield _row(("Part", "How many", "Price", "A month"))
    yield _row(("---", "---:", "---", "---:"))
    asked, nightly_cap = standing_costs.judgings_a_night(), f"${NIGHTLY_CAP_MICROS / MICROS_PER_USD:.2f}"
    [judging] = [call.cost() for call in calls if call.role == "judge"]
    lines = standing_costs.standing(message=message, judging=judging)
    yield from (_row((each.what, str(each.count), each.price, f"${each.cost:.2f}")) for each in lines)
    yield f"""
An alarm on what CloudWatch has learned to expect is billed for both bounds of it, too. A metric of our own is billed
for the hours in which it had a value, and once more for each version of an agent, tenant, function or reason that it
is told by: counted is each name, once. Sweeps run once an hour or a day, and cost cents. The parameter VectorStore says
what OpenSearch Serverless would cost.

A probe is taken to cost what judging the message does. A night asks {asked} times of each judge in
production, for {nightly_cap} at most, and the tenant whose judge it is pays: `platform` for the shipped one.
`scripts/agents probe` asks more, and says the price before it begins. What either may cost is set by
`scripts/costs budget platform --line evaluations`.
"""


def _measured(took: Quantities) -> Iterator[str]:
    yield "## What was measured"
    yield ""
    yield _row(("Function", "Calls of AWS", "Read units", "Write units", "Bytes logged"))
    yield _row(("---", "---", "---:", "---:", "---:"))
    for name, each in took.functions.items():
        calls = ", ".join(f"{count} {operation}" for operation, count in each["calls"].items())
        units = (f"{each['read_units']:g}", f"{each['write_units']:g}")
        yield _row((f"`{name}`", calls, *units, str(each["log_bytes"])))
    yield """
Of each function in a new process, which reads what a later one remembers. Another run is recorded by the test
`tests/integration/outreach/test_message_quantities.py`, which says how when something differs.
"""


def _thousand(cost: Decimal, *, decimals: int = 2) -> str:
    return f"${cost * MESSAGES:.{decimals}f}"


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"
