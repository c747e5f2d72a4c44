"""scripts/agents status: a rollout's plan, where it stands, and every look at it."""

from argparse import Namespace
from datetime import datetime, timedelta
from typing import Any

from agent_platform.experiments.looks import LookLog
from agent_platform.experiments.plans import Plan

from operations.agents.drawing import decided, drawn
from operations.agents.parsing import Commands, called, command, with_agent
from operations.stack import Stack
from operations.terminal import Problem, counted, money, out, plain, print_json, table

# The looks that are drawn unless more are wanted: what fits a screen.
_SHOWN = 20


def add(commands: Commands) -> None:
    """The commands of this group."""
    shower = command(commands, "status", "a rollout: what is known by now, and every look at it", _status)
    with_agent(shower)
    shower.add_argument("--rollout", type=int, metavar="N", help="its number (default: the newest)")
    shower.add_argument("--looks", type=int, default=_SHOWN, metavar="N", help=f"the last N looks (default: {_SHOWN})")


def newest(stack: Stack, agent_id: str) -> int:
    """The number of an agent's newest rollout."""
    number = stack.aliases.alias(agent_id).rollouts
    if not number:
        raise Problem(f"{called(agent_id)} never had a rollout. Begin one: scripts/agents rollout")
    return number


def recorded(stack: Stack, agent_id: str, number: int) -> dict[str, Any]:
    """A rollout as it is recorded."""
    found = stack.aliases.rollout(agent_id, number)
    if found is None:
        raise Problem(f"{called(agent_id)} has no rollout {number}")
    return found


def in_words(plan: Plan) -> str:
    """A plan as two sentences."""
    steps = " → ".join(f"{share / 100:g}" for share in plan.steps)
    least, every, horizon = (lasting(each) for each in (plan.minimum_time, plan.look_every, plan.horizon))
    return (
        f"{steps} % of the customers, as long as {', '.join(plan.metrics)} is at most {plan.margin:.1%} worse at α = "
        f"{plan.alpha:g}. Each step takes at least {least} and {plan.minimum_sample} customers of each arm; a look "
        f"every {every}; back to the baseline after {horizon} without a decision."
    )


def lasting(seconds: int) -> str:
    """A time as it would be given: 90 s, 15 min, 6 h, 14 d."""
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds % length == 0:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"


def _status(stack: Stack, given: Namespace) -> None:
    number = given.rollout or newest(stack, given.agent)
    row = recorded(stack, given.agent, number)
    looks = LookLog(stack.outputs["AgentRegistry"], stack.dynamodb).of(given.agent, number)
    open_ = stack.aliases.alias(given.agent).rollout
    share = open_.share if open_ and open_.number == number else None
    if given.json:
        whole = {name: value for name, value in row.items() if name not in {"agentId", "version"}}
        print_json({"agent": given.agent, "rollout": number, "share": share, **whole, "looks": looks})
        return
    plan = Plan.recorded(row["plan"])
    given_to = f", {share / 100:g} % of the customers" if share is not None else ""
    out.print(plain(
        f"{called(given.agent)}, rollout {number}: version {row['candidate']} against {row['baseline']}, "
        f"{row['state'].replace('_', ' ')}{given_to}", style="bold"
    ), soft_wrap=True)  # fmt: skip
    out.print(plain(in_words(plan)), soft_wrap=True)
    if looks:
        _show_looks(looks, plan, most=given.looks)
    out.print(plain(_last_word(row, looks, plan)), soft_wrap=True)


def _last_word(row: dict[str, Any], looks: list[dict[str, Any]], plan: Plan) -> str:
    """Why it stands as it does: its end, or the last look, or when there will be one."""
    if "endedAt" in row:
        return f"{row['endedAt']}: {row['state'].replace('_', ' ')} by {row['endedBy']}: {row['endReason']}"
    if looks:
        return f"{looks[-1]['at']}: {looks[-1]['decision']}: {looks[-1]['reason']}"
    first = datetime.fromisoformat(row["openedAt"]) + timedelta(seconds=plan.look_every)
    return f"The first look is due at {first:%Y-%m-%d %H:%M:%S} UTC"


def _show_looks(looks: list[dict[str, Any]], plan: Plan, *, most: int) -> None:
    """The looks as pictures on a terminal, and as figures in a pipe; then the last one whole."""
    if len(looks) > most:
        out.print(plain(f"{counted(len(looks) - most, 'earlier look')} left out: --looks {len(looks)}", style="dim"))
    shown = [look for look in looks[-most:] if "comparisons" in look]
    for metric in plan.metrics:
        certain = f"certain at {1 - plan.alpha:.0%} however often one looks"
        out.print()
        out.print(plain(f"{metric}: candidate less baseline, {certain}", style="bold"), soft_wrap=True)
        if out.is_terminal:
            for line in drawn(shown, metric, margin=plan.margin, width=out.width):
                out.print(line, no_wrap=True, overflow="crop")
        else:
            table("", ("look", "time", "share", "customers", "low", "high", "decision"), _rows(shown, metric))
    if shown:
        _show_last(shown[-1])


def _rows(looks: list[dict[str, Any]], metric: str) -> list[tuple[str, ...]]:
    return [
        (str(look["look"]), look["at"], f"{look['share'] / 100:g} %",
         f"{each['baseline']['n']}:{each['candidate']['n']}", f"{each['low']:+.1%}", f"{each['high']:+.1%}",
         decided(look))
        for look in looks for each in look["comparisons"] if each["metric"] == metric
    ]  # fmt: skip


def _show_last(look: dict[str, Any]) -> None:
    rows = [
        (each["metric"], *(_mean(each[arm]) for arm in ("baseline", "candidate")),
         f"{each['low']:+.1%} to {each['high']:+.1%}")
        for each in look["comparisons"]
    ]  # fmt: skip
    costs, latencies = _at_last(look["meanCostMicros"]), _at_last(look["p95LatencyMs"])
    if None not in costs.values():
        rows.append(("mean cost", *(money(round(costs[arm])) for arm in ("baseline", "candidate")), ""))
    if None not in latencies.values():
        rows.append(("p95 latency", *(f"{latencies[arm]:,.0f} ms" for arm in ("baseline", "candidate")), ""))
    out.print()
    table(f"Look {look['look']}", ("", "baseline", "candidate", "difference"), rows)


def _at_last(by_share: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """What was measured at the last share that had both arms."""
    return by_share[max(by_share, key=int)] if by_share else {"baseline": None, "candidate": None}


def _mean(arm: dict[str, Any]) -> str:
    return "–" if arm["mean"] is None else f"{arm['mean']:.1%} of {arm['n']}"
