"""A synthetic run by hand: sent by the stack's own function, followed to its message, looked at as the watch does."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from agent_platform.ingest.receipts import Outcome, outcome_in
from agent_platform.items import from_item, to_item
from agent_platform.synthetic.runs import SyntheticRun
from agent_platform.synthetic.watching import problems_of
from agent_platform.tenants import SYNTHETIC
from rich.text import Text

from operations.executions import Step, history, steps
from operations.failures import of_run
from operations.stack import Stack
from operations.terminal import (
    Problem,
    arguments,
    counted,
    next_step,
    out,
    plain,
    print_json,
    run,
    with_account,
    with_json,
)

WORKFLOW = "outreach"
PATIENCE_SECONDS = 180


@dataclass(frozen=True)
class Happened:
    """One thing that happened in a synthetic run: so many milliseconds after it was sent, and whether it was right."""

    what: str
    after_ms: int
    right: bool = True
    next: str | None = None


def once(stack: Stack, *, patience: float = PATIENCE_SECONDS, pause: float = 0.2) -> Iterator[Happened]:
    """Send a synthetic event and tell what happens, as soon as it is known; no metric counts it as the schedule's.

    The last that is told says what to do next. Problem if it can't be sent, or comes to no outcome in time.
    """
    synthetic, receipt = _send(stack)
    yield Happened(f"sent, signed, through the public URL: receipt {receipt}", 0)
    record = _concluded(stack, receipt, patience=patience, pause=pause)
    outcome = outcome_in(record)
    assert outcome  # noqa: S101 - it is waited for
    taken = list(steps(history(stack, record["executionArn"])))
    if outcome.kind != "message":
        failure = of_run(stack, record["record"], outcome.run) | {"error": outcome.status}
        yield from _failed(taken, synthetic, failure, next_=f"scripts/executions show {receipt}")
        return
    yield from (Happened(_told(step), synthetic.took(step.entered)) for step in taken)
    yield from _looked_at(_message(stack, outcome), synthetic, _ended(taken, synthetic))


def _failed(
    taken: Sequence[Step], synthetic: SyntheticRun, failure: Mapping[str, Any], *, next_: str
) -> Iterator[Happened]:
    """The steps of a run that failed, the last of them with the reason."""
    yield from (Happened(_told(step), synthetic.took(step.entered)) for step in taken[:-1])
    state, at = (_told(taken[-1]), taken[-1].entered) if taken else ("the run", synthetic.sent_at)
    why = ": ".join(filter(None, (state, failure["error"], failure.get("cause"))))
    yield Happened(why, synthetic.took(at), right=False, next=next_)


def _told(step: Step) -> str:
    took = "" if step.seconds is None else f", {step.seconds * 1000:,.0f} ms"
    tried = f", tried again {counted(step.retries, 'time')} after {step.error}" if step.retries else ""
    return f"{step.state}{took}{tried}"


def _ended(taken: Sequence[Step], synthetic: SyntheticRun) -> int:
    """When the last step that is known ended, by the clock of all the others."""
    return max((synthetic.took(step.entered + timedelta(seconds=step.seconds or 0)) for step in taken), default=0)


def _looked_at(message: Mapping[str, Any], synthetic: SyntheticRun, after: int) -> Iterator[Happened]:
    """What is stored, and whether it is as it must be."""
    score = f", score {message['score']:.2f}" if "score" in message else ""
    yield Happened(f"stored: {message['status']}{score}", after)
    show = f"scripts/messages show {message['messageId'][:8]}"
    problems = list(problems_of(message, synthetic))
    yield from (Happened(problem, after, right=False, next=show) for problem in problems)
    if not problems:
        whole = "its text is whole: every slot is filled, and nothing of the comment is repeated"
        yield Happened(whole, after, next=show)


def _send(stack: Stack) -> tuple[SyntheticRun, str]:
    """Let the stack's own function send; the run and its receipt."""
    payload = json.dumps({"workflow": WORKFLOW, "by_hand": True}).encode()
    invoked = stack.client("lambda").invoke(FunctionName=stack.outputs["SyntheticSend"], Payload=payload)
    answer: dict[str, Any] = json.loads(invoked["Payload"].read())
    if invoked.get("FunctionError"):
        raise Problem(f"It could not be sent: {answer.get('errorMessage')}. If the stack is new: scripts/seed")
    begun = SyntheticRun.of(answer["event_id"])
    assert begun  # noqa: S101 - the function made this id
    return begun, answer["receipt"]


def _concluded(stack: Stack, receipt: str, *, patience: float, pause: float) -> dict[str, Any]:
    """The event's receipt, once its run is over."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        found = stack.records.receipt(receipt.replace(".", "#", 1)) or {}
        if outcome_in(found) and "executionArn" in found:
            return found
        time.sleep(pause)
    raise Problem(f"{receipt} came to no outcome in {patience:.0f} s. Next: scripts/executions show {receipt}")


def _message(stack: Stack, outcome: Outcome) -> dict[str, Any]:
    key = to_item({"message": f"{SYNTHETIC}#{outcome.execution}"})
    found = stack.dynamodb.get_item(TableName=stack.outputs["OutreachMessages"], Key=key, ConsistentRead=True)
    return from_item(found["Item"])


def main(argv: Sequence[str]) -> int:
    """scripts/synthetic."""
    parser = arguments(
        "synthetic", "Whether everything works, from the webhook to a message, by an event of nobody's.", account=False
    )
    commands = parser.add_subparsers(dest="command", required=True)
    told = "send a synthetic event and print what happened, step by step; exit code 1 if anything is wrong"
    sub = commands.add_parser("once", help=told, description=told.capitalize() + ".")
    with_account(sub)
    with_json(sub)
    given = parser.parse_args(argv)
    happened: list[Happened] = []
    if not given.json:
        out.print(Text(f"{'since sent':>11}   what", style="dim"))
    for each in once(Stack(given.account)):
        happened.append(each)
        if not given.json:
            mark = Text(" ✓ ", style="green") if each.right else Text(" ✗ ", style="bold red")
            out.print(Text(f"{each.after_ms:>8,} ms", style="dim") + mark + plain(each.what), soft_wrap=True)
    if given.json:
        print_json([vars(each) for each in happened])
    elif happened[-1].next:
        next_step(happened[-1].next, given.account)
    return 0 if all(each.right for each in happened) else 1


if __name__ == "__main__":
    run(main)
