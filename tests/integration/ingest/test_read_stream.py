import json
from datetime import UTC, datetime, timedelta

import pytest
from agent_platform.ingest.sources import new_secret

from tests.builders import customer, service, service_completed
from tests.integration.crm import SHARD, Producer

HOUR = timedelta(hours=1)
READER = "ReadStreamFunction"


@pytest.fixture
def producer(crm):
    """GreenEdge's system, with the same secret as its webhook's sender."""
    return Producer(crm.source, crm.secret)


@pytest.fixture
def read(stack):
    """Let the reader have a batch; the sequence number that Lambda is to go on from, or None."""

    def batch(*records):
        failed = stack.invoke(READER, {"Records": list(records)})["batchItemFailures"]
        return failed[0]["itemIdentifier"] if failed else None

    return batch


def recorded(stack):
    receipts = [item for item in stack.items("EventRecordsTable") if item["part"] == "receipt"]
    return sorted(item["eventId"] for item in receipts)


def published(stack):
    return [json.loads(message["body"])["detail"] for message in stack.queued()["Records"]]


def refused(stack):
    return [json.loads(message["body"]) for message in stack.queued("StreamRefusals")["Records"]]


def test_a_batch_is_recorded_and_published_in_its_order_as_the_webhook_does_it(stack, crm, producer, read):
    assert read(*(producer.record(service_completed()) for _ in range(3))) is None

    assert recorded(stack) == ["msg_1", "msg_2", "msg_3"]
    asked = [call.parameters for call in stack.clients.calls if call.operation == "PutEvents"]
    assert [json.loads(each["Entries"][0]["Detail"])["event_id"] for each in asked] == ["msg_1", "msg_2", "msg_3"]
    assert {detail["tenant"] for detail in published(stack)} == {"greenedge"}
    assert refused(stack) == []
    again = stack.invoke("ReceiveWebhookFunction", crm.post(service_completed(), event_id="msg_2"))
    assert again["statusCode"] == 202
    assert recorded(stack) == ["msg_1", "msg_2", "msg_3"], "by either way, an event happens once"


def test_a_record_that_lay_there_for_a_day_is_as_genuine_as_when_it_came(stack, producer, read):
    assert read(producer.record(service_completed(), waited=timedelta(days=1))) is None
    assert recorded(stack) == ["msg_1"]


REFUSED = {
    "not JSON": (400, lambda producer: producer.raw("{")),
    "not UTF-8": (400, lambda producer: producer.raw(b"\xff\xfe{}")),
    "nested without end": (400, lambda producer: producer.raw("[" * 100_000)),
    "no object": (400, lambda producer: producer.raw("[]")),
    "no body": (400, lambda producer: producer.record(service_completed(), body=None)),
    "a header that is no text": (400, lambda producer: producer.record(service_completed(), headers={"webhook-id": 5})),
    "half a character": (400, lambda producer: producer.record(service_completed(), body="\ud800")),
    "an event that is not JSON": (400, lambda producer: producer.record("{")),
    "signed an hour before it came": (401, lambda producer: producer.record(service_completed(), late=HOUR)),
    "signed an hour after it came": (401, lambda producer: producer.record(service_completed(), late=-HOUR)),
    "signed when it is read": (401, lambda producer: producer.record(service_completed(), waited=HOUR, late=-HOUR)),
    "another body than was signed": (401, lambda producer: producer.record(service_completed(), body="{}")),
    "another's signature": (401, lambda producer: Producer(producer.source, new_secret()).record(service_completed())),
    "an unknown source": (401, lambda producer: Producer("nobody", producer.secret).record(service_completed())),
    "no headers": (401, lambda producer: producer.record(service_completed(), headers={})),
    "a timestamp out of time": (
        401,
        lambda producer: producer.record(
            service_completed(),
            headers={"webhook-id": "m", "webhook-timestamp": "1e300", "webhook-signature": "v1,é \ud800"},
        ),
    ),
    "an id with a dot": (401, lambda producer: producer.record(service_completed(), event_id="msg.1")),
    "too large": (413, lambda producer: producer.record(json.dumps(service_completed()) + " " * 131_072)),
    "a broken contract": (422, lambda producer: producer.record(service_completed(customer={"name": "Maria"}))),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_is_told_by_its_place_without_its_content_and_holds_nobody_up(
    stack, producer, read, name, capsys
):
    status, made = REFUSED[name]
    before, poisoned = producer.record(service_completed(), event_id="before"), made(producer)

    assert read(before, poisoned, producer.record(service_completed(), event_id="after")) is None

    assert recorded(stack) == ["after", "before"]
    [told] = refused(stack)
    assert told["status"] == status
    assert (told["shard"], told["first"], told["last"]) == (SHARD, *[poisoned["kinesis"]["sequenceNumber"]] * 2)
    assert datetime.fromisoformat(told["arrived_at"]) <= datetime.now(UTC)
    said = json.dumps(told) + capsys.readouterr().out
    assert not [value for value in ("Maria", "crm-77", "maria.oliveira", producer.secret) if value in said]


def test_every_problem_is_told(stack, producer, read):
    read(producer.record(service_completed(), source=7, headers=[]))
    badly = customer(service(satisfaction="Oliveira-ten"), email=["maria@secret.example"])
    read(producer.record(service_completed(customer=badly, service=service(price={"amount": "hidden-45"}))))

    envelope, event = refused(stack)
    assert [each["pointer"] for each in envelope["errors"]] == ["/source", "/headers"]
    assert {each["pointer"] for each in event["errors"]} == {
        "/data/customer/email",
        "/data/customer/service_history/0/satisfaction",
        "/data/service/price",
    }
    assert "hidden-45" not in json.dumps(event)


def test_of_more_problems_than_a_message_has_room_for_it_tells_how_many_there_are(stack, producer, read):
    wrong = {name: [] for name in ("id", "type", "date", "price", "satisfaction", "comment")}

    assert read(producer.record(service_completed(customer=customer(*[wrong] * 500))), producer.record("{")) is None

    told, after = refused(stack)
    assert (told["status"], after["status"]) == (422, 400)
    *listed, last = told["errors"]
    assert last["expected"] == f"and {3_000 - len(listed):,} more problems, for which there is no room"


def test_another_body_under_a_known_id_is_told_too(stack, producer, read):
    read(producer.record(service_completed(), event_id="once"), producer.record({"type": "x"}, event_id="once"))
    read(producer.record(json.dumps(service_completed(), indent=1), event_id="once"))

    assert [each["status"] for each in refused(stack)] == [422, 409]


FAULTS = {
    "the source can't be read": ("dynamodb:GetItem", "InternalServerError", 500),
    "the record is throttled": ("dynamodb:TransactWriteItems", "ThrottlingException", 400),
    "the record is not allowed": ("dynamodb:TransactWriteItems", "AccessDeniedException", 400),
    "the bus is down": ("events:PutEvents", "InternalException", 500),
}


@pytest.mark.parametrize("name", FAULTS)
def test_where_aws_fails_reading_stops_and_goes_on_from_there_in_order(stack, producer, read, name):
    records = [producer.record(service_completed()) for _ in range(3)]
    assert read(records[0]) is None
    call, code, status = FAULTS[name]
    stack.clients.fail(call, code, status)

    failed = read(*records[1:])

    assert failed == records[1]["kinesis"]["sequenceNumber"]
    assert "msg_3" not in recorded(stack), "its customer's events would be out of order"
    assert read(*records[1:]) is None
    assert recorded(stack) == ["msg_1", "msg_2", "msg_3"]
    assert len({detail["event_id"] for detail in published(stack)}) == 3
    assert refused(stack) == []


def test_a_refusal_that_can_t_be_kept_is_tried_again(stack, producer, read):
    stack.clients.fail("sqs:SendMessage", "ServiceUnavailable", 503)
    poisoned = producer.raw("{")

    assert read(poisoned) == poisoned["kinesis"]["sequenceNumber"]
    assert read(poisoned) is None
    assert len(refused(stack)) == 1


@pytest.mark.usefixtures("defective")
def test_a_defect_of_ours_is_told_by_its_type_and_holds_nobody_up(stack, producer, read):
    assert read(producer.record(service_completed(), event_id="poison"), producer.record(service_completed())) is None

    assert recorded(stack) == ["msg_2"]
    [told] = refused(stack)
    assert (told["status"], told["detail"]) == (500, "KeyError: a defect of ours.")
