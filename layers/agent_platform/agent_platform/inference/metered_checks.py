"""A metered check of a model's text: held under the payer's caps before it is made, and booked at what it did cost."""

from collections.abc import Callable
from typing import Protocol

from aws_lambda_powertools.metrics import MetricUnit

from agent_platform.inference import measures
from agent_platform.inference.budgets import MICROS_PER_USD
from agent_platform.inference.holds import Hold
from agent_platform.inference.ledger import Ledger
from agent_platform.inference.metering import left_to_expiry
from agent_platform.inference.payers import Payer
from agent_platform.inference.prices import Usage

# What stands in the ledger for a model.
GUARDRAIL = "bedrock-guardrail"
# Behind the calls of the model itself, which count from 1.
_NUMBER = 9


class Checked(Protocol):
    """What a check said, with its cost in millionths of a USD: None if nobody knows it."""

    @property
    def cost_micros(self) -> int | None:
        """What it cost."""


def metered_check[C: Checked](
    check: Callable[[str], C],
    payer: Payer,
    *,
    ledger: Ledger,
    most_cost: Callable[[str], int],
    priced_by: str,
) -> Callable[[str], C]:
    """`check` on a payer's account; `most_cost` is what a text may cost. OverBudget if a cap has no room for that.

    A check of which nobody knows the cost keeps its hold, and is booked at its most when that runs out.
    """

    def checked(text: str) -> C:
        call = payer.call(_NUMBER, GUARDRAIL)
        hold = ledger.reserve(
            call, most_cost(text), hold=payer.hold_id(_NUMBER), now=payer.now, until=payer.ends_at, priced_by=priced_by
        )
        said = check(text)
        with left_to_expiry(hold):
            _close(ledger, hold, said.cost_micros, by=payer.books_until)
        return said

    return checked


def _close(ledger: Ledger, hold: Hold, cost: int | None, *, by: float) -> None:
    if cost:
        ledger.settle(hold, Usage(), cost, by=by)
        measures.emit(hold.call, {"Cost": (MetricUnit.NoUnit, cost / MICROS_PER_USD)})
    elif cost == 0:
        ledger.release(hold, by=by)
