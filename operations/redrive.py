"""From the dead letters back to the queue: what waits there and why is shown first, then each is sent and deleted.

Sent before it is deleted: an interruption leaves a message in both places, and the run's name starts it once.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from agent_platform.references import EventReference

from operations.stack import Stack
from operations.terminal import Problem, arguments, counted, err, next_step, out, plain, run

_STARTER = "OutreachStartExecutionFunction"
# While they are looked at and sent, nobody else receives them.
_HIDDEN_SECONDS = 600
_SHOWN_CHARACTERS = 80


@dataclass(frozen=True)
class DeadLetter:
    """A message that could not be started, as it was received; no reference if it can't be read as one."""

    message_id: str
    handle: str
    body: str
    received: int
    sent: datetime
    reference: EventReference | None

    @classmethod
    def of(cls, message: dict[str, Any]) -> "DeadLetter":
        """A message as SQS gives it."""
        attributes = message["Attributes"]
        return cls(
            message_id=message["MessageId"],
            handle=message["ReceiptHandle"],
            body=message["Body"],
            received=int(attributes["ApproximateReceiveCount"]),
            sent=datetime.fromtimestamp(int(attributes["SentTimestamp"]) / 1000, UTC),
            reference=_reference_in(message["Body"]),
        )


def _reference_in(body: str) -> EventReference | None:
    try:
        reference = EventReference.of(json.loads(body)["detail"])
    except (ValueError, KeyError, TypeError):
        return None
    *names, run = vars(reference).values()
    return reference if isinstance(run, int) and all(isinstance(name, str) for name in names) else None


class DeadLetters:
    """The dead letters of outreach, and the queue that they came from."""

    def __init__(self, stack: Stack) -> None:
        self._stack, self._sqs = stack, stack.client("sqs")
        self._dead, self._queue = stack.outputs["OutreachDeadLettersUrl"], stack.outputs["OutreachQueueUrl"]

    def receive(self) -> Iterator[DeadLetter]:
        """Every message that waits, hidden from others for ten minutes."""
        while messages := self._sqs.receive_message(
            QueueUrl=self._dead,
            MaxNumberOfMessages=10,
            VisibilityTimeout=_HIDDEN_SECONDS,
            WaitTimeSeconds=1,
            AttributeNames=["ApproximateReceiveCount", "SentTimestamp"],
        ).get("Messages"):
            yield from map(DeadLetter.of, messages)

    def send_back(self, letter: DeadLetter) -> None:
        """Send it to its queue, then delete it here."""
        self._sqs.send_message(QueueUrl=self._queue, MessageBody=letter.body)
        self._sqs.delete_message(QueueUrl=self._dead, ReceiptHandle=letter.handle)

    def leave(self, letters: Sequence[DeadLetter]) -> None:
        """Let others see them again."""
        for letter in letters:
            self._sqs.change_message_visibility(QueueUrl=self._dead, ReceiptHandle=letter.handle, VisibilityTimeout=0)

    def cause(self, letter: DeadLetter) -> str:
        """Why the starter gave it back the last time, as its log says; the log forgets after its retention."""
        named = self._stack.client("cloudformation").describe_stack_resource(
            StackName=self._stack.profile["stack_name"], LogicalResourceId=_STARTER
        )
        pages = self._stack.client("logs").get_paginator("filter_log_events").paginate(
            logGroupName=f"/aws/lambda/{named['StackResourceDetail']['PhysicalResourceId']}",
            filterPattern=f'"{letter.message_id}"',
            startTime=int(letter.sent.timestamp() * 1000),
        )  # fmt: skip
        lines = [event["message"] for page in pages for event in page["events"]]
        return str(json.loads(lines[-1])["error"]) if lines else "its log says nothing (any more)"

    def has_started(self, letter: DeadLetter) -> bool:
        """Whether its run, or a later one, began in another way meanwhile."""
        if letter.reference is None:
            return False
        receipt = self._stack.records.receipt(letter.reference.record) or {}
        return int(receipt.get("run", 0)) >= letter.reference.run

    def unrecorded(self) -> int:
        """How many ends of executions, and failed sweeps, lie beside them."""
        asked = self._sqs.get_queue_attributes(
            QueueUrl=self._stack.outputs["FailureDeadLettersUrl"], AttributeNames=["ApproximateNumberOfMessages"]
        )
        return int(asked["Attributes"]["ApproximateNumberOfMessages"])


def show(letters: Sequence[DeadLetter], dead: DeadLetters) -> None:
    """What waits, since when, and why."""
    out.print(plain(f"{counted(len(letters), 'dead letter')} of outreach", "bold"))
    for letter in letters:
        told = f"{letter.sent:%Y-%m-%d %H:%M:%S}  received {counted(letter.received, 'time')}"
        if letter.reference:
            out.print(plain(f"\n{letter.reference.event_type}  {told}"))
            out.print(plain(f"  {letter.reference.receipt}, run {letter.reference.run}"), soft_wrap=True)
        else:
            out.print(plain(f"\nnot a reference to an event  {told}"))
            out.print(plain(f"  {letter.body[:_SHOWN_CHARACTERS]}"), soft_wrap=True)
        started = "; it has started meanwhile, so sending it again changes nothing" if dead.has_started(letter) else ""
        out.print(plain(f"  why: {dead.cause(letter)}{started}"))


def redrive(stack: Stack, *, agreed: bool, everything: bool) -> int:
    """Show the dead letters and send them back once somebody agrees; how many were sent.

    What can't be read as a reference would only fail again: it stays, unless `everything` is asked for.
    """
    dead = DeadLetters(stack)
    letters: list[DeadLetter] = []
    sent: list[DeadLetter] = []
    try:
        letters.extend(dead.receive())
        if not letters:
            out.print("No dead letters wait.")
            return 0
        show(letters, dead)
        chosen = [each for each in letters if everything or each.reference]
        if chosen and (agreed or _asked(f"\nSend {counted(len(chosen), 'message')} back to the queue?")):
            for letter in chosen:
                dead.send_back(letter)
                sent.append(letter)
    finally:
        dead.leave([each for each in letters if each not in sent])
    return len(sent)


def _asked(question: str) -> bool:
    try:
        return input(f"{question} [y/N] ").strip().lower() in {"y", "yes"}
    except EOFError:
        raise Problem("Nobody is there to ask, so nothing was sent. To send without asking: --yes") from None


def main(argv: Sequence[str]) -> None:
    """scripts/redrive."""
    parser = arguments("redrive", "Send what could not be started back to its queue, once its cause is mended.")
    parser.add_argument("--yes", action="store_true", help="send without asking")
    parser.add_argument("--all", action="store_true", help="also what can't be read as a reference to an event")
    given = parser.parse_args(argv)
    stack = Stack(given.account)
    sent = redrive(stack, agreed=given.yes, everything=given.all)
    if unrecorded := DeadLetters(stack).unrecorded():
        err.print(f"{counted(unrecorded, 'end')} of executions or sweeps could not be recorded at first; "
                  "reconcile looks at open events every hour.")  # fmt: skip
    if sent:
        out.print(f"[green]✓[/] sent back {counted(sent, 'message')}")
        next_step("scripts/executions list", given.account)


if __name__ == "__main__":
    run(main)
