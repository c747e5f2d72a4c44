"""A stack with a stream, what is put there among what, and what its reader made of it."""

import json
import time
from dataclasses import dataclass, field, replace
from typing import Any

from agent_platform.references import EventReference

from examples.producer import Producer
from operations.events import new_event_id
from operations.seed import FIRST_SOURCE
from operations.stack import Stack
from tests.campaigns.crashes import functions_of
from tests.campaigns.history import Sent
from tests.campaigns.senders import Senders, as_text
from tests.workflow.deployed import Deployed, said

READER = "ReadStream"
# The template's own, and what its transforms need where no change set was looked at before.
_CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
_FOREIGN_SECRET = "whsec_" + "A" * 32


def give(stack: Stack, **parameters: str) -> None:
    """Update the stack as it stands: these parameters change and nothing else."""
    client, name = stack.client("cloudformation"), stack.profile["stack_name"]
    kept = [{"ParameterKey": key, "UsePreviousValue": True} for key in stack.parameters if key not in parameters]
    given = [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()]
    client.update_stack(
        StackName=name, UsePreviousTemplate=True, Parameters=[*kept, *given], Capabilities=_CAPABILITIES
    )
    client.get_waiter("stack_update_complete").wait(StackName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 120})


@dataclass
class Shore:
    """Where systems put events into the stream; it remembers what was put there."""

    deployed: Deployed
    began: float = field(default_factory=time.time)
    # By customer, in the order in which they were put there; what is to be refused, by its place.
    receipts: dict[str, list[str]] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        stack = self.deployed.stack
        self.senders, self.reader = Senders(self.deployed), functions_of(stack)[READER]
        self.producer = Producer(
            stack.client("kinesis"), stack.outputs["EventStreamName"], FIRST_SOURCE, self.deployed.secret
        )

    def put(self, event: dict[str, Any], *, twice: bool = False) -> str:
        """Put an event there as a producer does, at once again if it doesn't know whether it arrived; its id."""
        event_id, customer = new_event_id(), event["data"]["customer"]["id"]
        for _ in range(1 + twice):
            self.producer.put(event, event_id=event_id, customer=customer)
        self.expect(as_text(event), event_id)
        return event_id

    def expect(self, body: str, event_id: str) -> None:
        """An event was put there, and must come to a message."""
        event = json.loads(body)
        reference = EventReference(self.deployed.tenant, FIRST_SOURCE, event_id, event["type"])
        self.senders.sent.append(Sent(FIRST_SOURCE, event_id, body, 202, reference.receipt))
        self.receipts.setdefault(event["data"]["customer"]["id"], []).append(reference.receipt)

    def spoil(self, event: dict[str, Any], used_id: str) -> None:
        """Put there, among a customer's events, one of everything that is refused; an id of theirs is used again."""
        customer = event["data"]["customer"]["id"]
        kinesis = {"StreamName": self.producer.stream, "PartitionKey": customer}
        for data in (b"{", b"[]", b"\xff", b'{"source": "crm", "body": "{}"}'):
            self._refuse(400, self.producer.kinesis.put_record(**kinesis, Data=data)["SequenceNumber"])
        others = replace(self.producer, secret=_FOREIGN_SECRET), replace(self.producer, source="nobody")
        for status, producer, content, event_id in (
            *((401, other, event, new_event_id()) for other in others),
            (422, self.producer, {**event, "timestamp": "some day"}, new_event_id()),
            (409, self.producer, {**event, "timestamp": "2026-01-01T00:00:00Z"}, used_id),
        ):
            self._refuse(status, producer.put(content, event_id=event_id, customer=customer))
            self.senders.sent.append(Sent(producer.source, event_id, as_text(content), status))

    def _refuse(self, status: int, place: str) -> None:
        self.places[place] = status

    def last_of(self, event: dict[str, Any]) -> str:
        """The receipt of what was put there last of an event's customer."""
        return self.receipts[event["data"]["customer"]["id"]][-1]

    def taken_in(self) -> dict[str, list[str]]:
        """The receipts by customer, in the order in which the reader took them in first."""
        read = self.accepted()
        return {customer: [each for each in read if each in of] for customer, of in self.receipts.items()}

    def accepted(self) -> list[str]:
        """The receipts of what the reader took in, each once: what comes again is a duplicate."""
        return list(dict.fromkeys(line["correlation_id"] for line in self.logged("accepted")))

    def all_taken_in(self) -> bool:
        """Whether nothing genuine waits any more."""
        return {each for of in self.receipts.values() for each in of} <= set(self.accepted())

    def failures(self) -> int:
        """How often the reader stopped, for its batch to come again."""
        return len(self.logged("could not record or publish"))

    def logged(self, message: str) -> list[dict[str, Any]]:
        """What the reader logged of this since events were put here."""
        pages = self.deployed.stack.client("logs").get_paginator("filter_log_events").paginate(
            logGroupName=f"/aws/lambda/{self.reader}", startTime=int(self.began * 1000)
        )  # fmt: skip
        lines = [event["message"] for page in pages for event in page["events"] if f'"{message}"' in event["message"]]
        return [json.loads(line[line.index("{") :]) for line in lines]

    def refused(self) -> dict[str, int]:
        """What the terminal shows as refused, by its place; it is forgotten then."""
        shown = json.loads(said("source", "refused", "--json", "--forget"))
        return {each["first"]: each["status"] for each in shown}
