import json
import time
from dataclasses import asdict, replace

import pytest
from agent_platform.items import attribute
from agent_platform.references import EventReference

from tests.builders import service_completed

RECORD_FAILURE = "RecordFailureFunction"
FIRST = EventReference("greenedge", "greenedge-crm", "msg_1", "service.completed")
SECOND = replace(FIRST, run=2)
HISTORY = {
    "events": [
        {
            "id": 9,
            "type": "ExecutionFailed",
            "timestamp": 1.0,
            "executionFailedEventDetails": {"error": "ModelRefused"},
        },
        {"id": 8, "type": "LambdaFunctionFailed", "timestamp": 1.0, "lambdaFunctionFailedEventDetails": {}},
        {"id": 7, "type": "TaskStateEntered", "timestamp": 1.0, "stateEnteredEventDetails": {"name": "Generate"}},
        {"id": 2, "type": "TaskStateEntered", "timestamp": 1.0, "stateEnteredEventDetails": {"name": "Validate"}},
    ]
}


@pytest.fixture
def event(stack, crm):
    """A recorded event, of which runs may fail."""
    stack.invoke("ReceiveWebhookFunction", crm.post(service_completed()))
    return stack


def status_change(reference, *, status="FAILED", error="ModelRefused", message="converse: AccessDeniedException"):
    arn = f"arn:aws:states:us-east-1:123456789012:execution:outreach:{reference.execution_name}"
    detail = {
        "executionArn": arn,
        "stateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:outreach",
        "name": reference.execution_name,
        "status": status,
        "input": json.dumps(asdict(reference)),
        "error": error,
        "cause": json.dumps({"errorMessage": message, "errorType": error, "stackTrace": ["/var/task/app.py"]}),
    }
    return {"source": "aws.states", "detail-type": "Step Functions Execution Status Change", "detail": detail}


def fail(stack, reference, **changes):
    stack.clients.answer("states:GetExecutionHistory", HISTORY)
    return stack.invoke(RECORD_FAILURE, status_change(reference, **changes))


def part(stack, name):
    return next((item for item in stack.items("EventRecordsTable") if item["part"] == name), None)


def outcome(stack):
    return part(stack, "receipt").get("outcome")


def conclude_with_a_message(stack, reference):
    made = {"kind": "message", "run": reference.run, "status": "approved", "execution": reference.execution_name}
    stack.clients("dynamodb").update_item(
        TableName="EventRecordsTable",
        Key={"record": attribute(reference.record), "part": attribute("receipt")},
        UpdateExpression="SET outcome = :made",
        ExpressionAttributeValues={":made": attribute(made)},
    )
    return made


def test_a_failure_says_where_under_which_name_and_why(event):
    assert fail(event, FIRST) is None
    failure = part(event, "failure#1")
    assert (failure["state"], failure["error"], failure["cause"]) == (
        "Generate",
        "ModelRefused",
        "converse: AccessDeniedException",
    )
    assert (failure["status"], failure["current"], failure["run"], failure["tenant"]) == (
        "FAILED",
        True,
        1,
        "greenedge",
    )
    assert failure["execution"].endswith(FIRST.execution_name)
    assert outcome(event) == {
        "kind": "failure",
        "run": 1,
        "status": "ModelRefused",
        "execution": FIRST.execution_name,
    }


def test_the_history_is_read_backwards_and_without_its_data(event):
    fail(event, FIRST)
    (call,) = [call for call in event.clients.calls if call.operation == "GetExecutionHistory"]
    assert (call.parameters["reverseOrder"], call.parameters["includeExecutionData"]) == (True, False)


@pytest.mark.parametrize(("status", "error"), [("TIMED_OUT", "States.Timeout"), ("ABORTED", "Aborted")])
def test_a_run_that_timed_out_or_was_aborted_has_a_record_too(event, status, error):
    fail(event, FIRST, status=status, error=None)
    assert part(event, "failure#1")["error"] == error


def test_a_failure_record_and_its_log_line_hold_no_address(event, capsys):
    fail(event, FIRST, message="marisol@mail.example, +1 555 010 0199, was refused")
    said = json.dumps(part(event, "failure#1")) + capsys.readouterr().out
    assert "run failed" in said
    assert not [value for value in ("marisol", "010 0199") if value in said]


def test_a_failure_is_counted_and_by_its_errors_name(event, capsys):
    fail(event, FIRST)
    (counted,) = [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"_aws"' in line]
    (directive,) = counted["_aws"]["CloudWatchMetrics"]
    assert (counted["Failures"], counted["error"]) == ([1], "ModelRefused")
    assert sorted(map(sorted, directive["Dimensions"])) == [["error", "workflow"], ["workflow"]]


def test_what_could_not_be_recorded_is_not_counted(stack, capsys):
    with pytest.raises(Exception, match="no record"):
        fail(stack, FIRST)
    assert '"_aws"' not in capsys.readouterr().out


def test_a_failure_record_expires(event):
    fail(event, FIRST)
    days = (part(event, "failure#1")["expiresAt"] - time.time()) / 86_400
    assert 399 < days <= 400


def test_the_same_report_again_changes_no_outcome(event):
    fail(event, FIRST)
    before, failure = outcome(event), part(event, "failure#1")
    fail(event, FIRST)
    times = {"recordedAt", "expiresAt"}
    again = part(event, "failure#1")
    assert outcome(event) == before
    assert {name: again[name] for name in again.keys() - times} == {
        name: failure[name] for name in failure.keys() - times
    }


def test_a_redriven_run_that_fails_otherwise_is_told_as_it_failed_last(event):
    fail(event, FIRST)
    fail(event, FIRST, error="OutputTruncated")
    assert part(event, "failure#1")["error"] == "OutputTruncated"
    assert outcome(event)["status"] == "OutputTruncated"


def test_a_second_runs_failure_supersedes_the_first(event):
    fail(event, FIRST)
    fail(event, SECOND, error="OutputTruncated")
    assert (part(event, "failure#1")["current"], part(event, "failure#2")["current"]) == (False, True)
    assert (outcome(event)["run"], outcome(event)["status"]) == (2, "OutputTruncated")


def test_a_late_report_of_the_first_run_leaves_the_seconds_outcome(event):
    fail(event, SECOND)
    before = outcome(event)
    fail(event, FIRST)
    assert outcome(event) == before
    assert (part(event, "failure#1")["current"], part(event, "failure#2")["current"]) == (False, True)


@pytest.mark.parametrize("reference", [FIRST, SECOND], ids=["the same run", "a rerun"])
def test_a_current_message_stays(event, reference):
    message = conclude_with_a_message(event, FIRST)
    fail(event, reference)
    assert outcome(event) == message
    assert part(event, f"failure#{reference.run}")["current"] is False


def test_an_outcome_that_changes_meanwhile_makes_lambda_try_again(event):
    fail(event, FIRST)
    reasons = [{"Code": "None"}, {"Code": "ConditionalCheckFailed"}]
    event.clients.fail("dynamodb:TransactWriteItems", "TransactionCanceledException", 400, CancellationReasons=reasons)
    before = event.contents()
    with pytest.raises(Exception, match="TransactionCanceled"):
        fail(event, SECOND)
    assert event.contents() == before


def test_a_run_of_an_event_that_has_no_record_is_no_success(stack):
    with pytest.raises(Exception, match="no record"):
        fail(stack, FIRST)
    assert stack.items("EventRecordsTable") == []
