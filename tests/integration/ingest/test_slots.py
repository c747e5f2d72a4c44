"""A run takes its slot before it starts, and frees it however it ends; what gets none waits in the queue."""

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from agent_platform.ingest.slots import Slots
from agent_platform.items import from_item
from agent_platform.references import EventReference

from tests.integration import stack as module
from tests.integration.open_events import let_time_pass
from tests.integration.permissions import noting, refused

START, RELEASE, RECONCILE = "OutreachStartExecutionFunction", "ReleaseSlotsFunction", "ReconcileFunction"


@pytest.fixture
def few(monkeypatch):
    """Two slots only."""
    monkeypatch.setitem(module.PARAMETERS, "MaxOpenExecutions", 2)


def rows(stack):
    return [row for row in stack.items("AdmissionTable") if row["series"].endswith("#slots")]


def holders(stack):
    return {row["subject"] for row in rows(stack) if row["series"] == "greenedge#slots"}


def board(stack):
    (row,) = [row for row in rows(stack) if (row["series"], row["subject"]) == ("platform#slots", "outreach")]
    return row


def delayed(stack):
    """What waits in the queue with a delay, delivered at once."""
    sent = [call.parameters for call in stack.clients.calls if str(call) == "sqs:SendMessageBatch"]
    return [entry for request in sent for entry in request["Entries"]]


def name(event_id):
    return EventReference("greenedge", "greenedge-crm", event_id, "service.completed").execution_name


def stop(stack, execution_name):
    states = stack.clients("stepfunctions")
    machine = stack.environment(START)["STATE_MACHINE_ARN"]
    states.stop_execution(executionArn=f"{machine.replace(':stateMachine:', ':execution:')}:{execution_name}")


def test_what_gets_no_slot_is_sent_again_with_a_delay_and_reported_as_done(stack, few, accepted):
    assert stack.invoke(START, accepted("msg_1", "msg_2", "msg_3")) == {"batchItemFailures": []}
    assert len(stack.executions()) == 2
    (entry,) = delayed(stack)
    assert json.loads(entry["MessageBody"])["detail"]["event_type"] == "service.completed"
    assert 1 <= entry["DelaySeconds"] <= 2
    assert entry["MessageGroupId"] == "greenedge"
    assert (board(stack)["held"], list(board(stack)["waiting"])) == ({"greenedge": 2}, ["greenedge"])


def test_it_keeps_since_when_it_waits_and_starts_when_a_slot_is_free(stack, few, accepted, monkeypatch):
    queued = accepted("msg_1", "msg_2", "msg_3")
    stack.invoke(START, queued)
    (entry,) = delayed(stack)
    attributes = {key: {"stringValue": each["StringValue"]} for key, each in entry["MessageAttributes"].items()}
    assert attributes["waitedSince"]["stringValue"] in {
        each["attributes"]["SentTimestamp"] for each in queued["Records"]
    }
    again = {"Records": [{"messageId": "again", "body": entry["MessageBody"], "messageAttributes": attributes}]}

    stack.invoke(START, again)
    (entry_again,) = delayed(stack)
    assert entry_again["MessageAttributes"] == entry["MessageAttributes"]

    ended = next(iter(holders(stack)))
    stop(stack, ended)
    slots_of(stack).free("greenedge", ended)
    assert stack.invoke(START, again) == {"batchItemFailures": []}
    assert delayed(stack) == []
    assert len(stack.executions()) == 3


def slots_of(stack):
    return Slots(table="AdmissionTable", dynamodb=stack.clients("dynamodb"), pause=lambda _: None)


def test_waiting_is_measured_and_so_is_what_started(stack, few, accepted, capsys):
    stack.invoke(START, accepted("msg_1", "msg_2", "msg_3"))
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    metrics = [line for line in said if "_aws" in line and line["workflow"] == "outreach"]
    assert [line["SlotsTaken"] for line in metrics if "SlotsTaken" in line] == [[2]]
    assert len([line for line in metrics if "StillWaiting" in line]) == 1
    assert len([line for line in metrics if "StartWait" in line]) == 2
    (waits,) = [line for line in said if line.get("message") == "waits for a slot"]
    assert (waits["messages"], waits["tenants"]) == (1, ["greenedge"])


def test_without_a_limit_no_slot_is_taken(stack, accepted, monkeypatch):
    monkeypatch.setitem(module.PARAMETERS, "MaxOpenExecutions", 0)
    stack.invoke(START, accepted("msg_1", "msg_2", "msg_3"))
    assert (len(stack.executions()), rows(stack)) == (3, [])


def test_what_the_queue_does_not_take_again_comes_back_and_the_others_start(stack, few, accepted):
    queued = accepted("msg_1", "msg_2", "msg_3")
    stack.clients.fail("sqs:SendMessageBatch")
    stack.clients.fail("sqs:SendMessageBatch")
    stack.clients.fail("sqs:SendMessageBatch")
    (failed,) = stack.invoke(START, queued)["batchItemFailures"]
    assert failed["itemIdentifier"] in {each["messageId"] for each in queued["Records"]}
    assert len(stack.executions()) == 2


def test_where_slots_can_t_be_read_every_message_comes_back(stack, few, accepted, capsys):
    queued = accepted("msg_1", "msg_2")
    stack.clients.fail("dynamodb:GetItem", "AccessDeniedException", 400)
    assert len(stack.invoke(START, queued)["batchItemFailures"]) == 2
    assert capsys.readouterr().out.count('"not started"') == 2
    assert stack.executions() == []


def test_a_message_that_is_delivered_twice_takes_one_slot(stack, few, accepted):
    queued = accepted("msg_1")
    stack.invoke(START, {"Records": [*queued["Records"], {**queued["Records"][0], "messageId": "double"}]})
    stack.invoke(START, queued)
    assert (len(stack.executions()), board(stack)["held"]) == (1, {"greenedge": 1})


def test_a_message_of_a_run_that_is_over_frees_what_it_took(stack, few, accepted):
    queued = accepted("msg_1")
    stack.invoke(START, queued)
    stop(stack, name("msg_1"))
    slots_of(stack).free("greenedge", name("msg_1"))
    stack.invoke(START, queued)
    assert (board(stack)["held"], holders(stack)) == ({}, set())


def status_change(stack, event_id):
    (started,) = stack.executions()
    machine = stack.environment(START)["STATE_MACHINE_ARN"]
    arn = f"{machine.replace(':stateMachine:', ':execution:')}:{name(event_id)}"
    return {"detail": {"executionArn": arn, "status": "ABORTED", "input": json.dumps(started["input"])}}


def test_a_run_that_failed_frees_its_slot(stack, accepted):
    stack.invoke(START, accepted("msg_1"))
    stack.clients.answer("states:GetExecutionHistory", {"events": []})
    stack.invoke("RecordFailureFunction", status_change(stack, "msg_1"))
    assert holders(stack) == set()


def test_a_failure_is_recorded_though_its_slot_can_t_be_freed(stack, accepted, capsys):
    stack.invoke(START, accepted("msg_1"))
    change = status_change(stack, "msg_1")
    stack.clients.answer("states:GetExecutionHistory", {"events": []})
    denied = {"Error": {"Code": "AccessDeniedException", "Message": ""}, "ResponseMetadata": {}}

    def refuse(model, params, **_):
        about_a_slot = model.name == "TransactWriteItems" and b"AdmissionTable" in params["body"]
        return (SimpleNamespace(status_code=400), denied) if about_a_slot else None

    calls = stack.clients("dynamodb").meta.events
    calls.register_first("before-call", refuse)
    try:
        stack.invoke("RecordFailureFunction", change)
    finally:
        calls.unregister("before-call", refuse)
    assert "slot not freed" in capsys.readouterr().out
    assert [item for item in stack.items("EventRecordsTable") if item["part"] == "failure#1"]
    assert holders(stack) == {name("msg_1")}


def age(stack, **by):
    """Let every slot that is held have been taken so long ago."""
    for row in rows(stack):
        if "takenAt" in row:
            stack.clients("dynamodb").update_item(
                TableName="AdmissionTable",
                Key={"series": {"S": row["series"]}, "subject": {"S": row["subject"]}},
                UpdateExpression="SET takenAt = :then",
                ExpressionAttributeValues={":then": {"S": (datetime.now(UTC) - timedelta(**by)).isoformat()}},
            )


def test_the_sweep_frees_what_leaked_and_leaves_what_runs(stack, accepted):
    stack.invoke(START, accepted("msg_1", "msg_2"))
    stop(stack, name("msg_1"))
    stack.invoke(RELEASE, {})
    assert len(holders(stack)) == 2, "both are new"
    age(stack, minutes=6)
    stack.invoke(RELEASE, {})
    assert (holders(stack), board(stack)["held"]) == ({name("msg_2")}, {"greenedge": 1})


def test_what_waits_is_neither_published_again_nor_given_up(stack, few, accepted):
    stack.invoke(START, accepted("msg_1", "msg_2", "msg_3"))
    assert published_by_a_sweep(stack) == 0

    forget_waiting(stack)
    assert published_by_a_sweep(stack) == 1, "who waits no more has lost it"


def published_by_a_sweep(stack):
    let_time_pass(stack)
    stack.invoke(RECONCILE, {})
    return [str(call) for call in stack.clients.calls].count("events:PutEvents")


def forget_waiting(stack):
    key = {"series": {"S": "platform#slots"}, "subject": {"S": "outreach"}}
    row = stack.clients("dynamodb").get_item(TableName="AdmissionTable", Key=key)["Item"]
    assert from_item(row)["waiting"]
    stack.clients("dynamodb").put_item(TableName="AdmissionTable", Item=row | {"waiting": {"M": {}}})


def test_what_slots_take_is_allowed(stack, few, accepted, monkeypatch):
    asked = noting(stack, monkeypatch)
    stack.invoke(START, accepted("msg_1", "msg_2", "msg_3"))
    age(stack, minutes=6)
    stack.invoke(RELEASE, {})
    stack.invoke(RECONCILE, {})
    assert refused({each: asked[each] for each in (START, RELEASE, RECONCILE)}) == {}
    assert ("sqs:SendMessage", None) in asked[START]
