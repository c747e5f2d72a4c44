"""scripts/agents list, show, diff: the versions as they are registered."""

import difflib
import json
from argparse import Namespace
from collections.abc import Iterator
from typing import Any

from agent_platform.items import from_item
from agent_platform.registry.versions import AgentVersion
from rich.text import Text

from operations.agents.parsing import Commands, called, command, number, with_agent
from operations.stack import Stack
from operations.terminal import Problem, next_step, out, plain, print_json, table

_STYLES = {"production": "green", "testing": "yellow", "retired": "dim", "draft": ""}
_DIFF_STYLES = {"+": "green", "-": "red", "@": "cyan"}


def add(commands: Commands) -> None:
    """The commands of this group."""
    command(commands, "list", "every version of every agent, and what is in production", _list)
    shower = command(commands, "show", "one version, whole: settings, prompt and what was measured", _show)
    with_agent(shower)
    shower.add_argument("version", type=int, nargs="?", help="its number (default: the one in production)")
    differ = command(commands, "diff", "what changes from one version to another", _diff)
    with_agent(differ)
    differ.add_argument("before", type=int, metavar="V")
    differ.add_argument("after", type=int, metavar="W")


def _list(stack: Stack, given: Namespace) -> None:
    rows = sorted(_registered(stack), key=lambda row: (row["agentId"], row["version"]))
    if given.json:
        print_json([{name: value for name, value in row.items() if name != "promptTemplate"} for row in rows])
        return
    shares = {each: stack.aliases.alias(each).rollout for each in {row["agentId"] for row in rows}}
    table(
        "Agents",
        ("agent", "version", "status", "label", "created", "model"),
        [
            (
                called(row["agentId"]),
                str(row["version"]),
                Text(_standing(row, shares[row["agentId"]]), style=_STYLES[row["status"]]),
                row.get("label", ""),
                row["createdAt"][:16].replace("T", " "),
                row["bedrockModel"],
            )
            for row in rows
        ],
    )


def _standing(row: dict[str, Any], rollout: Any) -> str:
    share = rollout and rollout.candidate == row["version"]
    return f"{row['status']} {rollout.share / 100:g} %" if share else str(row["status"])


def _registered(stack: Stack) -> Iterator[dict[str, Any]]:
    """Every version that there is: items of an alias, a history or a rollout have a further part in their id."""
    pages = stack.dynamodb.get_paginator("scan").paginate(TableName=stack.outputs["AgentRegistry"], ConsistentRead=True)
    rows = (from_item(item) for page in pages for item in page["Items"])
    return (row for row in rows if row["agentId"].count("#") == 1)


def _row(stack: Stack, agent_id: str, version: int) -> dict[str, Any]:
    for row in stack.registry.rows(agent_id):
        if row["version"] == version:
            return row
    raise Problem(f"There is no version {version} of {called(agent_id)}. There are: scripts/agents list")


def _show(stack: Stack, given: Namespace) -> None:
    version = given.version or stack.aliases.alias(given.agent).production
    if version is None:
        raise Problem(f"Nothing of {called(given.agent)} is in production. Versions: scripts/agents list")
    row = _row(stack, given.agent, version)
    whole = stack.registry.version(given.agent, version)
    if given.json:
        print_json({**row, "config": whole.config, "promptTemplate": whole.prompt})
        return
    label = f" · {row['label']}" if row.get("label") else ""
    out.print(Text(f"{called(given.agent)} {version}", style="bold") + plain(f" {row['status']}{label}"))
    by = f" by {row['createdBy']}" if row.get("createdBy") else ""
    out.print(plain(f"registered {row['createdAt']}{by} · hash {row['hash'][:12]}", style="dim"))
    if row["performance"]:
        out.print(plain(json.dumps(row["performance"], indent=2, ensure_ascii=False)))
    out.print(plain(json.dumps(whole.config, indent=2, ensure_ascii=False)))
    out.print()
    out.print(plain(whole.prompt), soft_wrap=True)


def _diff(stack: Stack, given: Namespace) -> None:
    for number_ in (given.before, given.after):
        _row(stack, given.agent, number_)
    before, after = (stack.registry.version(given.agent, each) for each in (given.before, given.after))
    lines = [*_difference(before, after)]
    if given.json:
        print_json({"agent": given.agent, "before": given.before, "after": given.after, "lines": lines})
        return
    for line in lines:
        out.print(plain(line, style=_DIFF_STYLES.get(line[:1], "")), soft_wrap=True)
    if stack.aliases.status(given.agent, given.after) == "draft":
        name, version = called(given.agent), number(given.after)
        # A judge is the measure: its own one are drafts whose truth is known.
        command_ = f"probe {name}@{version}" if after.config["role"] == "judge" else f"evaluate {name} {version}"
        next_step(f"scripts/agents {command_}", given.account)


def _difference(before: AgentVersion, after: AgentVersion) -> Iterator[str]:
    for file, old, new in (
        ("config.json", _lines(before.config), _lines(after.config)),
        ("prompt.md", before.prompt.splitlines(), after.prompt.splitlines()),
    ):
        names = (f"{file} of version {before.version}", f"{file} of version {after.version}")
        yield from difflib.unified_diff(old, new, *names, lineterm="", n=2)


def _lines(config: Any) -> list[str]:
    return json.dumps(config, indent=2, sort_keys=True, ensure_ascii=False).splitlines()
