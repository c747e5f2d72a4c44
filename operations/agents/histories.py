"""scripts/agents history: who changed what when and why, and what served a company on a day."""

from argparse import Namespace
from dataclasses import asdict
from datetime import UTC, datetime

from agent_platform.registry.alias import PLATFORM
from agent_platform.registry.histories import Served

from operations.agents.parsing import Commands, called, command, number, with_agent
from operations.stack import Stack
from operations.terminal import Problem, counted, moment, out, plain, print_json, table


def add(commands: Commands) -> None:
    """The commands of this group."""
    made = command(commands, "history", "every change of an agent; or what served a company on a day", _history)
    with_agent(made)
    made.add_argument("--on", type=moment, metavar="DATE", help="what served at the end of this day, or at this time")
    made.add_argument("--tenant", default=PLATFORM, help="for which company (default: those without an own agent)")


def _history(stack: Stack, given: Namespace) -> None:
    if given.on or given.tenant != PLATFORM:
        _served(stack, given, given.on or datetime.now(UTC))
        return
    changes = stack.aliases.history(given.agent)
    if given.json:
        print_json([asdict(change) for change in changes])
        return
    if not changes:
        raise Problem(f"{called(given.agent)} has never been in production. Versions: scripts/agents list")
    table(
        f"{called(given.agent)}: {counted(len(changes), 'change')}",
        ("", "time", "what", "version", "production", "candidate", "share", "by", "reason"),
        [
            (
                str(change.number),
                change.at[:16].replace("T", " "),
                change.action.replace("_", " "),
                str(change.version),
                number(change.production),
                number(change.candidate),
                _percent(change.share),
                change.by,
                change.reason,
            )
            for change in changes
        ],
    )


def _served(stack: Stack, given: Namespace, moment: datetime) -> None:
    name = given.agent.partition("#")[2]
    served = stack.aliases.served(given.tenant, name, moment)
    if given.json:
        print_json(asdict(served) if served else None)
        return
    at = moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    out.print(plain(f"{at}, {given.tenant}, {name}: {_sentence(served)}"), soft_wrap=True)


def _sentence(served: Served | None) -> str:
    if served is None:
        return "nothing was in production"
    whole = f"version {served.production} of {called(served.agent_id)}, as it was since {served.since}"
    if served.candidate is None:
        return whole
    candidate = f"version {served.candidate}, in rollout {served.rollout}"
    return f"{whole}; {_percent(served.share)} of the customers got {candidate}"


def _percent(share: int | None) -> str:
    return "" if share is None else f"{share / 100:g} %"
