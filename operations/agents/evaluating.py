"""scripts/agents evaluate: a version against the one in production, on past requests, before anybody gets it."""

import argparse
import json
import time
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agent_platform.evaluations.archive import Archive
from agent_platform.evaluations.plans import CHOICES
from agent_platform.failures import message_in
from agent_platform.registry.alias import PLATFORM
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from operations.agents.evaluation_report import print_result
from operations.agents.parsing import Commands, called, command, with_agent
from operations.customers import companies
from operations.pages.evaluation import page
from operations.stack import Stack
from operations.terminal import Problem, err, money, next_step, plain, print_json

_PAUSE_SECONDS = 0.5
_MICROS = 1_000_000


def add(commands: Commands) -> None:
    """The command of this group."""
    made = command(commands, "evaluate", "compare a version with the one in production, on past requests", _evaluate)
    with_agent(made)
    made.add_argument("version", type=int, help="the candidate's number")
    made.add_argument("--baseline", type=int, metavar="V", help="compare with this version (default: production)")
    made.add_argument("--last", type=int, metavar="N", help="on the last N requests (default: 200)")
    made.add_argument("--purpose", help="of this purpose only")
    made.add_argument("--tenant", help="of this company only")
    made.add_argument("--requests", metavar="KEY", help="on a named set: a JSON list in the bucket of evaluations")
    made.add_argument(
        "--resume",
        metavar="ID",
        help="go on with an earlier one as it began: only what is left is paid",
    )
    made.add_argument("--seed", type=int, help="decides which arm writes first (default: 1)")
    made.add_argument(
        "--margin", type=float, default=5, metavar="POINTS", help="points of approval that matter (default: 5)"
    )
    made.add_argument("--cap", type=float, default=20, metavar="USD", help="what it may cost at most (default: 20)")
    made.add_argument(
        "--concurrency", type=int, default=5, metavar="N", help="model calls at once, 1 to 20 (default: 5)"
    )
    made.add_argument("--page", type=Path, metavar="FILE", help="where the page goes (default: evaluation-ID.html)")
    made.add_argument("--yes", action="store_true", help="begin without asking")


def _evaluate(stack: Stack, given: argparse.Namespace) -> None:
    wanted = _wanted(stack, given)
    plan = estimate(stack, wanted)
    _say_the_price(plan, given)
    if not given.yes and plan["left"] and input("Begin? [y/N] ").strip().lower() not in {"y", "yes"}:
        raise Problem("Nothing was begun")
    result = run(stack, wanted, plan, follow=_bar(plan["left"]))
    target = given.page or Path(f"evaluation-{plan['evaluation'][:8]}.html")
    target.write_text(page(result), encoding="utf-8")
    if given.json:
        print_json(result)
        return
    print_result(result)
    err.print(plain(f"The drafts side by side: {target}"), soft_wrap=True)
    if result["approval"]["verdict"] in {"better", "not_worse"}:
        next_step(f"scripts/agents rollout {called(given.agent)} {given.version} --reason '…'", given.account)


def _wanted(stack: Stack, given: argparse.Namespace) -> dict[str, Any]:
    owner = given.agent.partition("#")[0]
    every = companies(stack) if owner == PLATFORM else [owner]
    return {
        "agent_id": given.agent,
        "candidate": given.version,
        "baseline": given.baseline,
        "tenants": [given.tenant] if given.tenant else every,
        "purpose": given.purpose,
        "until": datetime.now(UTC).isoformat(),
        "last": given.last,
        "requests": given.requests,
        "evaluation": given.resume,
        "seed": given.seed,
        "margin": given.margin / 100,
        "cap_micros": round(given.cap * _MICROS),
        "concurrency": given.concurrency,
    }


def estimate(stack: Stack, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """What an evaluation would come to, by the function that plans it; Problem if it can't be done."""
    payload = json.dumps({**wanted, "estimate_only": True}).encode()
    invoked = stack.client("lambda").invoke(FunctionName=stack.outputs["AgentEvaluationSample"], Payload=payload)
    answer: dict[str, Any] = json.loads(invoked["Payload"].read())
    if invoked.get("FunctionError"):
        raise Problem(f"There is no evaluation: {answer.get('errorMessage')}")
    return answer


def _say_the_price(plan: Mapping[str, Any], given: argparse.Namespace) -> None:
    price, agents = plan["estimate"], plan["agents"]
    err.print(plain(
        f"{called(given.agent)} version {agents['candidate']['version']} against version "
        f"{agents['baseline']['version']} on {plan['requests']} past requests, {plan['left']} of them still to write; "
        f"judge version {agents['judge']['version']}{', twice each, for it was seen to waver' if plan['twice'] else ''}"
    ), soft_wrap=True)  # fmt: skip
    counted = "" if price["measured"] == plan["left"] else f", tokens counted for {price['measured']} of them"
    err.print(plain(
        f"it will cost about {money(price['expected_micros'])}, at most {money(price['at_most_micros'])} without "
        f"repeated calls (cap ${given.cap:.2f}){counted}"
    ), soft_wrap=True)  # fmt: skip


def run(
    stack: Stack, wanted: Mapping[str, Any], plan: Mapping[str, Any], *, follow: Callable[[Any, str], dict[str, Any]]
) -> dict[str, Any]:
    """Start the evaluation, or find it running; follow it to its end; the whole result, or a Problem."""
    states, evaluation = stack.client("stepfunctions"), plan["evaluation"]
    ended = follow(states, _running(stack, evaluation) or _started(stack, _of_the_plan(wanted, evaluation), evaluation))
    if ended["status"] != "SUCCEEDED":
        why = message_in(ended.get("cause") or "") or ended.get("error") or ended["status"]
        raise Problem(f"The evaluation ended early: {why}\nWhat was written is kept. Go on: {_go_on(wanted, plan)}")
    return Archive(bucket=plan["bucket"], s3=stack.client("s3")).result(evaluation)


def _go_on(wanted: Mapping[str, Any], plan: Mapping[str, Any]) -> str:
    version = f"{called(wanted['agent_id'])} {wanted['candidate']}"
    return f"scripts/agents evaluate {version} --resume {plan['evaluation']} --margin {100 * plan['margin']:g}"


def _of_the_plan(wanted: Mapping[str, Any], evaluation: str) -> dict[str, Any]:
    """What is wanted, as the evaluation that was priced: nothing recorded or promoted since makes it another one."""
    return {name: value for name, value in wanted.items() if name not in CHOICES} | {"evaluation": evaluation}


def _started(stack: Stack, wanted: Mapping[str, Any], evaluation: str) -> str:
    started = stack.client("stepfunctions").start_execution(
        stateMachineArn=stack.outputs["AgentEvaluationStateMachineArn"],
        name=f"{evaluation}-{uuid.uuid4().hex[:8]}",
        input=json.dumps(wanted),
    )
    return str(started["executionArn"])


def _running(stack: Stack, evaluation: str) -> str | None:
    """An execution of this very evaluation that is under way: a second one would pay for the same pairs."""
    pages = stack.client("stepfunctions").get_paginator("list_executions").paginate(
        stateMachineArn=stack.outputs["AgentEvaluationStateMachineArn"], statusFilter="RUNNING"
    )  # fmt: skip
    found = (each for page_ in pages for each in page_["executions"] if each["name"].startswith(f"{evaluation}-"))
    return next((str(each["executionArn"]) for each in found), None)


def _bar(left: int) -> Callable[[Any, str], dict[str, Any]]:
    """Follow an execution with a bar of its pairs, as Step Functions counts them."""

    def follow(states: Any, arn: str) -> dict[str, Any]:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
                   TimeRemainingColumn())  # fmt: skip
        with Progress(*columns, console=err, transient=True) as progress:
            bar = progress.add_task("both versions write", total=left)
            while True:
                described: dict[str, Any] = states.describe_execution(executionArn=arn)
                progress.update(bar, completed=_pairs_done(states, arn))
                if described["status"] != "RUNNING":
                    return described
                time.sleep(_PAUSE_SECONDS)

    return follow


def _pairs_done(states: Any, arn: str) -> int:
    runs = states.list_map_runs(executionArn=arn)["mapRuns"]
    counted = (states.describe_map_run(mapRunArn=each["mapRunArn"])["itemCounts"] for each in runs)
    return sum(int(counts["succeeded"]) + int(counts["failed"]) for counts in counted)
