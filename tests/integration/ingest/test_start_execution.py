import json
from dataclasses import asdict, replace

import pytest
from agent_platform.references import EventReference

START = "OutreachStartExecutionFunction"


def receipts(stack):
    return {item["eventId"]: item for item in stack.items("EventRecordsTable") if item["part"] == "receipt"}


def message(detail, message_id="poison"):
    return {"messageId": message_id, "body": detail if isinstance(detail, str) else json.dumps({"detail": detail})}


def test_each_message_starts_one_execution_with_a_reference_and_nothing_more(stack, accepted):
    assert stack.invoke(START, accepted("msg_1", "msg_2")) == {"batchItemFailures": []}
    started = {each["name"]: each["input"] for each in stack.executions()}
    expected = [EventReference("greenedge", "greenedge-crm", name, "service.completed") for name in ("msg_1", "msg_2")]
    assert started == {reference.execution_name: asdict(reference) for reference in expected}


def test_the_receipt_says_that_it_started_and_where(stack, accepted):
    stack.invoke(START, accepted("msg_1"))
    receipt, (execution,) = receipts(stack)["msg_1"], stack.executions()
    assert receipt["run"] == 1
    assert receipt["executionArn"].endswith(f":execution:OutreachStateMachine:{execution['name']}")
    states = stack.clients("stepfunctions")
    assert states.describe_execution(executionArn=receipt["executionArn"])["name"] == execution["name"]


def test_a_redelivered_message_starts_nothing_twice(stack, accepted):
    queued = accepted("msg_1")
    assert stack.invoke(START, queued) == stack.invoke(START, queued) == {"batchItemFailures": []}
    assert len(stack.executions()) == 1


def test_a_name_that_is_taken_is_a_success_and_the_receipt_is_marked(stack, accepted):
    queued = accepted("msg_1")
    stack.clients.fail("states:StartExecution", "ExecutionAlreadyExists", 400)
    assert stack.invoke(START, queued) == {"batchItemFailures": []}
    assert "executionArn" in receipts(stack)["msg_1"]


POISON = {
    "not JSON": "{",
    "no detail": "{}",
    "a list": "[]",
    "no reference": json.dumps({"detail": {"tenant": "greenedge"}}),
    "null": json.dumps({"detail": None}),
}


@pytest.mark.parametrize("name", POISON)
def test_a_poison_message_alone_goes_back(stack, accepted, capsys, name):
    one, other = accepted("msg_1", "msg_2")["Records"]
    answer = stack.invoke(START, {"Records": [one, message(POISON[name]), other]})
    assert answer == {"batchItemFailures": [{"itemIdentifier": "poison"}]}
    assert len(stack.executions()) == 2
    assert '"queue_message":"poison"' in capsys.readouterr().out


FAULTS = [
    ("states:StartExecution", "ThrottlingException", 400, 0),
    ("states:StartExecution", "StateMachineDoesNotExist", 400, 0),
    ("dynamodb:UpdateItem", "ProvisionedThroughputExceededException", 400, 1),
]


@pytest.mark.parametrize(("call", "code", "status", "started"), FAULTS)
def test_a_message_that_could_not_be_started_comes_back_and_is_then_started_once(
    stack, accepted, call, code, status, started
):
    queued = accepted("msg_1")
    stack.clients.fail(call, code, status)
    (failed,) = stack.invoke(START, queued)["batchItemFailures"]
    assert failed == {"itemIdentifier": queued["Records"][0]["messageId"]}
    assert len(stack.executions()) == started

    assert stack.invoke(START, queued) == {"batchItemFailures": []}
    assert len(stack.executions()) == 1
    assert "executionArn" in receipts(stack)["msg_1"]


def test_a_second_run_has_a_name_of_its_own_and_a_late_first_one_leaves_its_mark_alone(stack, accepted):
    stack.invoke(START, accepted("msg_1"))
    (first,) = stack.executions()
    rerun = replace(EventReference.of(first["input"]), run=2)
    stack.invoke(START, {"Records": [message(asdict(rerun))]})
    assert receipts(stack)["msg_1"]["run"] == 2

    stack.invoke(START, {"Records": [message(first["input"])]})
    assert len(stack.executions()) == 2
    receipt = receipts(stack)["msg_1"]
    assert (receipt["run"], receipt["executionArn"].rpartition(":")[2]) == (2, rerun.execution_name)


def test_a_reference_to_an_event_that_was_never_recorded_makes_no_receipt(stack, capsys):
    detail = asdict(EventReference("greenedge", "greenedge-crm", "nowhere", "service.completed"))
    assert stack.invoke(START, {"Records": [message(detail)]}) == {"batchItemFailures": []}
    assert stack.items("EventRecordsTable") == []
