"""Fifty people go the whole way through the deployed stack, are forgotten, and are then looked for everywhere."""

import json
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from agent_platform.features.store import FeatureStore
from agent_platform.features.views import Value
from agent_platform.ingest.events import EventRecords
from agent_platform.items import to_item
from agent_platform.moments import iso
from agent_platform.references import EventReference
from agent_platform.tenants import customer_reference
from outreach.contacts import Contacts
from outreach.erasure.person import Person
from outreach.features.views import CUSTOMER_VIEW

from operations import events
from operations.erasure.estate import Estate
from operations.erasure.receipt import forget
from operations.erasure.stores import stores_of
from tests.builders import outcome_recorded
from tests.campaigns.conftest import whole_only
from tests.canaries import Canary, as_text, canary, found_in
from tests.integration.conftest import _clients, stack
from tests.integration.stack import Stack
from tests.workflow import everywhere
from tests.workflow.deployed import Deployed

__all__ = ["_clients", "stack"]

PEOPLE, FIRST = 50, 200
# Fewer than it takes to forget one of them, so that most are killed and some are not.
CALLS_ON_AVERAGE = 12
TENANT, KEY, LATER = "greenedge", b"k" * 64, 4_000_000_000
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def event_of(bird: Canary) -> dict[str, Any]:
    """A service of theirs that went well."""
    return bird.in_place_of_the_customer(json.loads(events.sample("good-referral")))


def estate_of(deployed: Deployed, bird: Canary) -> Estate:
    """All that the stack has of them."""
    key = deployed.stack.reference_key
    reference = customer_reference(deployed.tenant, bird.customer_id, key=key)
    return Estate(deployed.stack, Person(deployed.tenant, reference, key), datetime.now(UTC))


def places(deployed: Deployed) -> Iterator[tuple[str, str]]:
    """Everywhere, without exception."""
    for look in (everywhere.logs, everywhere.metrics, everywhere.executions, everywhere.queues, everywhere.parameters,
                 everywhere.objects, everywhere.vectors, everywhere.items):  # fmt: skip
        yield from look(deployed)


def traces(deployed: Deployed, birds: list[Canary]) -> set[str]:
    """Where any of them is named, by the kind of place."""
    return {" ".join(place.split()[:2]) for place, text in places(deployed) if found_in(text, birds)}


@whole_only
def test_fifty_people_leave_no_trace_but_the_reference(deployed: Deployed, tell: Callable[[str], None]) -> None:
    birds = [canary(FIRST + number) for number in range(PEOPLE)]
    # An event's id names nobody: it stands in logs and histories.
    receipts = [deployed.send(event_of(bird), f"msg_{number}").body["receipt"] for number, bird in enumerate(birds)]
    stored = [deployed.message(receipt) for receipt in receipts]
    for message in stored[::2]:
        for kind in ("sent", "booked"):
            told = outcome_recorded(message_id=message["messageId"], outcome=kind, time=iso(datetime.now(UTC)))
            assert deployed.send(told).status == 202
    deployed.until(lambda: len([each for each in deployed.items("OutreachMessages") if "booked" in
                                each.get("outcomes", {})]) >= PEOPLE // 2 or None, "the outcomes")  # fmt: skip
    before = traces(deployed, birds)
    tell(f"{PEOPLE} people, {len(stored)} messages; named before in {', '.join(sorted(before))}")
    assert len(before) >= 2

    for bird in birds:
        estate = estate_of(deployed, bird)
        assert estate.open_records == []
        forget(stores_of(estate))

    assert traces(deployed, birds) == set()
    references = [estate_of(deployed, bird).person.reference for bird in birds]
    left = {place.split()[1] for place, text in everywhere.items(deployed)
            if any(reference in text for reference in references)}  # fmt: skip
    assert left == {deployed.stack.outputs["OutreachContacts"]}
    _send_again(deployed, birds, receipts)
    tell("forgotten: 0 traces; each event sent again is a duplicate, each new one a skip")


def _send_again(deployed: Deployed, birds: list[Canary], receipts: list[str]) -> None:
    """The same events are duplicates, and new ones no occasion to write; what is kept of these is gone in a day."""
    soon = datetime.now(UTC) + timedelta(days=1, minutes=10)
    for number, (bird, receipt) in enumerate(zip(birds, receipts, strict=True)):
        again = deployed.send(event_of(bird), f"msg_{number}")
        assert (again.status, again.body["receipt"]) == (202, receipt)
        message = deployed.message(deployed.send(event_of(bird)).body["receipt"])
        assert message["status"] == "skipped"
        assert message["skip"]["reason"] == "suppressed"
    kept = [item for item in deployed.items("EventRecords") if found_in(as_text(item), birds)]
    assert {item["part"] for item in kept} == {"body"}
    assert all(item["expiresAt"] <= soon.timestamp() for item in kept)


class Killed(BaseException):
    """A process ends in the middle of a call."""


def test_however_often_forgetting_is_killed_it_comes_to_its_end(stack, trials, seed, tell):
    """Events, messages, contacts and features of many people, each forgotten by a process that is killed anywhere."""
    draw, people, kills = random.Random(seed), trials(6, 60), 0
    dynamodb = stack.clients("dynamodb")
    references = [customer_reference(TENANT, f"crm-{number}", key=KEY) for number in range(people)]
    for number, reference in enumerate(references):
        _live(dynamodb, number, reference, events=draw.randint(1, 3))
    for reference in references[: people // 2]:
        while not _forgotten(stack, reference, calls=int(draw.expovariate(1 / CALLS_ON_AVERAGE))):
            kills += 1

    text = json.dumps({name: rows for name, rows in stack.contents().items() if name != "OutreachContactsTable"})
    gone, others = references[: people // 2], references[people // 2 :]
    assert [each for number, each in enumerate(gone) if each in text or f'crm-{number}\\"' in text] == []
    assert all(each in text and f'crm-{number}\\"' in text for number, each in enumerate(others, start=people // 2))
    tell(f"seed {seed}: {people // 2} of {people} people forgotten, killed {kills} times: 0 traces")


def _live(dynamodb: Any, number: int, reference: str, *, events: int) -> None:
    records = EventRecords(table="EventRecordsTable", retention_days=90, dynamodb=dynamodb)
    contacts = Contacts(table="OutreachContactsTable", dynamodb=dynamodb)
    body = json.dumps({"type": "customer.updated", "data": {"customer": {"id": f"crm-{number}"}}})
    for which in range(events):
        event = EventReference(TENANT, "a-crm", f"msg_{number}_{which}", "customer.updated")
        records.record(event, body, payload_hash="a-hash", now=NOW)
        message = {"message": f"{TENANT}#{event.execution_name}", "messageId": event.execution_name, "tenant": TENANT,
                   "storedAt": f"{iso(NOW)}#{event.execution_name}", "asOf": iso(NOW), "customer": reference,
                   "receipt": event.receipt, "expiresAt": LATER}  # fmt: skip
        dynamodb.put_item(TableName="OutreachMessagesTable", Item=to_item(message))
        dynamodb.transact_write_items(TransactItems=[contacts.addressed(message)])
    FeatureStore(table="FeatureStoreTable", dynamodb=dynamodb).write(
        TENANT, reference, CUSTOMER_VIEW, {"service_count": Value(3, None, iso(NOW))}, event_time=iso(NOW),
        expires_at=LATER,
    )  # fmt: skip


def _forgotten(stack: Stack, reference: str, *, calls: int) -> bool:
    """Forget one, killed before the call after so many; whether it came to its end."""
    left = iter(range(calls))

    def mortal(**_: Any) -> None:
        if next(left, None) is None:
            raise Killed

    hooks = stack.clients("dynamodb").meta.events
    hooks.register_first("before-call", mortal)
    try:
        forget(stores_of(Estate(_seen_by_operations(stack), Person(TENANT, reference, KEY), NOW)))
    except Killed:
        return False
    finally:
        hooks.unregister("before-call", mortal)
    return True


def _seen_by_operations(stack: Stack) -> Any:
    tables = {"EventRecords": "EventRecordsTable", "OutreachMessages": "OutreachMessagesTable",
              "Reviews": "ReviewTable", "OutreachContacts": "OutreachContactsTable",
              "OutreachCases": "OutreachCasesTable", "Recordings": "RecordingsTable",
              "Experiments": "ExperimentsTable", "CustomerFeatures": "FeatureStoreTable"}  # fmt: skip
    others = {"Cases": "casesbucket", "Evaluations": "evaluationsbucket", "Inbox": "inboxbucket",
              "ProfilesIndexArn": stack.profiles_index,
              "EmbeddingSpace": "amazon.titan-embed-text-v2:0/256"}  # fmt: skip
    dynamodb = stack.clients("dynamodb")
    records = EventRecords(table="EventRecordsTable", retention_days=90, dynamodb=dynamodb)
    return SimpleNamespace(outputs=tables | others, parameters={"RetentionDays": "90"}, client=stack.clients,
                           dynamodb=dynamodb, records=records)  # fmt: skip
