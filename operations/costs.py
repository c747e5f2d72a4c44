"""What model calls cost, by the ledger; what each tenant may spend; and the page about what a message costs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from agent_platform.inference.budgets import LINES, Budget
from agent_platform.registry.alias import PLATFORM

from operations import budgets, cost_page
from operations.customers import companies, payer_of
from operations.spending import GROUPS, Sum, booked_since, summed, total
from operations.stack import ROOT, Stack
from operations.terminal import (
    arguments,
    began,
    counted,
    money,
    next_step,
    out,
    print_json,
    run,
    table,
    with_account,
    with_json,
)

_COMMANDS_SAID = """\
What model calls cost, as the ledger has booked them. Also:
  scripts/costs budget TENANT    what a tenant may spend a day and a month, and what it has spent; or change it
                                 (platform: what probes of its judges may cost, on the line evaluations)
  scripts/costs document         write docs/costs.md anew: what a thousand messages cost"""


def _spent(argv: Sequence[str]) -> None:
    parser = arguments("costs", _COMMANDS_SAID)
    parser.add_argument("--since", type=began, help="90m, 24h, 7d or a day (default: this month, in UTC)")
    parser.add_argument("--by", choices=GROUPS, default="tenant", help="what to sum by (default: tenant)")
    parser.add_argument("--tenant", help="of this tenant only; synthetic runs are listed by their name alone")
    with_json(parser)
    given = parser.parse_args(argv)
    stack, now = Stack(given.account), datetime.now(UTC)
    since = given.since or now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    # Probes of the platform's own judge are nobody else's to pay.
    tenants = [payer_of(stack, given.tenant)] if given.tenant else [*companies(stack), PLATFORM]
    sums = summed(booked_since(stack, tenants, since=since, now=now), given.by)
    if given.json:
        rows = [{given.by: name, **asdict(each)} for name, each in sums.items()]
        print_json({"since": since.isoformat(), "rows": rows, "total": asdict(total(sums.values()))})
        return
    _print(sums, by=given.by, since=since)
    next_step(f"scripts/costs budget {given.tenant or 'TENANT'}", given.account)


def _print(sums: Mapping[str, Sum], *, by: str, since: datetime) -> None:
    whole = total(sums.values())
    if not whole.calls:
        out.print(f"No model was called since {since:%Y-%m-%d %H:%M} UTC.")
        return
    columns = ("cost", "calls", "input", "output", "cached", by)
    rows = [_cells(name, each) for name, each in sums.items()]
    table(f"Model calls since {since:%Y-%m-%d %H:%M} UTC", columns, rows)
    out.print(f"{money(whole.cost_micros)} in all, {counted(whole.calls, 'call')}")
    if whole.unseen:
        out.print(f"{counted(whole.unseen, "call")} of these cut short, and booked at the most that could have been "
                  "spent", style="yellow")  # fmt: skip


def _cells(name: str, each: Sum) -> Sequence[str]:
    cached = each.tokens["cache_read"] + each.tokens["cache_write"]
    counts = (each.calls, each.tokens["input"], each.tokens["output"], cached)
    return (money(each.cost_micros), *(f"{count:,}" for count in counts), name)


def _budget(argv: Sequence[str]) -> None:
    parser = arguments("costs budget", "What a tenant may spend on model calls, and what it has spent.", account=False)
    parser.add_argument("tenant")
    parser.add_argument("--line", choices=LINES, default="runs", help="what is changed (default: runs)")
    parser.add_argument("--day", type=budgets.micros, metavar="USD", help="the most a day may cost")
    parser.add_argument("--month", type=budgets.micros, metavar="USD", help="the most a month may cost")
    with_account(parser)
    with_json(parser)
    given = parser.parse_args(argv)
    stack, now = Stack(given.account), datetime.now(UTC)
    tenant = payer_of(stack, given.tenant)
    changed = ""
    if given.day is not None or given.month is not None:
        before = budgets.budgets_of(stack).of(tenant, given.line)
        after = budgets.change(stack, tenant, given.line, day=given.day, month=given.month)
        changed = f"{given.line} of {tenant}: {_moved('day', before, after)}, {_moved('month', before, after)}"
    lines = list(budgets.lines(stack, tenant, now=now))
    if given.json:
        print_json([each.document(now) for each in lines])
        return
    if changed:
        out.print(f"[green]✓[/] {changed}", soft_wrap=True)
    _print_budgets(tenant, lines, now)
    next_step(f"scripts/costs --by day --tenant {tenant}", given.account)


def _moved(period: str, before: Budget, after: Budget) -> str:
    amounts = [budgets.dollars(getattr(budget, period)) for budget in (before, after)]
    return f"{period} cap {' → '.join(dict.fromkeys(amounts))}"


def _print_budgets(tenant: str, lines: Sequence[budgets.LineNow], now: datetime) -> None:
    columns = ("line", "today", "day cap", "used", "this month", "month cap", "used", "held", "pace")
    table(f"Budgets of {tenant}, in UTC", columns, [_line(each, now) for each in lines])
    told = "held: for calls under way; pace: above 100 %, the month's budget won't do if spending goes on as until now"
    out.print(told, style="dim", soft_wrap=True)
    for each in lines:
        if each.reached:
            told = f"{each.line}: {budgets.REACHED[each.reached]}. Then, or once it is raised, for what was skipped"
            out.print(f"{told}: scripts/rerun --skipped over_budget", style="yellow", soft_wrap=True)


def _line(each: budgets.LineNow, now: datetime) -> Sequence[str]:
    pace, (of_day, of_month) = each.pace(now), each.used
    return (
        each.line,
        *(money(each.today), money(each.budget.day), f"{of_day:.0f} %"),
        *(money(each.month), money(each.budget.month), f"{of_month:.0f} %"),
        money(each.held),
        "no budget" if pace is None else f"{pace:.0f} %",
    )


def _document(argv: Sequence[str]) -> None:
    arguments("costs document", "Write docs/costs.md anew.", account=False).parse_args(argv)
    cost_page.write()
    out.print(f"[green]✓[/] {cost_page.PAGE.relative_to(ROOT)}")


_COMMANDS: dict[str, Callable[[Sequence[str]], Any]] = {"budget": _budget, "document": _document}


def main(argv: Sequence[str]) -> None:
    """scripts/costs."""
    if argv and argv[0] in _COMMANDS:
        _COMMANDS[argv[0]](argv[1:])
    else:
        _spent(argv)


if __name__ == "__main__":
    run(main)
