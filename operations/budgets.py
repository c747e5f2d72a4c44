"""A tenant's budgets at the terminal: what it may spend on model calls, what it has spent, and changing the first."""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from agent_platform.inference.budgets import MICROS_PER_USD, Budget, Budgets, Line, day_of, periods_of
from agent_platform.inference.caps import Caps, Spent
from agent_platform.inference.pace import share_over

from operations.stack import Stack
from operations.terminal import Problem

REACHED = {
    "day": "today's cap is reached: no model is called until 00:00 UTC",
    "month": "this month's cap is reached: no model is called until the 1st, 00:00 UTC",
}


@dataclass(frozen=True)
class LineNow:
    """One line's budget, and what is used of it today and this month."""

    line: Line
    budget: Budget
    today: int
    month: int
    held: int

    @property
    def used(self) -> tuple[float, float]:
        """The percent of the day's and of the month's cap that is used; all of a cap of nothing is."""
        of = ((self.today, self.budget.day), (self.month, self.budget.month))
        day, month = (100 * used / cap if cap else 100.0 for used, cap in of)
        return day, month

    @property
    def reached(self) -> Literal["month", "day"] | None:
        """The cap that lets no model be called; the month's, which does so longer, if both do."""
        return "month" if self.used[1] >= 100 else "day" if self.used[0] >= 100 else None

    @property
    def left(self) -> int:
        """What may still be spent today."""
        return max(0, min(self.budget.day - self.today, self.budget.month - self.month))

    def document(self, now: datetime) -> dict[str, Any]:
        """The line as JSON."""
        return {
            "line": self.line,
            "budget": {"day_micros": self.budget.day, "month_micros": self.budget.month},
            "today_micros": self.today,
            "month_micros": self.month,
            "held_micros": self.held,
            "pace_percent": self.pace(now),
            "reached": self.reached,
        }

    def pace(self, now: datetime) -> float | None:
        """100 if the month's budget would just do at this pace; None if there is none."""
        return 100 * self.month / self.budget.month / share_over(now) if self.budget.month else None


def micros(given: str) -> int:
    """An amount in USD as it is typed, in millionths."""
    try:
        amount = Decimal(given.removeprefix("$"))
        exact = int(amount * MICROS_PER_USD)
    except (InvalidOperation, OverflowError, ValueError):
        exact = -1
    if exact < 0:
        raise argparse.ArgumentTypeError(f"{given} is no amount in USD such as 25 or 0.50")
    return exact


def dollars(amount: int) -> str:
    """An amount in millionths as a person typed it: $50.00, and $0.000500 where cents don't tell it."""
    return f"${amount / MICROS_PER_USD:,.{2 if amount % 10_000 == 0 else 6}f}"


def budgets_of(stack: Stack) -> Budgets:
    """The stack's budgets, with its defaults."""
    day, month = (int(stack.parameters[name]) * MICROS_PER_USD for name in ("TenantDailyUsd", "TenantMonthlyUsd"))
    return Budgets(Budget(day, month), table=stack.outputs["CostLedger"], dynamodb=stack.dynamodb)


def lines(stack: Stack, tenant: str, *, now: datetime) -> Iterator[LineNow]:
    """Each line of a tenant."""
    caps = Caps(table=stack.outputs["CostLedger"], dynamodb=stack.dynamodb)
    today, month = ({spent.line: spent for spent in caps.of(tenant, period)} for period in periods_of(day_of(now)))
    for line, budget in budgets_of(stack).all_of(tenant).items():
        nothing = Spent(line, "", 0, 0, 0)
        of_month = month.get(line, nothing)
        yield LineNow(line, budget, today.get(line, nothing).used, of_month.used, of_month.held)


def change(stack: Stack, tenant: str, line: Line, *, day: int | None, month: int | None) -> Budget:
    """Set a line's caps; Problem if a day could spend more than its month."""
    budgets = budgets_of(stack)
    now = budgets.of(tenant, line)
    wanted_day, wanted_month = (now.day if day is None else day), (now.month if month is None else month)
    if wanted_day > wanted_month:
        raise Problem(
            f"A day of {line} may then cost {dollars(wanted_day)} and the whole month {dollars(wanted_month)}. "
            "Give both: --day USD --month USD"
        )
    return budgets.change(tenant, line, day=day, month=month)
