"""scripts/agents promote, rollback, retire: what is in production changes by hand, with a reason."""

import argparse
import getpass
from typing import Any

from operations.agents.lambdas import DEPLOY, ROLL_BACK, ask
from operations.agents.parsing import Commands, called, command, with_agent
from operations.stack import Stack
from operations.terminal import out, plain, print_json


def add(commands: Commands) -> None:
    """The commands of this group."""
    promoter = command(commands, "promote", "put a draft into production, by hand and at once for everybody", _promote)
    backer = command(commands, "rollback", "put the version that served before back into production", _roll_back)
    retirer = command(commands, "retire", "take a draft out of use; it stays readable", _retire)
    for sub in (promoter, backer, retirer):
        with_agent(sub)
        with_reason(sub)
    for sub in (promoter, retirer):
        sub.add_argument("version", type=int, help="its number")
    backer.add_argument("--to", type=int, metavar="V", help="this version (default: what served before)")


def with_reason(parser: argparse.ArgumentParser) -> None:
    """Add --reason and --by, which the history keeps."""
    parser.add_argument("--reason", required=True, help="why; the history keeps it")
    parser.add_argument("--by", default=getpass.getuser(), help="who decided it (default: you)")


def promote(stack: Stack, agent_id: str, version: int, *, by: str, reason: str) -> dict[str, Any]:
    """Put a version into production."""
    return ask(stack, DEPLOY, action="promote", agent_id=agent_id, version=version, by=by, reason=reason)


def _promote(stack: Stack, given: argparse.Namespace) -> None:
    _say(given, promote(stack, given.agent, given.version, by=given.by, reason=given.reason))


def _retire(stack: Stack, given: argparse.Namespace) -> None:
    asked = {"agent_id": given.agent, "version": given.version, "by": given.by, "reason": given.reason}
    _say(given, ask(stack, DEPLOY, action="retire", **asked))


def _roll_back(stack: Stack, given: argparse.Namespace) -> None:
    # Named here, so that a call which is repeated on its way goes back once and not twice.
    to = given.to or stack.aliases.before(given.agent)
    _say(given, ask(stack, ROLL_BACK, agent_id=given.agent, to=to, by=given.by, reason=given.reason))


def _say(given: argparse.Namespace, answer: dict[str, Any]) -> None:
    if given.json:
        print_json(answer)
        return
    standing = f"version {answer['production']}" if answer["production"] else "nothing"
    out.print(plain(f"{called(given.agent)}: {standing} is in production, for new runs within 30 s"))
