"""How much of its budgets a tenant has used, and how fast: what is told before a cap stops anything."""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from aws_lambda_powertools.metrics import MetricUnit

from agent_platform import telemetry
from agent_platform.inference.budgets import Budgets, Line, day_of, periods_of
from agent_platform.inference.caps import Caps
from agent_platform.sweeps import Swept, sweep

# A burst on the first of a month is no pace yet.
_FEWEST_DAYS = 3


@dataclass(frozen=True)
class Standing:
    """Where a line stands: `used` is the percentage of the day's or the month's cap, whichever is nearer to its end;
    `pace` is 100 if what was used of the month's cap is just the share of the month that is over.
    """

    line: Line
    used: float
    pace: float


def share_over(now: datetime) -> float:
    """The share of its month that is over, in UTC; at least three days of it."""
    moment = now.astimezone(UTC)
    start = moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    days = max((moment - start).total_seconds() / 86_400, _FEWEST_DAYS)
    return float(days / monthrange(moment.year, moment.month)[1])


def standings(tenant: str, *, caps: Caps, budgets: Budgets, now: datetime) -> Iterator[Standing]:
    """Where each line stands that a tenant used this month, against its budget as it is now."""
    day, month = periods_of(day_of(now))
    today = {spent.line: spent.used for spent in caps.of(tenant, day)}
    for spent in caps.of(tenant, month):
        budget = budgets.of(tenant, spent.line)
        of_month = _percent(spent.used, budget.month)
        yield Standing(
            line=spent.line,
            used=max(of_month, _percent(today.get(spent.line, 0), budget.day)),
            pace=of_month / share_over(now),
        )


def tell(tenants: Iterable[str], *, caps: Caps, budgets: Budgets, now: datetime) -> Swept[str]:
    """Emit BudgetUsed and SpendPace of every line in use; IncompleteSweepError, at the end, if that failed for any."""
    swept = sweep(
        tenants,
        lambda tenant: _told(tenant, standings(tenant, caps=caps, budgets=budgets, now=now)),
        may_go_on=lambda: True,
        named=lambda tenant: {"tenant": tenant},
        done="budgets looked at",
    )
    return swept.complete("tenants")


def _told(tenant: str, found: Iterable[Standing]) -> str:
    lines = list(found)
    for each in lines:
        telemetry.emit(
            {"BudgetUsed": (MetricUnit.Percent, each.used), "SpendPace": (MetricUnit.Percent, each.pace)},
            tenant=tenant,
            line=each.line,
        )
    return "told" if lines else "nothing used"


def _percent(used: int, cap: int) -> float:
    """Of a cap of nothing, everything is used that was used at all, before it was set."""
    if cap:
        return 100 * used / cap
    return 100.0 if used else 0.0
