"""A function's process is killed at every boundary and inside every write: each event still comes to one outcome."""

import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from agent_platform import aws
from agent_platform.items import to_item
from agent_platform.moments import iso

from tests.campaigns.crashes import Crashes, Point, failed_execution, resources_of
from tests.campaigns.senders import Senders, as_text, queues_of
from tests.infrastructure import template
from tests.workflow.deployed import Deployed

type Sample = Callable[..., dict[str, Any]]

# The functions of ingest and of the workflow's states; those of the registry, evaluations and rollouts see no event.
# The local stack has no stream, whose reader does with an event what the webhook does; and no event passes the sweep of
# slots, which test_starting.py cuts short at every call. What people decide comes later, and is test_reviews.py's.
ON_AN_EVENTS_WAY = {
    each.name.removesuffix("Function")
    for each in template.functions()
    if each.folder.relative_to(template.ROOT).parts[1] in {"ingest", "outreach"}
} - {"ReadStream", "ReleaseSlots", "OutreachNextReview", "OutreachDecideReview"}
STATES = [f"Outreach{state}" for state in ("Validate", "Enrich", "Retrieve", "Generate", "Judge", "Store")]
REFUSED_SERVICE = "chimney sweeping"
# So that a message whose starter was killed comes back soon.
VISIBILITY_SECONDS = "2"


@dataclass
class Trial:
    """One event on its way past a function, whose process is killed there if that was armed."""

    deployed: Deployed
    senders: Senders
    crashes: Crashes
    sample: Sample

    def send(self, event_id: str, **service_line: Any) -> str:
        """Send an event until it is accepted; its receipt."""
        taken = self.senders.deliver(event_id, as_text(self.sample("good-referral", **service_line)))
        assert taken.receipt, taken
        return taken.receipt

    def killed(self) -> bool:
        """Wait for the process to be killed, if it is to be."""
        if not self.crashes.armed():
            return False
        self.deployed.until(self.crashes.fired, "the process to be killed")
        return True

    def call(self, function: str, event: dict[str, Any]) -> None:
        """An asynchronous invocation, as EventBridge makes it."""
        self.deployed.stack.client("lambda").invoke(
            FunctionName=self.crashes.functions[function], InvocationType="Event", Payload=json.dumps(event)
        )

    def tell(self, event_id: str, message_id: str) -> str:
        """Tell that a message was sent; the event's receipt."""
        now = iso(datetime.now(UTC))
        told = {"message_id": message_id, "outcome": "sent", "time": now}
        event = {"type": "outcome.recorded", "version": 1, "timestamp": now, "data": told}
        taken = self.senders.deliver(event_id, as_text(event))
        assert taken.receipt, taken
        return taken.receipt

    def make_mature(self, message: dict[str, Any]) -> None:
        """Let a message's turn in the next sweep come now, if it still has one, and its window be over."""
        aws.condition_held(
            self.deployed.stack.dynamodb.update_item,
            TableName=self.deployed.stack.outputs["OutreachMessages"],
            Key=to_item({"message": message["message"]}),
            UpdateExpression="SET outcomes.sent.#at = :past, maturesAt = :past",
            ConditionExpression="attribute_exists(maturesShard)",
            ExpressionAttributeNames={"#at": "at"},
            ExpressionAttributeValues=to_item({":past": "2000-01-01T00:00:00Z"}),
        )

    def stored(self, message: dict[str, Any]) -> dict[str, Any]:
        """A message as it stands."""
        return self.deployed.item("OutreachMessages", message=message["message"])

    def is_settled(self, message: dict[str, Any]) -> bool:
        """Whether a message is settled and waits for no sweep any more."""
        stored = self.stored(message)
        return "settled" in stored and "maturesAt" not in stored

    def counted(self, message: dict[str, Any]) -> int:
        """How many messages of its company and purpose were counted, in both arms."""
        series = f"{message['tenant']}#{message['purpose']}"
        counters = [each for each in self.deployed.items("CaseCredits") if each["series"] == series]
        return sum(each["uses"] for each in counters if each["subject"].startswith("arm#"))

    @contextmanager
    def unheard(self, rule: str) -> Iterator[None]:
        """The bus loses what a rule would have passed on."""
        bus = {} if rule == "OutreachFailureRule" else {"EventBusName": self.deployed.stack.outputs["EventBusName"]}
        name = resources_of(self.deployed.stack, "AWS::Events::Rule")[rule].rpartition("|")[2]
        events = self.deployed.stack.client("events")
        events.disable_rule(Name=name, **bus)
        try:
            yield
        finally:
            events.enable_rule(Name=name, **bus)


def _on_its_way(trial: Trial, event_id: str) -> None:
    receipt = trial.send(event_id)
    trial.killed()
    trial.deployed.outcome(receipt)


def _at_its_failure(trial: Trial, event_id: str) -> None:
    """Lambda calls a function again that was killed on an asynchronous event; the emulator's rules call once."""
    receipt = trial.send(event_id, type=REFUSED_SERVICE)
    if trial.killed():
        execution = trial.deployed.receipt(receipt)["executionArn"]
        trial.call("RecordFailure", failed_execution(trial.deployed.stack, execution))
    trial.deployed.outcome(receipt)


def _never_started(trial: Trial, event_id: str) -> None:
    with trial.unheard("OutreachServiceCompletedRule"):
        receipt = trial.send(event_id)
    _swept(trial, receipt)


def _failed_unseen(trial: Trial, event_id: str) -> None:
    with trial.unheard("OutreachFailureRule"):
        receipt = trial.send(event_id, type=REFUSED_SERVICE)
        trial.senders.idle()
    _swept(trial, receipt)


def _swept(trial: Trial, receipt: str) -> None:
    """A sweep that is killed is not called again: the next one, an hour later, does what it left."""
    trial.senders.make_due(receipt.replace(".", "#", 1))
    trial.call("Reconcile", {})
    if trial.killed() and "outcome" not in trial.deployed.receipt(receipt):
        trial.senders.make_due(receipt.replace(".", "#", 1))
        trial.call("Reconcile", {})
    trial.deployed.outcome(receipt)


def _told_what_became(trial: Trial, event_id: str) -> None:
    message = trial.deployed.message(trial.send(event_id))
    receipt = trial.tell(f"{event_id}_told", message["messageId"])
    trial.killed()
    assert trial.deployed.outcome(receipt)["kind"] == "noted"
    assert trial.stored(message)["outcomes"].keys() == {"sent"}


def _told_of_no_message(trial: Trial, event_id: str) -> None:
    receipt = trial.tell(event_id, "an id that no message has")
    trial.killed()
    assert trial.deployed.outcome(receipt)["status"] == "UnknownMessage"


def _mature(trial: Trial, event_id: str) -> None:
    """A sweep that is killed is not called again: the next one, an hour later, counts what it left."""
    message = trial.deployed.message(trial.send(event_id))
    trial.deployed.outcome(trial.tell(f"{event_id}_told", message["messageId"]))
    before = trial.counted(message)
    trial.make_mature(message)
    trial.call("OutreachSettleOutcomes", {})
    # How many calls a sweep makes depends on how many cases are worth something else now: it may end before.
    trial.deployed.until(lambda: trial.crashes.fired() or trial.is_settled(message), "the sweep to end")
    trial.make_mature(message)
    trial.call("OutreachSettleOutcomes", {})
    trial.deployed.until(lambda: trial.is_settled(message), "the message to be settled")
    assert trial.counted(message) == before + 1


@dataclass(frozen=True)
class Way:
    """How an event is led past a function; a function that joins the stack needs one."""

    function: str
    lead: Callable[[Trial, str], None]


WAYS = [
    Way("ReceiveWebhook", _on_its_way),
    Way("OutreachStartExecution", _on_its_way),
    Way("RecordFailure", _at_its_failure),
    Way("Reconcile", _never_started),
    Way("Reconcile", _failed_unseen),
    Way("OutreachMaterializeFeatures", _on_its_way),
    Way("OutreachRecordOutcome", _told_what_became),
    Way("OutreachRecordOutcome", _told_of_no_message),
    Way("OutreachPublishCase", _told_what_became),
    Way("OutreachSettleOutcomes", _mature),
    *(Way(state, _on_its_way) for state in STATES),
]


@pytest.fixture
def crashes(deployed: Deployed, tmp_path: Path) -> Iterator[Crashes]:
    sqs = deployed.stack.client("sqs")
    usual = {
        queue: sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["VisibilityTimeout"])["Attributes"]
        for queue in queues_of(deployed.stack)
    }
    crashes = Crashes(deployed.stack, tmp_path)
    deployed.fault({"kind": "access_denied", "contains": REFUSED_SERVICE, "role": "writer"})
    with crashes.installed():
        for queue in usual:
            sqs.set_queue_attributes(QueueUrl=queue, Attributes={"VisibilityTimeout": VISIBILITY_SECONDS})
        yield crashes
        for queue, attributes in usual.items():
            sqs.set_queue_attributes(QueueUrl=queue, Attributes=attributes)


def _points(trial: Trial, way: Way) -> list[Point]:
    """Every point on a way: the boundaries are found by leading one event along it unharmed, not listed here."""
    trial.crashes.refresh(way.function)
    way.lead(trial, f"msg_unharmed_{way.function}{way.lead.__name__}")
    trial.senders.idle()
    points = trial.crashes.points(way.function)
    assert points, f"{way.function} made no call"
    # A state is tried again once after its process ended; killed twice, its run fails and is recorded.
    twice = [replace(point, times=2) for point in points if point.effect != "refused"]
    return points + (twice if way.function in STATES else [])


def test_every_event_has_one_outcome_whatever_is_killed(
    deployed: Deployed,
    sample: Sample,
    crashes: Crashes,
    trials: Callable[[int, int], int],
    seed: int,
    tell: Callable[[str], None],
) -> None:
    assert {way.function for way in WAYS} == ON_AN_EVENTS_WAY
    trial, started = Trial(deployed, Senders(deployed), crashes, sample), time.monotonic()
    rng, ways = random.Random(seed), WAYS
    if (few := trials(3, len(WAYS))) < len(WAYS):
        ways = rng.sample(WAYS, few)
    points = [(way, point) for way in ways for point in _points(trial, way)]
    chosen = rng.sample(points, min(trials(6, len(points)), len(points)))
    for number, (way, point) in enumerate(chosen):
        crashes.arm(point)
        try:
            way.lead(trial, f"msg_crash_{number}_{point.function}_{point.call}_{point.effect}_{point.times}")
        except AssertionError as error:
            raise AssertionError(f"seed {seed}, {point}: {error}") from error
    trial.senders.settle(60)

    at = dict(Counter(point.function for _, point in chosen))
    tell(f"crashes: seed {seed}, {len(chosen)} of {len(points)} points on {len(ways)} of {len(WAYS)} ways in"
         f" {time.monotonic() - started:.0f} s: {at}; outcomes {trial.senders.outcomes()}")  # fmt: skip
    assert trial.senders.violations() == []
