"""scripts/agents rollout, pause, resume, abort: a candidate is given to more customers step by step."""

import argparse
import re
from collections.abc import Callable
from typing import Any

from agent_platform.experiments.plans import Plan

from operations.agents.lambdas import DEPLOY, ask
from operations.agents.parsing import Commands, called, command, with_agent
from operations.agents.releasing import with_reason
from operations.agents.statuses import in_words, newest, recorded
from operations.stack import Stack
from operations.terminal import next_step, out, plain, print_json

_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}


def add(commands: Commands) -> None:
    """The commands of this group."""
    told = "give a draft to more customers step by step, and take it back if it harms"
    roller = command(commands, "rollout", told, _roll_out)
    moves = [
        command(commands, "pause", "hold a rollout at the share that it has", _move),
        command(commands, "resume", "let a paused rollout go on", _move),
        command(commands, "abort", "end a rollout: everybody gets the baseline again", _move),
    ]
    for sub in (roller, *moves):
        with_agent(sub)
        with_reason(sub)
    for sub in moves:
        sub.add_argument("--rollout", type=int, metavar="N", help="its number (default: the newest)")
    roller.add_argument("version", type=int, help="the candidate's number")
    group = roller.add_argument_group(
        "the plan", "What isn't given is as shown; all of it is recorded before the start."
    )
    for name, (kind, usual, meaning) in _PLAN.items():
        option = f"--{name.replace('_', '-')}"
        group.add_argument(option, dest=name, type=kind, metavar=usual, help=meaning.replace("%", "%%"))


def _part(given: str) -> float:
    """5% or 0.05."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?) ?(%?)", given)
    if not found:
        raise argparse.ArgumentTypeError(f"{given} is no part such as 5% or 0.05")
    return float(found[1]) / (100 if found[2] else 1)


def _shares(given: str) -> list[int]:
    """10,50,100 as shares of 10,000."""
    try:
        return [round(float(each.strip(" %")) * 100) for each in given.split(",")]
    except ValueError:
        raise argparse.ArgumentTypeError(f"{given} are no percentages such as 10,50,100") from None


def _seconds(given: str) -> int:
    """90s, 15m, 6h or 14d as seconds."""
    found = re.fullmatch(r"(\d+) ?([smhd])", given)
    if not found:
        raise argparse.ArgumentTypeError(f"{given} is no time such as 90s, 15m, 6h or 14d")
    return int(found[1]) * _SECONDS[found[2]]


# What may be said of a plan: how it is read, what it is if nothing is said, and what it means.
_PLAN: dict[str, tuple[Callable[[str], Any], str, str]] = {
    "margin": (_part, "5%", "what the candidate may be worse by, unseen"),
    "alpha": (_part, "5%", "how probably a decision may be wrong"),
    "expected": (_part, "90%", "what the metrics usually are; a wrong one costs customers only"),
    "steps": (_shares, "10,50,100", "percentages of the customers"),
    "minimum_sample": (int, "100", "customers of each arm in each step, at least"),
    "minimum_time": (_seconds, "6h", "how long each step lasts, at least"),
    "look_every": (_seconds, "1h", "the time between two looks"),
    "horizon": (_seconds, "14d", "when it goes back without a decision"),
    "outcome_due": (_seconds, "1h", "after which a run without an outcome has failed"),
    "most_cost_ratio": (float, "1.5", "how many times the baseline's mean cost is too much"),
    "most_latency_ratio": (float, "1.5", "how many times the baseline's latency is too much"),
    "alarm_approval": (int, "50", "percentage of approvals below which the alarm rings"),
    "alarm_errors": (int, "10", "failed calls in five minutes at which the alarm rings"),
}


def _roll_out(stack: Stack, given: argparse.Namespace) -> None:
    wanted = {name: getattr(given, name) for name in _PLAN if getattr(given, name) is not None}
    asked = {"agent_id": given.agent, "version": given.version, "by": given.by, "reason": given.reason}
    answer = ask(stack, DEPLOY, action="rollout", plan=wanted, **asked)
    if given.json:
        print_json(answer)
        return
    plan = Plan.recorded(recorded(stack, given.agent, answer["rollout"])["plan"])
    out.print(plain(f"{called(given.agent)}: rollout {answer['rollout']} of version {given.version} has begun"))
    out.print(plain(in_words(plan)), soft_wrap=True)
    next_step(f"scripts/agents status {called(given.agent)}", given.account)


def _move(stack: Stack, given: argparse.Namespace) -> None:
    number = given.rollout or newest(stack, given.agent)
    asked = {"agent_id": given.agent, "rollout": number, "by": given.by, "reason": given.reason}
    answer = ask(stack, DEPLOY, action=given.command, **asked)
    if given.json:
        print_json(answer)
        return
    state = recorded(stack, given.agent, number)["state"]
    out.print(plain(f"{called(given.agent)}: rollout {number} is {state}, for new runs within 30 s"))
