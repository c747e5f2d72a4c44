"""The dead letters of every queue: what each holds, why its consumer gave it up, and the way back.

A letter is sent before it is deleted: an interruption leaves it in both places, and no consumer does anything twice.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from agent_platform.ingest.receipts import noted_in
from agent_platform.references import EventReference

from operations.stack import Stack

# While they are looked at and sent, nobody else receives them.
_HIDDEN_SECONDS = 600
# A long poll asks every server of the queue; a short one may miss what is there.
LISTEN_SECONDS = 1
_UNDELIVERED = "ERROR_MESSAGE"


@dataclass(frozen=True)
class Lane:
    """A queue with its dead letters, by the stack's outputs, and the function that consumes it.

    `of_events` says that it carries references to events, and `starts_runs` that each of them is a run to be started.
    """

    name: str
    queue: str
    dead: str
    consumer: str
    of_events: bool = True
    starts_runs: bool = False


def _lane(name: str, queue: str, dead: str, consumer: str, **more: bool) -> Lane:
    return Lane(name, f"{queue}Url", f"{dead}Url", consumer, **more)


LANES = (
    _lane("outreach", "OutreachQueue", "OutreachDeadLetters", "OutreachStartExecutionFunction", starts_runs=True),
    _lane(
        "outreach's features",
        "OutreachFeaturesQueue",
        "OutreachFeaturesDeadLetters",
        "OutreachMaterializeFeaturesFunction",
    ),
    _lane(
        "outreach's outcomes", "OutreachOutcomesQueue", "OutreachOutcomesDeadLetters", "OutreachRecordOutcomeFunction"
    ),
    _lane(
        "outreach's cases",
        "OutreachCasesQueue",
        "OutreachCasesDeadLetters",
        "OutreachPublishCaseFunction",
        of_events=False,
    ),
    _lane("changed cases", "CaseChangesQueue", "CaseChangesDeadLetters", "IngestCasesFunction", of_events=False),
)


@dataclass(frozen=True)
class DeadLetter:
    """A message that its consumer gave up, as it was received, with the reference to an event that it carries.

    `undelivered` is what EventBridge says of one that it could not even put into the queue.
    """

    lane: Lane
    message_id: str
    handle: str
    body: str
    received: int
    sent: datetime
    reference: EventReference | None
    undelivered: str | None

    @classmethod
    def of(cls, message: dict[str, Any], lane: Lane) -> "DeadLetter":
        """A message as SQS gives it."""
        attributes = message["Attributes"]
        return cls(
            lane=lane,
            message_id=message["MessageId"],
            handle=message["ReceiptHandle"],
            body=message["Body"],
            received=int(attributes["ApproximateReceiveCount"]),
            sent=datetime.fromtimestamp(int(attributes["SentTimestamp"]) / 1000, UTC),
            reference=_reference_in(message["Body"]) if lane.of_events else None,
            undelivered=message.get("MessageAttributes", {}).get(_UNDELIVERED, {}).get("StringValue"),
        )

    @property
    def is_readable(self) -> bool:
        """Whether its consumer may make something of it: what is no reference where one belongs only fails again."""
        return self.reference is not None or not self.lane.of_events


def _reference_in(body: str) -> EventReference | None:
    try:
        reference = EventReference.of(json.loads(body)["detail"])
    except (ValueError, KeyError, TypeError):
        return None
    *names, run = vars(reference).values()
    return reference if isinstance(run, int) and all(isinstance(name, str) for name in names) else None


class DeadLetters:
    """The dead letters of every lane, and the queues that they came from."""

    def __init__(self, stack: Stack) -> None:
        self._stack, self._sqs = stack, stack.client("sqs")

    def receive(self) -> Iterator[DeadLetter]:
        """Every message that waits, lane by lane, hidden from others for ten minutes."""
        for lane in LANES:
            while messages := self._sqs.receive_message(
                QueueUrl=self._stack.outputs[lane.dead],
                MaxNumberOfMessages=10,
                VisibilityTimeout=_HIDDEN_SECONDS,
                WaitTimeSeconds=LISTEN_SECONDS,
                AttributeNames=["ApproximateReceiveCount", "SentTimestamp"],
                MessageAttributeNames=[_UNDELIVERED],
            ).get("Messages"):
                yield from (DeadLetter.of(message, lane) for message in messages)

    def send_back(self, letter: DeadLetter) -> None:
        """Send it to its queue, then delete it here."""
        self._sqs.send_message(QueueUrl=self._stack.outputs[letter.lane.queue], MessageBody=letter.body)
        self._sqs.delete_message(QueueUrl=self._stack.outputs[letter.lane.dead], ReceiptHandle=letter.handle)

    def leave(self, letters: Sequence[DeadLetter]) -> None:
        """Let others see them again."""
        for letter in letters:
            dead = self._stack.outputs[letter.lane.dead]
            self._sqs.change_message_visibility(QueueUrl=dead, ReceiptHandle=letter.handle, VisibilityTimeout=0)

    def cause(self, letter: DeadLetter) -> str:
        """Why its consumer gave it back the last time, as its log says; the log forgets after its retention."""
        if letter.undelivered:
            return f"its rule could not deliver it: {letter.undelivered}"
        named = self._stack.client("cloudformation").describe_stack_resource(
            StackName=self._stack.profile["stack_name"], LogicalResourceId=letter.lane.consumer
        )
        pages = self._stack.client("logs").get_paginator("filter_log_events").paginate(
            logGroupName=f"/aws/lambda/{named['StackResourceDetail']['PhysicalResourceId']}",
            filterPattern=f'"{letter.message_id}"',
            startTime=int(letter.sent.timestamp() * 1000),
        )  # fmt: skip
        lines = [event["message"] for page in pages for event in page["events"]]
        return str(json.loads(lines[-1])["error"]) if lines else "its log says nothing (any more)"

    def is_done(self, letter: DeadLetter) -> bool:
        """Whether its run, or a later one, began in another way meanwhile, or an event without a run was taken in."""
        if letter.reference is None:
            return False
        receipt = self._stack.records.receipt(letter.reference.record) or {}
        if letter.lane.starts_runs:
            return int(receipt.get("run", 0)) >= letter.reference.run
        return noted_in(receipt) is not None

    def unrecorded(self) -> int:
        """How many ends of executions, and failed sweeps, lie beside them."""
        asked = self._sqs.get_queue_attributes(
            QueueUrl=self._stack.outputs["FailureDeadLettersUrl"], AttributeNames=["ApproximateNumberOfMessages"]
        )
        return int(asked["Attributes"]["ApproximateNumberOfMessages"])
