"""scripts/agents register: a folder becomes a draft, or is known already."""

import getpass
from argparse import Namespace
from pathlib import Path
from typing import Any

from operations.agents.folders import AgentFolder, read
from operations.agents.lambdas import REGISTER, ask
from operations.agents.parsing import Commands, called, command
from operations.stack import Stack
from operations.terminal import next_step, out, plain, print_json


def add(commands: Commands) -> None:
    """The commands of this group."""
    made = command(commands, "register", "make a draft of a folder with config.json and prompt.md", _register)
    made.add_argument("folder", type=Path, metavar="DIR", help="such as agents/outreach-writer")
    made.add_argument("--label", help="a few words to find it again")
    made.add_argument("--version", type=int, metavar="N", help="refuse if it would not become this version")


def register(stack: Stack, folder: AgentFolder, *, label: str | None = None, version: int | None = None) -> Any:
    """Register what was read; the version that it is now, or was before, and where that stands."""
    return ask(
        stack, REGISTER, config=folder.config, prompt=folder.prompt, owner=folder.owner, by=getpass.getuser(),
        label=label, version=version,
    )  # fmt: skip


def after_registering(stack: Stack, made: dict[str, Any]) -> str:
    """What to type after a draft was registered."""
    name, production = called(made["agent_id"]), stack.aliases.alias(made["agent_id"]).production
    if production is None:
        return f"scripts/agents promote {name} {made['version']} --reason 'the first version'"
    return f"scripts/agents diff {name} {production} {made['version']}"


def _register(stack: Stack, given: Namespace) -> None:
    made = register(stack, read(given.folder, shown=str(given.folder)), label=given.label, version=given.version)
    if given.json:
        print_json(made)
        return
    out.print(plain(f"{called(made['agent_id'])} version {made['version']}: {made['status']}"))
    if made["status"] == "draft":
        next_step(after_registering(stack, made), given.account)
