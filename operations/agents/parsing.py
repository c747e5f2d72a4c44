"""What the commands of scripts/agents have in common: which agent, which stack, and how it is answered."""

import argparse
from collections.abc import Callable
from typing import Any

from agent_platform.registry.alias import PLATFORM

from operations.stack import Stack
from operations.terminal import with_account, with_json

type Commands = argparse._SubParsersAction[argparse.ArgumentParser]
type Do = Callable[[Stack, argparse.Namespace], None]


def command(commands: Commands, name: str, told: str, do: Do) -> argparse.ArgumentParser:
    """One command, with its sentence of help, --account and --json."""
    made = commands.add_parser(name, help=told, description=told[:1].upper() + told[1:] + ".")
    made.set_defaults(do=do)
    with_account(made)
    with_json(made)
    return made


def with_agent(parser: argparse.ArgumentParser) -> None:
    """Add the agent's name."""
    parser.add_argument("agent", type=agent_id, help="its name, such as outreach-writer; a company's own: TENANT/NAME")


def agent_id(given: str) -> str:
    """The id of an agent as a person calls it: NAME is the platform's, TENANT/NAME a company's own."""
    owner, _, name = given.rpartition("/")
    return f"{owner or PLATFORM}#{name}"


def called(agent_id: str) -> str:
    """An agent's id as a person calls it."""
    return agent_id.removeprefix(f"{PLATFORM}#").replace("#", "/")


def number(of: Any) -> str:
    """A version's number in a table; nothing where there is none."""
    return "" if of is None else str(of)
