"""The model calls of a run as the ledger booked them, those of attempts that failed included."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from agent_platform.inference.calls import Booked, Calls

from operations.stack import Stack
from operations.trace.visits import Visit


def booked(stack: Stack, tenant: str, execution: str, *, started: datetime, stopped: datetime) -> list[Booked]:
    """Every call of a run, in the order in which they were made; what evaluates its recording is none of them."""
    calls = Calls(table=stack.outputs["CostLedger"], dynamodb=stack.dynamodb)
    days = _days(started, stopped)
    found = (call for day in days for call in calls.on(tenant, day, execution=execution))
    own = (each for each in found if each.call.line != "evaluations")
    return sorted(own, key=lambda each: (each.at, each.call.number))


def allotted(visits: Sequence[Visit], calls: Iterable[Booked]) -> list[Visit]:
    """The visits with their calls: a state's first visit works on the first draft, its second on the second."""
    states: dict[str, list[Visit]] = {}
    for visit in visits:
        states.setdefault(visit.state, []).append(visit)
    for each in calls:
        states[each.call.state][each.call.attempt - 1].calls.append(each)
    return list(visits)


def totals(calls: Sequence[Booked]) -> dict[str, int]:
    """What calls took together; one that nobody knows the tokens of was booked at its worst case."""
    known = [call.usage for call in calls if call.usage]
    return {
        "calls": len(calls),
        "input_tokens": sum(usage.input + usage.cache_read + usage.cache_write for usage in known),
        "output_tokens": sum(usage.output for usage in known),
        "cost_micros": sum(call.cost_micros for call in calls),
    }


def _days(first: datetime, last: datetime) -> Iterator[str]:
    day = first.astimezone(UTC).date()
    while day <= last.astimezone(UTC).date():
        yield day.isoformat()
        day += timedelta(days=1)
