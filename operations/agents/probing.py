"""scripts/agents probe: what a judge's version says of drafts whose truth is known, and so how far it is believed."""

import argparse
import re
from datetime import UTC, datetime
from typing import Any

from agent_platform.probes.sets import key_of, stored
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from operations.agents import probe_files
from operations.agents.lambdas import PROBE, ask
from operations.agents.parsing import Commands, agent_id, called, command
from operations.stack import ROOT, Stack
from operations.terminal import Problem, confirmed, err, money, next_step, out, plain, print_json, table

_MICROS = 1_000_000
# One call of the function asks so many, and is over before its client loses patience.
_AT_ONCE = 10
_NAMED = re.compile(r"(?P<agent>[^@]+)(?:@(?P<version>\d+))?")


def add(commands: Commands) -> None:
    """The command of this group."""
    made = command(
        commands, "probe", "measure a judge's version by drafts whose truth is known; it costs money", _probe
    )
    made.add_argument(
        "agent", metavar="NAME[@VERSION]", help="such as outreach-judge@2 (default: the one in production)"
    )
    made.add_argument(
        "--half-width",
        type=float,
        metavar="H",
        help="ask so many that its discrimination is known to ± H (default: all)",
    )
    made.add_argument("--repeated", type=int, metavar="N", help="ask about so many of them twice (default: 30)")
    made.add_argument("--seed", help="another word draws another sample, and asks anew (default: today's date)")
    made.add_argument("--cap", type=float, default=5, metavar="USD", help="what it may cost at most (default: 5)")
    made.add_argument("--yes", action="store_true", help="begin without asking")


def _probe(stack: Stack, given: argparse.Namespace) -> None:
    name, version = _version(stack, given.agent)
    upload(stack, name)
    asked = {
        "agent_id": name,
        "version": version,
        "seed": given.seed or f"{datetime.now(UTC):%Y-%m-%d}",
        "half_width": given.half_width,
        "repeated": given.repeated,
        "cap_micros": round(given.cap * _MICROS),
    }
    estimate = ask(stack, PROBE, **asked, estimate_only=True)["estimate"]
    _say_the_price(estimate, f"{called(name)} version {version}", given.cap)
    if not given.yes and estimate["left"] and not confirmed("Begin?"):
        raise Problem("Nothing was begun")
    result = _follow(stack, asked, estimate)
    if given.json:
        print_json(result)
        return
    _print(result, f"{called(name)} version {version}")
    if result["discriminates"] and stack.aliases.status(name, version) == "draft":
        next_step(f"scripts/agents promote {called(name)} {version} --reason '…'", given.account)


def _version(stack: Stack, given: str) -> tuple[str, int]:
    named = _NAMED.fullmatch(given)
    if named is None:
        raise Problem(f"{given} names no version: it must be such as outreach-judge or outreach-judge@2")
    name = agent_id(named["agent"])
    version = int(named["version"]) if named["version"] else stack.aliases.alias(name).production
    if version is None:
        raise Problem(f"Nothing of {called(name)} is in production: say which version, as {called(name)}@1")
    return name, version


def upload(stack: Stack, name: str) -> int:
    """Bring the stack's probes for an agent up to what the repository holds; how many they are."""
    probes = probe_files.read(ROOT / "agents" / name.partition("#")[2], ROOT / "brands")
    stack.client("s3").put_object(Bucket=stack.outputs["Evaluations"], Key=key_of(name), Body=stored(probes))
    return len(probes)


def _say_the_price(estimate: dict[str, Any], what: str, cap: float) -> None:
    err.print(plain(
        f"{what} on {estimate['good']} good drafts and {estimate['bad']} with one fault each, "
        f"{estimate['repeated']} of them twice; {estimate['left']} still to ask"
    ), soft_wrap=True)  # fmt: skip
    err.print(plain(f"it will cost at most {money(estimate['at_most_micros'])} (cap ${cap:.2f})"), soft_wrap=True)


def _follow(stack: Stack, asked: dict[str, Any], estimate: dict[str, Any]) -> dict[str, Any]:
    """Ask share by share until nothing is left; whoever is interrupted goes on by the same command."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
               TimeRemainingColumn())  # fmt: skip
    total = estimate["good"] + estimate["bad"]
    with Progress(*columns, console=err, transient=True) as progress:
        bar = progress.add_task("the judge answers", total=total, completed=total - estimate["left"])
        while True:
            answer = ask(stack, PROBE, **asked, most=_AT_ONCE)
            progress.update(bar, completed=total - answer["estimate"]["left"])
            if answer["result"]:
                found: dict[str, Any] = answer["result"]
                return found


def _print(result: dict[str, Any], what: str) -> None:
    shown = result["discrimination"]
    verdict = "tells good drafts from bad ones" if result["discriminates"] else "isn't shown to tell good from bad"
    out.print(plain(
        f"{what} {verdict}: discrimination {shown['index']:.2f} ({shown['low']:.2f} to {shown['high']:.2f}), "
        f"and all of that must be above {shown['bound']:.2f}",
        style="bold green" if result["discriminates"] else "bold red",
    ), soft_wrap=True)  # fmt: skip
    rows = {"good, approved (sensitivity)": result["good"], "bad, refused (specificity)": result["bad"]}
    rows |= {f"  {kind.replace('_', ' ')}": each for kind, each in result["faults"].items()}
    table("", ("drafts", "right", "share", "95 % interval"), [(name, *_cells(each)) for name, each in rows.items()])
    wavers = "unstable, so evaluations ask twice" if result["unstable"] else "no sign that it wavers"
    out.print(plain(f"asked again, it changed {result['flipped']} of {result['repeated']} answers: {wavers}"))
    if result["failed"]:
        failures = ", ".join(f"{name} {count}" for name, count in result["failed"].items())
        out.print(plain(f"no answer to {sum(result['failed'].values())} probes: {failures}"))
    out.print(plain(f"spent {money(result['cost_micros'])}, set {result['set']}", style="dim"))


def _cells(rate: dict[str, Any]) -> tuple[str, str, str]:
    return (
        f"{rate['right']} of {rate['n']}",
        f"{rate['right'] / rate['n']:.0%}",
        f"{rate['low']:.0%} to {rate['high']:.0%}",
    )
