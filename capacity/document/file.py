"""A million lines in one file."""

from decimal import Decimal

from capacity import costs
from capacity.bulk import LINES, Bulk
from capacity.document.words import duration, number, table, usd
from capacity.inputs import Quota, quotas
from capacity.scenarios import Scenarios


def values(told: Scenarios) -> dict[str, str]:
    """For the chapter of that name."""
    bulk = Bulk.deployed(told.message)
    return {
        "lines": f"{LINES:,}",
        "bulk": table(("", f"{LINES:,} lines", "What bounds it"), _rows(bulk), words=1),
        "lines_taken_in": duration(bulk.taken_in_seconds),
        "lines_written": duration(bulk.written_seconds),
        "lines_cost": usd(_cost(told)),
    }


def _rows(bulk: Bulk) -> list[tuple[str, str, str]]:
    children, history = quotas()["map_children"], quotas()["history_events"]
    return [
        ("Ranges, each a child of the Map", number(bulk.children), "nothing: children have histories of their own"),
        ("Children at a time", number(bulk.concurrency), f"`BulkConcurrency`; {_cited(children)}"),
        (f"Time for a range of {bulk.batch} lines", duration(bulk.range_seconds), f"{bulk.timeout} s"),
        ("Events of a child that used every try", number(bulk.longest_history), _cited(history)),
        ("Taken in, as fast as it goes", duration(bulk.lines / bulk.accepted_a_second), "`BulkConcurrency`"),
        (f"Taken in, {bulk.tenant_rate} lines a second", duration(bulk.taken_in_seconds), "`TenantEventsPerSecond`"),
        ("Messages written, with nothing else to do", duration(bulk.written_seconds), "the judge's quota"),
    ]


def _cited(quota: Quota) -> str:
    return f"[{quota.value:,}]({quota.source})"


def _cost(told: Scenarios) -> Decimal:
    groups = costs.by_group(told.message, 1)
    return (sum(groups.values(), Decimal(0)) - groups["Standing"]) * LINES / 1000
