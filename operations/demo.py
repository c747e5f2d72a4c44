"""The demo: build, start the local AWS, deploy, seed, send events as a CRM would, show what came of each."""

import time
import uuid
from collections.abc import Sequence
from typing import Any

import requests
from agent_platform.items import from_item, to_item
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from local_aws import service
from operations import deployment, sources
from operations.demo_report import document_of, print_report, shown_of, unexpected
from operations.events import new_event_id, send
from operations.scenarios import SCENARIOS, Scenario, Sent, body_of, chosen
from operations.seed import FIRST_SOURCE, FIRST_TENANT, seed
from operations.stack import Stack
from operations.terminal import Problem, arguments, err, plain, print_json, run, step, with_json
from operations.tour import show_the_way

PATIENCE_SECONDS = 240


def main(argv: Sequence[str]) -> int:
    """scripts/demo."""
    parser = arguments(
        "demo",
        "Build the stack, deploy it to a local AWS on this machine, send signed events and show the e-mails.",
        account=False,
    )
    parser.add_argument("--keep", action="store_true", help="leave the local AWS running afterwards")
    parser.add_argument("--model", metavar="URL", help="a real model: any OpenAI-compatible server, or bedrock")
    parser.add_argument(
        "--events", type=_at_least_one, default=len(SCENARIOS), metavar="N", help="how many events to send"
    )
    told = "then what comes back of messages, a changed prompt on its way to everybody, and the figures of it all"
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--tour", action="store_true", help=told)
    with_json(what)
    given = parser.parse_args(argv)
    was_up = service.state() is not None
    try:
        wrong = demonstrate(given.model or "offline", given.events, keep=given.keep or was_up, as_json=given.json)
        if given.tour and not wrong:
            show_the_way(Stack("local"))
        return wrong
    finally:
        if not (given.keep or was_up):
            service.down()


def demonstrate(model: str, count: int, *, keep: bool, as_json: bool) -> int:
    """The whole demo; 0 if everything that was expected happened."""
    began = time.monotonic()
    with step("build the functions and layers (sam build)"):
        deployment.build()
    with step("start the local AWS on 127.0.0.1"):
        running = _started(model)
    with step("deploy the stack to it (sam deploy --config-env local)"):
        deployment.deploy("local")
    stack = Stack("local")
    with step("seed agents, brands, past cases and a source"):
        list(seed(stack))
    name = model_name(running)
    err.print(plain(f"  the model: {name}"))
    posted = _post(stack, list(chosen(count)), offline=model == "offline")
    _await_outcomes(stack, posted)
    shown = [shown_of(each) for each in posted]
    seconds = time.monotonic() - began
    wrong = [problem for each, line in zip(posted, shown, strict=True)
             for problem in unexpected(each.scenario, line, offline=model == "offline")]  # fmt: skip
    if as_json:
        print_json(document_of(name, seconds, posted, shown))
    else:
        print_report(posted, shown, name=name, seconds=seconds, keep=keep)
    for problem in wrong:
        err.print(Text("✗ not as expected: ", style="bold red") + plain(problem))
    return 1 if wrong else 0


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def _started(model: str) -> service.State:
    if model.startswith("http"):
        try:
            requests.get(model, timeout=5)
        except requests.RequestException as error:
            raise Problem(f"Nothing answers at {model}: {type(error).__name__}. Start the model server first") from None
    return service.up(model)


def model_name(running: service.State) -> str:
    """How the model is named wherever people see it."""
    ready: dict[str, Any] = requests.get(f"{running.model_endpoint}/_ready", timeout=10).json()
    return str(ready["model"])


def _post(stack: Stack, scenarios: list[Scenario], *, offline: bool) -> list[Sent]:
    """Send every event; a fault of the model waits at its control endpoint for the event it is meant for."""
    assert stack.local  # noqa: S101 - the demo has no other
    control = f"{stack.local.model_endpoint}/_control/faults"
    requests.delete(control, timeout=10).raise_for_status()
    faults = [fault for scenario in scenarios for fault in scenario.faults if offline or fault["kind"] == "throttle"]
    if faults:
        requests.post(control, json=faults, timeout=10).raise_for_status()
    token, secret = uuid.uuid4().hex[:8], sources.signing_secret(stack, FIRST_SOURCE)
    ids = {scenario.name: new_event_id() for scenario in scenarios}
    posted: list[Sent] = []
    receipts: dict[str, str | None] = {}
    with step(f"post {len(scenarios)} events to the stack's webhook, as a CRM would"):
        for scenario in scenarios:
            event_id = ids[scenario.repeats or scenario.name]
            answer = send(
                f"{stack.api_url}/webhook/{FIRST_SOURCE}",
                secret,
                body_of(scenario, run=token),
                event_id=event_id,
                forged=scenario.forged,
            )
            first = receipts.setdefault(event_id, answer.body.get("receipt"))
            posted.append(Sent(scenario, event_id, answer.status, answer.body, first))
    return posted


def _await_outcomes(stack: Stack, posted: list[Sent]) -> None:
    """Follow each accepted event until it has an outcome."""
    waiting = [each for each in posted if each.status == 202]
    columns = (TextColumn("  {task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    deadline = time.monotonic() + PATIENCE_SECONDS
    with Progress(*columns, console=err, transient=True) as progress:
        bar = progress.add_task("the workflow writes", total=len(waiting))
        while waiting and time.monotonic() < deadline:
            for each in list(waiting):
                each.receipt = stack.records.receipt(each.answer["receipt"].replace(".", "#", 1))
                if each.receipt and each.receipt.get("outcome"):
                    each.message = _message(stack, each.receipt["outcome"])
                    waiting.remove(each)
                    progress.advance(bar)
            time.sleep(0.2)
    done = sum(1 for each in posted if each.message)
    accepted = sum(1 for each in posted if each.status == 202)
    err.print(f"[green]✓[/] of {accepted} accepted events {done} came to a message, skips and the duplicate included")


def _message(stack: Stack, outcome: dict[str, Any]) -> dict[str, Any] | None:
    if outcome["kind"] != "message":
        return None
    key = to_item({"message": f"{FIRST_TENANT}#{outcome['execution']}"})
    return from_item(stack.dynamodb.get_item(TableName=stack.outputs["OutreachMessages"], Key=key)["Item"])


if __name__ == "__main__":
    run(main)
