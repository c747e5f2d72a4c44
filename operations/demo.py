"""The demo: build, start the local AWS, deploy, seed, send a dozen events as a CRM would, and show what came of each."""

import re
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests
from agent_platform.items import from_item, to_item
from local_aws import service
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from operations import deployment, sources
from operations.events import new_event_id, send
from operations.messages import reason
from operations.scenarios import SCENARIOS, Scenario, Sent, body_of, chosen
from operations.seed import FIRST_SOURCE, FIRST_TENANT, seed
from operations.stack import Stack
from operations.terminal import Problem, arguments, err, money, out, print_json, run, table, with_json

_PATIENCE_SECONDS = 240
_SLOT = re.compile(r"\{\{[\w.]+\}\}")
_COLOURS = {"approved": "green", "rejected": "red", "skipped": "yellow", "refused": "yellow", "duplicate": "cyan"}


@dataclass(frozen=True)
class Shown:
    """One event as the demo shows it; also a line of its JSON."""

    id: str
    sent: str
    http_status: int
    outcome: str
    reason: str
    execution: str | None
    attempts: int
    score: float | None
    subject: str | None
    body: str | None


def main(argv: Sequence[str]) -> int:
    """scripts/demo."""
    parser = arguments(
        "Build the stack, deploy it to a local AWS on this machine, send a dozen signed events and show the e-mails.",
        account=False,
    )
    parser.add_argument("--keep", action="store_true", help="leave the local AWS running afterwards")
    parser.add_argument("--model", metavar="URL", help="a real model: any OpenAI-compatible server, or bedrock")
    parser.add_argument("--events", type=int, default=len(SCENARIOS), metavar="N", help="how many events to send")
    with_json(parser)
    given = parser.parse_args(argv)
    was_up = service.state() is not None
    try:
        return demonstrate(given.model or "offline", given.events, keep=given.keep or was_up, as_json=given.json)
    finally:
        if not (given.keep or was_up):
            service.down()


def demonstrate(model: str, count: int, *, keep: bool, as_json: bool) -> int:
    """The whole demo; 0 if everything that was expected happened."""
    began = time.monotonic()
    with _step("build the functions and layers (sam build)"):
        deployment.build()
    with _step("start the local AWS on 127.0.0.1"):
        running = _started(model)
    with _step("deploy the stack to it (sam deploy --config-env local)"):
        deployment.deploy("local")
    stack = Stack("local")
    with _step("seed agents, brands, past cases and a source"):
        list(seed(stack))
    name = model_name(running)
    err.print(f"  the model is [bold]{escape(name)}[/]")
    posted = _post(stack, list(chosen(count)), offline=model == "offline")
    _await_outcomes(stack, posted)
    shown = [_shown(each) for each in posted]
    seconds = time.monotonic() - began
    wrong = [problem for each, line in zip(posted, shown, strict=True)
             for problem in _unexpected(each.scenario, line, offline=model == "offline")]  # fmt: skip
    if as_json:
        print_json(_document(name, seconds, posted, shown))
    else:
        _report(posted, shown, name=name, seconds=seconds, keep=keep)
    for problem in wrong:
        err.print(f"[bold red]✗ not as expected:[/] {escape(problem)}")
    return 1 if wrong else 0


def _started(model: str) -> service.State:
    try:
        return service.up(model)
    except service.LocalAwsError as error:
        raise Problem(str(error)) from None


def model_name(running: service.State) -> str:
    """How the model is named wherever people see it."""
    ready: dict[str, Any] = requests.get(f"{running.model_endpoint}/_ready", timeout=10).json()
    return str(ready["model"])


@contextmanager
def _step(what: str) -> Iterator[None]:
    began = time.monotonic()
    with err.status(what + " …"):
        yield
    err.print(f"[green]✓[/] {what} [dim]{time.monotonic() - began:.1f} s[/]")


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
    posted = []
    with _step(f"post {len(scenarios)} signed events to {stack.api_url}/webhook/{FIRST_SOURCE}"):
        for scenario in scenarios:
            event_id = ids[scenario.repeats or scenario.name]
            answer = send(
                f"{stack.api_url}/webhook/{FIRST_SOURCE}",
                secret,
                body_of(scenario, run=token),
                event_id=event_id,
                forged=scenario.forged,
            )
            posted.append(Sent(scenario, event_id, answer.status, answer.body))
    return posted


def _await_outcomes(stack: Stack, posted: list[Sent]) -> None:
    """Follow each accepted event until it has an outcome."""
    waiting = [each for each in posted if each.status == 202]
    columns = (TextColumn("  {task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    deadline = time.monotonic() + _PATIENCE_SECONDS
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
    err.print(f"[green]✓[/] {done} events came to an outcome" + (f", {len(waiting)} did not" if waiting else ""))


def _message(stack: Stack, outcome: dict[str, Any]) -> dict[str, Any] | None:
    if outcome["kind"] != "message":
        return None
    key = to_item({"message": f"{FIRST_TENANT}#{outcome['execution']}"})
    return from_item(stack.dynamodb.get_item(TableName=stack.outputs["OutreachMessages"], Key=key)["Item"])


def _shown(each: Sent) -> Shown:
    execution = attempts = score = subject = body = None
    if each.status != 202:
        outcome, why = "refused", f"{each.status} {each.answer.get('title', '')}: {each.answer.get('detail', '')}"
        why += "".join(f" {problem['pointer']}: {problem['expected']};" for problem in each.answer.get("errors", []))
    elif each.scenario.repeats:
        outcome, why = "duplicate", "the same id and body: the same receipt, no second run"
    elif each.message:
        outcome, why = each.message["status"], reason(each.message)
        execution, attempts = each.message["messageId"], len(each.message.get("attempts", []))
        score, subject, body = (each.message.get(name) for name in ("score", "subject", "text"))
    elif each.receipt and each.receipt.get("outcome"):
        outcome, why = "failed", each.receipt["outcome"]["status"]
        execution = each.receipt["outcome"]["execution"]
    else:
        outcome, why = "failed", f"no outcome after {_PATIENCE_SECONDS} s"
    return Shown(each.event_id, each.scenario.name, each.status, outcome, why, execution, attempts or 0, score, subject, body)


def _unexpected(scenario: Scenario, line: Shown, *, offline: bool) -> Iterator[str]:
    stored = line.outcome in {"approved", "rejected", "skipped", "failed"} and line.execution
    if not offline and scenario.depends_on_model:
        if not stored:
            yield f"{scenario.name}: no outcome ({line.reason})"
        return
    if line.outcome != scenario.expected or not line.reason.startswith(scenario.reason):
        yield f"{scenario.name}: {line.outcome} ({line.reason}) instead of {scenario.expected} {scenario.reason}"
    elif line.attempts and line.attempts < scenario.attempts:
        yield f"{scenario.name}: {line.attempts} attempts instead of {scenario.attempts}"


def _totals(posted: list[Sent]) -> tuple[dict[str, int], int]:
    messages = {each.message["messageId"]: each.message for each in posted if each.message}.values()
    tokens = {name: sum(each.get(f"{name}Tokens", 0) for each in messages) for name in ("input", "output")}
    return tokens, sum(each.get("costMicros", 0) for each in messages)


def _document(name: str, seconds: float, posted: list[Sent], shown: list[Shown]) -> dict[str, Any]:
    tokens, micros = _totals(posted)
    return {
        "model": name,
        "seconds": round(seconds, 1),
        "events": [vars(line) for line in shown],
        "tokens": tokens,
        "cost": {"usd": micros / 1_000_000, "as_if": True},
    }


def _report(posted: list[Sent], shown: list[Shown], *, name: str, seconds: float, keep: bool) -> None:
    rows = [
        (line.sent, str(line.http_status), (line.execution or "")[:8],
         f"[{_COLOURS.get(line.outcome, 'red')}]{line.outcome}[/]", str(line.attempts or ""),
         "" if line.score is None else f"{line.score:.1f}",
         escape(line.subject) if line.outcome == "approved" and line.subject else f"[dim]{escape(_short(line.reason))}[/]")
        for line in shown
    ]  # fmt: skip
    out.print()
    table(f"What became of {len(shown)} events", ("event", "HTTP", "run", "outcome", "tries", "score", "subject, or reason"), rows)
    best = next((each.message for each in posted if each.message and each.message["status"] == "approved"), None)
    if best:
        _print_whole(best)
    tokens, micros = _totals(posted)
    models = sorted({call["model"] for each in posted if each.message
                     for attempt in each.message.get("attempts", []) for call in (attempt["generate"], attempt["judge"])
                     if call["model"]})  # fmt: skip
    out.print(
        f"\n{tokens['input']:,} + {tokens['output']:,} tokens by {escape(name)}; "
        f"as if by {' and '.join(models)}: {money(micros)}. {seconds:.0f} s in all."
    )
    out.print("\n[bold]Next[/]")
    if keep:
        nexts = ("scripts/messages list", "scripts/executions list", "scripts/send-event --sample good-upsell")
    else:
        nexts = ("scripts/demo --keep      and then look around: scripts/messages list", "scripts/test",
                 "sam build && sam deploy --config-env dev      with AWS credentials; README says what else")  # fmt: skip
    for command in nexts:
        out.print(f"  {command}", soft_wrap=True)


def _short(why: str) -> str:
    """A reason that fits a table; --json has it whole."""
    return why if len(why) <= 110 else f"{why[:110].rpartition(' ')[0]} …"


def _print_whole(message: dict[str, Any]) -> None:
    out.print(f"\n[bold]One of them, whole[/] [dim](facts underlined; they come from the record, not from the model)[/]\n")
    out.print(f"  [dim]Subject:[/] {underlined(message['slots']['subject'], message['subject'])}\n")
    for line in underlined(message["slots"]["body"], message["text"]).splitlines():
        out.print(f"  {line}")


def underlined(slots: str, rendered: str) -> str:
    """The rendered text as markup with every fact underlined: the pieces between slots stand in both texts."""
    pieces = _SLOT.split(slots)
    marked, rest = escape(pieces[0]), rendered[len(pieces[0]):]
    for position, piece in enumerate(pieces[1:], start=1):
        last = position == len(pieces) - 1
        end = rest.rfind(piece) if last and not piece.strip() else rest.find(piece, 1)
        end = end if piece else (rest.find("\n") if "\n" in rest else len(rest))
        fact, rest = rest[:end], rest[end + len(piece):]
        marked += f"[underline]{escape(fact)}[/]{escape(piece)}"
    return marked + escape(rest)


if __name__ == "__main__":
    run(main)
