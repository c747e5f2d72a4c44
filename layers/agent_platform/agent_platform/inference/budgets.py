"""What a tenant may spend on calls of writers and judges: for each line an amount a day and a month, in millionths USD.

A budget that somebody set is an item of the ledger's table, `series` = `<tenant>#budgets`, `subject` = the line, with
`day` and `month`; who has none has the stack's defaults.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any, Literal, get_args

from agent_platform import aws, settings
from agent_platform.items import Item, from_item, to_item

# Rollouts and evaluations can't eat up what the daily business needs, nor the other way round.
Line = Literal["runs", "rollouts", "evaluations"]
LINES: tuple[Line, ...] = get_args(Line)
MICROS_PER_USD = 1_000_000


@dataclass(frozen=True)
class Budget:
    """The hard caps of a day and of a month."""

    day: int
    month: int


def day_of(moment: datetime) -> str:
    """The day that a moment's spending belongs to, in UTC: 2026-11-21."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d")


def periods_of(day: str) -> tuple[str, str]:
    """The periods that a day's spending counts in: the day and its month, 2026-11-21 and 2026-11."""
    return day, day[: len("2026-11")]


def caps_of(budget: Budget, day: str) -> dict[str, int]:
    """The cap of each period that a day's spending counts in."""
    return dict(zip(periods_of(day), (budget.day, budget.month), strict=True))


@dataclass(frozen=True)
class _Settings:
    cost_ledger_table: str
    tenant_daily_usd: int
    tenant_monthly_usd: int


class Budgets:
    """The budgets in the ledger's table."""

    def __init__(self, defaults: Budget, *, table: str, dynamodb: Any) -> None:
        self._defaults, self._table, self._dynamodb = defaults, table, dynamodb

    def of(self, tenant: str, line: Line) -> Budget:
        """A line's budget."""
        item = self._dynamodb.get_item(TableName=self._table, Key=_key(tenant, line)).get("Item")
        return _budget(from_item(item)) if item else self._defaults

    def all_of(self, tenant: str) -> dict[Line, Budget]:
        """Every line's budget."""
        return {line: self.of(tenant, line) for line in LINES}

    def change(self, tenant: str, line: Line, *, day: int | None = None, month: int | None = None) -> Budget:
        """Set what is given of a line's budget; the rest stays. A lower cap stops further calls, and none under way."""
        given = {"day": day, "month": month}
        changed = replace(self.of(tenant, line), **{name: each for name, each in given.items() if each is not None})
        self._dynamodb.put_item(TableName=self._table, Item=_key(tenant, line) | to_item(asdict(changed)))
        return changed


def _key(tenant: str, line: Line) -> Item:
    return to_item({"series": f"{tenant}#budgets", "subject": line})


def _budget(row: Mapping[str, Any]) -> Budget:
    return Budget(row["day"], row["month"])


@cache
def budgets() -> Budgets:
    """The stack's budgets, as the function's environment names them."""
    own = settings.read(_Settings)
    defaults = Budget(own.tenant_daily_usd * MICROS_PER_USD, own.tenant_monthly_usd * MICROS_PER_USD)
    return Budgets(defaults, table=own.cost_ledger_table, dynamodb=aws.client("dynamodb"))
