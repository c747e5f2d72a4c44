"""The cost ledger: what a call of a writer or judge may cost is reserved before it, what it did cost settled after it.

One table, `series` and `subject`; amounts are whole millionths of a USD. A tenant's partitions are

    <tenant>#caps        <line>#<period>     used = settled + held, and the `cap` of the latest reservation; the period
                                             is a day (2026-11-21) or a month (2026-11), the line runs | rollouts |
                                             evaluations (caps.py)
    <tenant>#holds       <hold>              amount, day, the call's attributes, heldUntil and heldShard (holds.py)
    <tenant>#calls#<day> <execution>#<hold>  one call: at, workflow, line, execution, state, attempt, number, agent,
                                             version, model, usage, serviceTier, costMicros, priceVersion
                                             (calls.py)
    <tenant>#budgets     <line>              day, month (budgets.py)

A reservation is one transaction on the day's cap, the month's cap and the hold, so that used never passes a cap,
whoever else reserves. A settlement is another, with the call's row in the hold's place. A hold that nobody settles or
releases is booked at its worst case once its call can't be under way any more: what the service did with it nobody
knows, and a cap that counts it as nothing would not be one.

A tenant's calls meet at two items, and of two transactions that meet one is cancelled. Who reserves is patient for a
moment, because the state machine can try again; who books is patient for as long as its function lasts, because an
answer that isn't booked counts at its worst case. Both may repeat a transaction whose answer was lost: the hold, there
or gone, says that it was made.
"""

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Never

from botocore.exceptions import BotoCoreError, ClientError

from agent_platform import aws, settings
from agent_platform.errors import OverBudget, TransientError
from agent_platform.inference.budgets import MICROS_PER_USD, Budget, Budgets, budgets, caps_of, day_of, periods_of
from agent_platform.inference.calls import Booked, Call
from agent_platform.inference.caps import Caps, cap_key, moved, reserved
from agent_platform.inference.holds import Hold
from agent_platform.inference.prices import Usage, price_version
from agent_platform.items import Item, from_item, to_item
from agent_platform.moments import epoch, iso

# As long as a receipt: nothing of a person is in a row.
_KEPT_DAYS = 400
# Seconds.
_PATIENCE = 2.0
# With longer ones who waits sleeps through the moments in which nobody else is there.
_FIRST_PAUSE, _LONGEST_PAUSE = 0.02, 1.0


@dataclass(frozen=True)
class _Settings:
    cost_ledger_table: str


class Ledger:
    """The ledger as who calls models uses it; `pause` waits so many seconds, which have gone by on the `clock` then."""

    def __init__(
        self,
        budgets: Budgets,
        *,
        table: str,
        dynamodb: Any,
        pause: Callable[[float], None],
        clock: Callable[[], float],
    ) -> None:
        self._budgets, self._table, self._dynamodb = budgets, table, dynamodb
        self._caps = Caps(table=table, dynamodb=dynamodb)
        self._pause, self._clock = pause, clock

    def reserve(
        self, call: Call, amount: int, *, hold: str, now: datetime, until: datetime, priced_by: str | None = None
    ) -> Hold:
        """Hold an amount for a call that will be over by `until`; the same hold again holds it once.

        `priced_by` names the prices of what is no model.

        Raises OverBudget if what is settled leaves no room for it in a cap, and TransientError if calls that are under
        way leave none, which they will when they are settled, or if too many reserve at once.
        """
        made = Hold(hold, call, amount, day_of(now), iso(now), iso(until), priced_by or price_version())
        budget = self._budgets.of(call.tenant, call.line)
        caps = caps_of(budget, made.day)
        if any(amount > cap for cap in caps.values()):
            raise _over_budget(call, budget)
        expires_at = epoch(now, days=_KEPT_DAYS)
        failed = self._transact([
            *(reserved(self._table, cap_key(call.tenant, call.line, period), amount, cap=cap, expires_at=expires_at)
              for period, cap in caps.items()),
            self._put(made.item()),
        ])  # fmt: skip
        if failed and len(caps) not in failed:
            self._refuse(call, amount, budget, caps)
        return made

    def hold(self, key: Mapping[str, str]) -> Hold | None:
        """A hold by its key, as it is now; None if it was settled, booked or released."""
        item = self._dynamodb.get_item(TableName=self._table, Key=to_item(key), ConsistentRead=True).get("Item")
        return Hold.of(from_item(item)) if item else None

    def settle(
        self, hold: Hold, usage: Usage, cost: int, *, service_tier: str | None = None, by: float | None = None
    ) -> bool:
        """Put the call's row in the hold's place, trying until `by`; False if it was booked, by this or on expiry."""
        return self._book(hold, hold.booked(cost, usage, service_tier), by=by)

    def expire(self, hold: Hold) -> bool:
        """Book at its worst case what nobody settled; False if it was settled after all."""
        return self._book(hold, hold.booked(hold.amount))

    def release(self, hold: Hold, *, by: float | None = None) -> bool:
        """Free the hold of a call that cost nothing, trying until `by`; False if it isn't there any more."""
        return not self._transact([*self._moved(hold, cost=0), self._removed(hold)], by=by)

    def _refuse(self, call: Call, amount: int, budget: Budget, caps: Mapping[str, int]) -> Never:
        """Raise what a refused reservation comes to: whether what is settled or what is held leaves it no room."""
        settled = {period: self._caps.settled(call.tenant, call.line, period) for period in caps}
        if all(settled[period] + amount <= cap for period, cap in caps.items()):
            raise TransientError(f"what {call.tenant} may spend on {call.line} is held by calls under way")
        raise _over_budget(call, budget)

    def _book(self, hold: Hold, booked: Booked, *, by: float | None = None) -> bool:
        row = booked.item(hold.id, expires_at=epoch(datetime.fromisoformat(hold.at), days=_KEPT_DAYS))
        return not self._transact([
            *self._moved(hold, cost=booked.cost_micros), self._removed(hold), self._put(row)
        ], by=by)  # fmt: skip

    def _moved(self, hold: Hold, *, cost: int) -> list[Item]:
        return [
            moved(self._table, cap_key(hold.call.tenant, hold.call.line, period), hold.amount, cost=cost)
            for period in periods_of(hold.day)
        ]

    def _removed(self, hold: Hold) -> Item:
        return {"Delete": {
            "TableName": self._table, "Key": hold.key, "ConditionExpression": "attribute_exists(subject)"
        }}  # fmt: skip

    def _put(self, item: Item) -> Item:
        return {"Put": {
            "TableName": self._table, "Item": item, "ConditionExpression": "attribute_not_exists(subject)"
        }}  # fmt: skip

    def _transact(self, items: list[Item], *, by: float | None = None) -> set[int]:
        """Make one transaction; the places of the items whose conditions failed, none if it was made.

        Raises TransientError if it could not be made until `by`, or in a moment if that is later.
        """
        soon = self._clock() + _PATIENCE
        ends, pause = max(by or soon, soon), _FIRST_PAUSE
        while True:
            try:
                self._dynamodb.transact_write_items(TransactItems=items)
            except (ClientError, BotoCoreError) as error:
                if failed := _failed_conditions(error):
                    return failed
                if not aws.is_transient(error):
                    raise
                if self._clock() >= ends:
                    raise TransientError(f"the ledger was busy: {aws.told(error)}") from None
            else:
                return set()
            # Only so that those who met don't meet again; nothing secret depends on it.
            self._pause(random.uniform(0, pause))  # noqa: S311
            pause = min(2 * pause, _LONGEST_PAUSE)


def _failed_conditions(error: ClientError | BotoCoreError) -> set[int]:
    codes = aws.cancellation_codes(error) if isinstance(error, ClientError) else []
    return {place for place, code in enumerate(codes) if code == "ConditionalCheckFailed"}


def _over_budget(call: Call, budget: Budget) -> OverBudget:
    dollars = " and ".join(f"{micros / MICROS_PER_USD:.2f} USD a {period}"
                           for micros, period in ((budget.day, "day"), (budget.month, "month")))  # fmt: skip
    return OverBudget(f"{call.tenant} may spend {dollars} on {call.line}: scripts/costs budget {call.tenant}")


def ledger_table() -> str:
    """The ledger's table, as the function's environment names it."""
    return settings.read(_Settings).cost_ledger_table


@cache
def ledger() -> Ledger:
    """The stack's ledger, as the function's environment names it."""
    return Ledger(budgets(), table=ledger_table(), dynamodb=aws.client("dynamodb"), pause=time.sleep,
                  clock=time.monotonic)  # fmt: skip
