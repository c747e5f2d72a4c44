"""What model calls cost, summed from the ledger's rows."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta

from agent_platform.inference.budgets import day_of
from agent_platform.inference.calls import Booked, Calls
from agent_platform.inference.prices import Usage
from agent_platform.moments import iso

from operations.stack import Stack

# What each call is counted under.
GROUPS: dict[str, Callable[[Booked], str]] = {
    "tenant": lambda booked: booked.call.tenant,
    "workflow": lambda booked: booked.call.workflow,
    "agent": lambda booked: f"{booked.call.agent}@{booked.call.version}",
    "day": lambda booked: booked.day,
}


@dataclass
class Sum:
    """Calls together: their tokens by kind, what they cost in millionths of a USD, and how many are booked unseen.

    A call is booked unseen, at its worst case, if its function was cut short: its tokens are in no count.
    """

    calls: int = 0
    tokens: dict[str, int] = field(default_factory=lambda: asdict(Usage(0, 0)))
    cost_micros: int = 0
    unseen: int = 0

    def add(self, booked: Booked) -> None:
        """Count one more call."""
        self.calls += 1
        self.cost_micros += booked.cost_micros
        if booked.usage is None:
            self.unseen += 1
            return
        for kind, tokens in asdict(booked.usage).items():
            self.tokens[kind] += tokens


def booked_since(stack: Stack, tenants: Sequence[str], *, since: datetime, now: datetime) -> Iterator[Booked]:
    """Every call of these tenants that was reserved since then."""
    calls = Calls(table=stack.outputs["CostLedger"], dynamodb=stack.dynamodb)
    for tenant in tenants:
        for day in _days(since, now):
            yield from (booked for booked in calls.on(tenant, day) if booked.at >= iso(since))


def summed(calls: Iterable[Booked], by: str) -> dict[str, Sum]:
    """The sums by tenant, workflow, agent or day: the dearest first, days in their order."""
    sums: defaultdict[str, Sum] = defaultdict(Sum)
    for booked in calls:
        sums[GROUPS[by](booked)].add(booked)
    if by == "day":
        return dict(sorted(sums.items()))
    return dict(sorted(sums.items(), key=lambda each: (-each[1].cost_micros, each[0])))


def total(sums: Iterable[Sum]) -> Sum:
    """All of them as one."""
    whole = Sum()
    for each in sums:
        whole.calls += each.calls
        whole.cost_micros += each.cost_micros
        whole.unseen += each.unseen
        whole.tokens = {kind: whole.tokens[kind] + tokens for kind, tokens in each.tokens.items()}
    return whole


def _days(since: datetime, now: datetime) -> Iterator[str]:
    day = since.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    while day <= now:
        yield day_of(day)
        day += timedelta(days=1)
