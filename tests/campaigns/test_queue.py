"""What a queue may do to an event: deliver it twice, hand it to two starters at once, put it beside a poisonous one."""

import json
import random
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import pytest
from agent_platform.references import EventReference

from tests.campaigns.crashes import functions_of
from tests.campaigns.history import Sent
from tests.campaigns.senders import Senders, as_text, impatient
from tests.workflow.deployed import Deployed

type Sample = Callable[..., dict[str, Any]]

STARTER = "OutreachStartExecution"
BATCH = 10
# What is no reference to an event, each under the name with which the starter's log explains it.
POISON = {
    "{": "JSONDecodeError",
    "[]": "TypeError",
    "{}": "KeyError",
    '{"detail": null}': "TypeError",
    '{"detail": {"tenant": "greenedge"}}': "KeyError",
}


class Queue:
    """The queue between the bus and the starter, under the test's control."""

    def __init__(self, deployed: Deployed) -> None:
        stack = deployed.stack
        self.deployed, self.sqs, self.function = deployed, stack.client("sqs"), functions_of(stack)[STARTER]
        self.url, self.dead_letters = stack.outputs["OutreachQueueUrl"], stack.outputs["OutreachDeadLettersUrl"]
        self._lambda = stack.client("lambda")
        [mapping] = self._lambda.list_event_source_mappings(FunctionName=self.function)["EventSourceMappings"]
        self._mapping = mapping["UUID"]

    def put(self, body: str) -> str:
        return str(self.sqs.send_message(QueueUrl=self.url, MessageBody=body)["MessageId"])

    @contextmanager
    def held(self) -> Iterator[None]:
        """What comes in waits, until this ends."""
        self._lambda.update_event_source_mapping(UUID=self._mapping, Enabled=False)
        try:
            yield
        finally:
            self._lambda.update_event_source_mapping(UUID=self._mapping, Enabled=True)

    def start(self, *bodies: str) -> dict[str, Any]:
        """Invoke the starter with a batch, as the queue does."""
        records = [{"messageId": str(uuid.uuid4()), "body": body} for body in bodies]
        answer = self._lambda.invoke(FunctionName=self.function, Payload=json.dumps({"Records": records}))
        result: dict[str, Any] = json.loads(answer["Payload"].read())
        return result

    def dead(self) -> list[dict[str, Any]]:
        """What lies in the dead-letter queue now; it is taken out."""
        found = self.sqs.receive_message(QueueUrl=self.dead_letters, MaxNumberOfMessages=10).get("Messages", [])
        for message in found:
            self.sqs.delete_message(QueueUrl=self.dead_letters, ReceiptHandle=message["ReceiptHandle"])
        return list(found)

    def logged(self) -> list[dict[str, Any]]:
        """The starter's log lines of the last minutes that say why something wasn't started."""
        pages = self.deployed.stack.client("logs").get_paginator("filter_log_events").paginate(
            logGroupName=f"/aws/lambda/{self.function}", startTime=int((time.time() - 300) * 1000)
        )  # fmt: skip
        lines = [event["message"] for page in pages for event in page["events"] if "not started" in event["message"]]
        return [json.loads(line[line.index("{") :]) for line in lines]


@pytest.fixture
def queue(deployed: Deployed) -> Queue:
    return Queue(deployed)


def _accepted(senders: Senders, sample: Sample, count: int) -> list[Sent]:
    return [senders.deliver(f"msg_{uuid.uuid4().hex}", as_text(sample("good-referral"))) for _ in range(count)]


def _message(deployed: Deployed, sent: Sent) -> str:
    """The queue's message about an accepted event."""
    kind = json.loads(sent.body)["type"]
    return json.dumps({"detail": asdict(EventReference(deployed.tenant, sent.source, sent.event_id, kind))})


def test_a_message_delivered_twice_starts_one_run(
    queue: Queue, deployed: Deployed, sample: Sample, trials: Callable[[int, int], int], tell: Callable[[str], None]
) -> None:
    senders, count = Senders(deployed), trials(10, 100)
    with queue.held():
        sent = _accepted(senders, sample, count)
        for each in sent:
            queue.put(_message(deployed, each))
    senders.settle(30 + count)
    for each in sent:
        queue.put(_message(deployed, each))
    senders.settle(30 + count)

    tell(f"queue: {count} messages delivered twice at once and once more after the end; outcomes {senders.outcomes()}")
    assert senders.violations() == []


def test_two_starters_at_once_start_one_run(
    queue: Queue, deployed: Deployed, sample: Sample, trials: Callable[[int, int], int], tell: Callable[[str], None]
) -> None:
    senders, count = Senders(deployed), trials(10, 100)
    answers: list[dict[str, Any]] = []
    with queue.held(), ThreadPoolExecutor(2) as both:
        for each in _accepted(senders, sample, count):
            answers += both.map(queue.start, [_message(deployed, each)] * 2)
    senders.settle(30 + count)

    tell(f"queue: {count} events, each at two starters at once and then from the queue; outcomes {senders.outcomes()}")
    assert answers == [{"batchItemFailures": []}] * (2 * count)
    assert senders.violations() == []


def test_a_poisonous_message_alone_reaches_the_dead_letters_with_its_cause(
    queue: Queue,
    deployed: Deployed,
    sample: Sample,
    trials: Callable[[int, int], int],
    seed: int,
    tell: Callable[[str], None],
) -> None:
    senders, rng = Senders(deployed), random.Random(seed)
    chosen = rng.sample(list(POISON), trials(1, len(POISON)))
    for poison in chosen:
        assert queue.dead() == []
        with impatient(deployed.stack, [queue.url], 1):
            with queue.held():
                place = rng.randrange(BATCH)
                for number in range(BATCH):
                    if number == place:
                        poisonous = queue.put(poison)
                    else:
                        _accepted(senders, sample, 1)
            [dead] = deployed.until(queue.dead, f"{poison} in the dead letters")
        assert (dead["MessageId"], dead["Body"]) == (poisonous, poison)
        causes = [line["error"] for line in queue.logged() if line["queue_message"] == poisonous]
        assert causes == [POISON[poison]] * 5
    senders.settle(60)

    tell(f"queue: seed {seed}, poison in a batch of ten {len(chosen)} times: {', '.join(chosen)}; "
         f"{len(senders.sent)} others came to {senders.outcomes()}")  # fmt: skip
    assert queue.dead() == []
    assert set(senders.outcomes()) == {"approved"}
    assert senders.violations() == []
