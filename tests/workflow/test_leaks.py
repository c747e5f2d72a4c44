"""Nobody leaks: people who don't exist go every way an event can go, and are then looked for everywhere.

Personal data may stand in the event's body and in what Validate prepared of it, and in the message: its recipient,
texts and the CRM's id. A recording may hold the comment, redacted. Nowhere else: no log, metric, execution, queue, bus
event, parameter, receipt, failure record, feature, contact or object.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from agent_platform.ingest.events import EventRecords
from agent_platform.references import EventReference

from operations import events
from operations.seed import FIRST_SOURCE
from operations.stack import ROOT
from tests.canaries import Canary, as_text, canary, found_in
from tests.workflow import everywhere
from tests.workflow.deployed import Deployed, physical

type Sample = Callable[..., dict[str, Any]]
# The fields of a message that a sender needs, and the CRM's own id.
# What the ledger of claims points to is in the text as well.
SENT = {"recipient", "subject", "text", "html", "customerId", "sources"}


@pytest.fixture(scope="module")
def overheard(deployed: Deployed) -> Callable[[], list[str]]:
    """Every event on the stack's bus and on the account's, from now on; gives what came."""
    events_client, sqs = deployed.stack.client("events"), deployed.stack.client("sqs")
    queue = sqs.create_queue(QueueName="overheard")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    for bus, source in ((deployed.stack.outputs["EventBusName"], "referral-system"), ("default", "aws.states")):
        pattern = json.dumps({"source": [source]})
        events_client.put_rule(Name=f"overhear-{source}", EventBusName=bus, EventPattern=pattern)
        target = {"Id": "overheard", "Arn": arn}
        events_client.put_targets(Rule=f"overhear-{source}", EventBusName=bus, Targets=[target])
    heard: list[str] = []

    def listen() -> list[str]:
        while messages := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                heard.append(message["Body"])
                sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        return heard

    return listen


@pytest.fixture(scope="module")
def canaries() -> list[Canary]:
    return [canary(number) for number in range(1, 14)]


@pytest.fixture(scope="module")
def sent(deployed: Deployed, overheard: Any, canaries: list[Canary]) -> list[Canary]:
    """Each canary on a way of its own, all of them to their end."""
    birds = iter(canaries)
    for way in (_good, _messy, _asked_for, _skipped, _rejected, _violation, _forged, _malformed):
        way(deployed, next(birds))
    for state in ("Validate", "Enrich", "Retrieve", "Judge", "Store"):
        _failing(deployed, next(birds), state)
    return canaries


def _event(bird: Canary, name: str, **line: Any) -> dict[str, Any]:
    event = bird.in_place_of_the_customer(json.loads(events.sample(name)))
    event["data"].get("service", {}).update(line)
    return event


def _good(deployed: Deployed, bird: Canary) -> None:
    assert deployed.message(deployed.send(_event(bird, "good-referral")).body["receipt"])["status"] == "approved"


def _messy(deployed: Deployed, bird: Canary) -> None:
    """Personal data where none belongs, in what the CRM's people type freely."""
    event = _event(bird, "good-referral", type=f"weekly mow for {bird.first_name} {bird.last_name}, {bird.phone}",
                   crew=f"{bird.first_name}'s own")  # fmt: skip
    customer = event["data"]["customer"]
    customer["name"] = f"  {bird.last_name.upper()},   {bird.first_name.upper()} "
    customer |= {"time_zone": bird.email, "locale": bird.first_name}
    customer["consent"]["source"] = f"said by {bird.email}"
    customer["property"]["features"] = [f"code for {bird.last_name} is 4711", bird.street]
    customer["service_history"][0] |= {"price": f"45 ({bird.first_name})", "date": f"when {bird.last_name} called"}
    deployed.outcome(deployed.send(event).body["receipt"])


def _asked_for(deployed: Deployed, bird: Canary) -> None:
    event = _event(bird, "good-upsell")
    event["data"]["offer_wanted"] = {"purpose": "upsell", "offer_id": f"for {bird.email}"}
    answer = deployed.send(event)
    assert answer.status == 202, answer.body
    deployed.outcome(answer.body["receipt"])


def _skipped(deployed: Deployed, bird: Canary) -> None:
    assert deployed.message(deployed.send(_event(bird, "no-consent")).body["receipt"])["status"] == "skipped"


def _rejected(deployed: Deployed, bird: Canary) -> None:
    deployed.fault({"kind": "invented_amount", "contains": "gutter guards"})
    receipt = deployed.send(_event(bird, "good-referral", type="gutter guards")).body["receipt"]
    assert deployed.message(receipt)["status"] == "rejected"


def _violation(deployed: Deployed, bird: Canary) -> None:
    event = _event(bird, "good-referral")
    customer = event["data"]["customer"]
    customer |= {"name": [bird.first_name, bird.last_name], "phone": {bird.phone: bird.email}, bird.email: bird.street}
    customer["service_history"] = [{bird.comment_word: bird.comment}, bird.comment]
    assert deployed.send(event).status == 422
    body = json.dumps(event)[:-1]
    assert events.send(deployed.url, deployed.secret, body, event_id=events.new_event_id()).status == 400


def _forged(deployed: Deployed, bird: Canary) -> None:
    body = json.dumps(_event(bird, "good-referral"))
    forged = {"event_id": f"msg_{bird.mailbox}", "forged": True}
    assert events.send(deployed.url, deployed.secret, body, **forged).status == 401
    elsewhere = f"{deployed.stack.api_url}/webhook/{bird.mailbox}"
    assert events.send(elsewhere, deployed.secret, body, **forged).status == 401
    headers = {"Content-Type": "application/json", "webhook-signature": bird.email, "webhook-timestamp": bird.phone}
    assert requests.post(deployed.url, data=body, headers=headers, timeout=30).status_code == 401


def _malformed(deployed: Deployed, bird: Canary) -> None:
    """A model that repeats a person in an answer that can't be used."""
    said = f"Dear {bird.first_name} {bird.last_name}, {bird.comment} {{{bird.email}"
    deployed.fault({"kind": "answer", "text": said, "contains": "moss control", "role": "writer"})
    receipt = deployed.send(_event(bird, "good-referral", type="moss control")).body["receipt"]
    assert deployed.outcome(receipt)["status"] == "MalformedOutput"


def _failing(deployed: Deployed, bird: Canary, state: str) -> None:
    """A run that fails in a state, with the person in what the failing service says where it can be told to."""
    table = {"Validate": "CONTACTS_TABLE", "Enrich": "FEATURES_TABLE", "Store": "MESSAGES_TABLE"}.get(state)
    event = _event(bird, "good-referral", type=f"dethatching {state.lower()}")
    if table:
        with deployed.given(f"Outreach{state}Function", **{table: f"none-{bird.mailbox}"}):
            receipt = deployed.send(event).body["receipt"]
            outcome = deployed.outcome(receipt)
    else:
        operation = {"operation": "Retrieve"} if state == "Retrieve" else {"role": "judge"}
        where = {} if state == "Retrieve" else {"contains": "dethatching judge"}
        deployed.fault({"kind": "access_denied", "text": bird.comment, "times": 1, **operation, **where})
        receipt = deployed.send(event).body["receipt"]
        outcome = deployed.outcome(receipt)
    assert outcome["kind"] == "failure", (state, outcome)
    failure = deployed.item("EventRecords", record=receipt.replace(".", "#", 1), part="failure#1")
    assert failure["state"] == state


def _broken_records(deployed: Deployed, bird: Canary) -> None:
    """Bodies that no door lets in: one that breaks the contract, and one that breaks our own reading of it."""
    table, dynamodb = deployed.stack.outputs["EventRecords"], deployed.stack.dynamodb
    records = EventRecords(table=table, retention_days=30, dynamodb=dynamodb)
    machine = deployed.stack.outputs["OutreachStateMachineArn"]
    for name, body, error in (("a", json.dumps({"type": bird.email, "data": bird.comment}), "InvalidEvent"),
                              ("b", f"{{{bird.comment}", "UnexpectedError")):  # fmt: skip
        reference = EventReference(deployed.tenant, FIRST_SOURCE, f"msg_broken_{name}", "service.completed")
        records.record(reference, body, payload_hash="none", now=datetime.now(UTC))
        deployed.stack.client("stepfunctions").start_execution(
            stateMachineArn=machine, name=reference.execution_name, input=json.dumps(asdict(reference))
        )
        assert deployed.outcome(reference.receipt)["status"] == error


def _defect(deployed: Deployed, bird: Canary, sent_before: Canary) -> None:
    """An exception that nobody foresaw, whose message quotes a person: a name where a date should be."""
    [good] = [item for item in deployed.items("OutreachMessages") if item["customerId"] == sent_before.customer_id]
    records = EventRecords(
        table=deployed.stack.outputs["EventRecords"], retention_days=30, dynamodb=deployed.stack.dynamodb
    )
    reference = EventReference(deployed.tenant, FIRST_SOURCE, good["eventId"], "service.completed")
    prepared = records.prepared(reference, now=datetime.now(UTC))
    broken = replace(reference, event_id="msg_defect")
    prepared["identity"]["facts"] = [{"slot": "customer.first_name", "kind": "date", "value": bird.first_name}]
    records.keep_prepared(broken, prepared, now=datetime.now(UTC))
    state = json.loads((ROOT / "events/outreach/generate.json").read_text()) | asdict(broken)
    state["request"] |= {"brand": good["brand"], "agents": good["agents"]}
    name = physical(deployed.stack, "OutreachGenerateFunction")
    answer = deployed.stack.client("lambda").invoke(FunctionName=name, Payload=json.dumps(state))
    said = answer["Payload"].read().decode()
    assert json.loads(said)["errorType"] == "UnexpectedError", said
    assert found_in(said, [bird]) == []


def _undelivered(deployed: Deployed, bird: Canary) -> None:
    """An event that can't be started, and a failure that can't be recorded: both reach their dead letters."""
    sqs, queue = deployed.stack.client("sqs"), deployed.stack.outputs["OutreachQueueUrl"]
    nowhere = deployed.stack.outputs["OutreachStateMachineArn"] + "-none"
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"VisibilityTimeout": "0"})
    try:
        # Without slots: one for a run of a machine that isn't there is never freed.
        with deployed.given("OutreachStartExecutionFunction", STATE_MACHINE_ARN=nowhere, MAX_OPEN_EXECUTIONS="0"):
            assert deployed.send(_event(bird, "good-referral")).status == 202
            _wait_for_message(deployed, deployed.stack.outputs["OutreachDeadLettersUrl"])
    finally:
        sqs.set_queue_attributes(QueueUrl=queue, Attributes={"VisibilityTimeout": "180"})


def _wait_for_message(deployed: Deployed, queue: str) -> None:
    sqs = deployed.stack.client("sqs")
    count = "ApproximateNumberOfMessages"

    def there() -> bool:
        attributes = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=[count])["Attributes"]
        return int(attributes[count]) > 0

    deployed.until(there, f"a message in {queue}")


# ── Everywhere ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _may_hold(item: dict[str, Any]) -> set[str]:
    """The attributes of an item that may hold personal data."""
    if str(item.get("part", "")).partition("#")[0] in {"body", "prepared"}:
        return set(item) - {"record", "part"}
    return SENT if "messageId" in item else set()


def _everywhere(deployed: Deployed) -> Iterator[tuple[str, str]]:
    for look in (everywhere.logs, everywhere.metrics, everywhere.executions, everywhere.queues, everywhere.parameters,
                 everywhere.objects, everywhere.vectors):  # fmt: skip
        yield from look(deployed)
    yield from everywhere.items(deployed, may_hold=_may_hold)


def test_no_canary_is_found_anywhere_but_where_it_may_be(
    deployed: Deployed, sent: list[Canary], overheard: Callable[[], list[str]]
) -> None:
    extra = [canary(20), canary(21), canary(22)]
    _broken_records(deployed, extra[0])
    _undelivered(deployed, extra[1])
    _defect(deployed, extra[2], sent[0])
    birds, places, leaks = [*sent, *extra], set(), set()
    heard = [("bus", message) for message in overheard()]
    for place, text in [*_everywhere(deployed), *heard]:
        places.add(place.split()[0])
        # A recording may hold a comment, but nothing in it that identifies.
        recording = deployed.stack.outputs["Recordings"] in place
        leaks |= {(place, what) for what in found_in(text, birds, comments=not recording)}
    assert sorted(leaks) == []
    assert places == {"log", "metrics", "execution", "queue", "parameters", "object", "vector", "table", "bus"}
    assert len(heard) > len(sent)


def test_the_canaries_did_go_through(deployed: Deployed, sent: list[Canary]) -> None:
    """Where personal data may be, they are: the search looks in the right account, and finds."""
    bird = sent[0]
    records = as_text(deployed.items("EventRecords"))
    [message] = [item for item in deployed.items("OutreachMessages") if item["customerId"] == bird.customer_id]
    [recording] = [item for item in deployed.items("Recordings") if item["recording"] == message["message"]]
    assert len(found_in(records, [bird])) == 8
    assert message["recipient"] == bird.email
    assert bird.first_name in message["text"]
    assert found_in(recording["material"], [bird]) == [f"comment of {bird.customer_id}"]


def test_every_stored_text_of_a_message_is_what_a_sender_needs(deployed: Deployed, sent: list[Canary]) -> None:
    for message in deployed.items("OutreachMessages"):
        named = {name for name, value in message.items() if found_in(as_text(value), sent)}
        assert named <= SENT, named
