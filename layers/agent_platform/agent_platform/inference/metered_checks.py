"""A metered check of a model's text: held under the payer's caps before the text is paid for, booked at its cost."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from aws_lambda_powertools.metrics import MetricUnit

from agent_platform.inference import measures
from agent_platform.inference.budgets import MICROS_PER_USD
from agent_platform.inference.holds import Hold
from agent_platform.inference.ledger import Ledger
from agent_platform.inference.metering import left_to_expiry, reserve
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


@contextmanager
def held_check[C: Checked](
    check: Callable[[str], C], payer: Payer, *, ledger: Ledger, most: int, priced_by: str
) -> Iterator[Callable[[str], C]]:
    """`check` of one text on a payer's account, held at its most from the beginning, and freed if no text comes to it.

    Raises what reserving does, before there is a text that was paid for. A check of which nobody knows the cost keeps
    its hold, and is booked at its most when that runs out.
    """
    hold, asked = reserve(ledger, payer, _NUMBER, GUARDRAIL, amount=most, priced_by=priced_by), False

    def checked(text: str) -> C:
        nonlocal asked
        asked = True
        said = check(text)
        with left_to_expiry(hold):
            _close(ledger, hold, said.cost_micros, by=payer.books_until)
        return said

    try:
        yield checked
    finally:
        if not asked:
            with left_to_expiry(hold):
                ledger.release(hold, by=payer.books_until)


def _close(ledger: Ledger, hold: Hold, cost: int | None, *, by: float) -> None:
    if cost:
        ledger.settle(hold, Usage(), cost, by=by)
        measures.emit(hold.call, {"Cost": (MetricUnit.NoUnit, cost / MICROS_PER_USD)})
    elif cost == 0:
        ledger.release(hold, by=by)
