"""Reconcile: what never started is published again, what failed unseen is recorded, and its own failure is seen."""

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import pytest
from agent_platform import worklists
from agent_platform.ingest.bus import Bus
from agent_platform.ingest.conclusions import conclusion
from agent_platform.ingest.events import EventRecords
from agent_platform.ingest.open_events import LISTING
from agent_platform.ingest.receipts import Outcome
from agent_platform.ingest.reconciliation import Reconciliation
from agent_platform.ingest.runs import Runs
from agent_platform.moments import iso
from agent_platform.references import EventReference
from agent_platform.sweeps import IncompleteSweepError
from agent_platform.worklists import WorkList
from botocore.exceptions import ClientError

from tests.builders import service_completed
from tests.integration.open_events import let_time_pass, receipts

RECONCILE, START, WEBHOOK = "ReconcileFunction", "OutreachStartExecutionFunction", "ReceiveWebhookFunction"
HISTORY = {"events": [{"id": 7, "type": "TaskStateEntered", "timestamp": 1.0,
                       "stateEnteredEventDetails": {"name": "Generate"}}]}  # fmt: skip


@pytest.fixture
def accept(stack, crm):
    """Accept events; what then waits in the queue is taken out, as a lost message would be."""

    def accept(*ids):
        for event_id in ids:
            assert stack.invoke(WEBHOOK, crm.post(service_completed(), event_id=event_id))["statusCode"] == 202
        return stack.queued()

    return accept


@pytest.fixture
def run(stack, accept):
    """Accept an event and start its execution."""

    def run(event_id="msg_1"):
        stack.invoke(START, accept(event_id))
        return receipts(stack)[event_id]["executionArn"]

    return run


def stop(stack, execution, error="States.ServiceRestart", cause="Execution was running when service restarted"):
    """End an execution without anybody being told."""
    stack.clients("stepfunctions").stop_execution(executionArn=execution, error=error, cause=cause)


def described(execution, status="FAILED", **more):
    return {"executionArn": execution, "status": status, **more}


def failures(stack):
    return [each for each in stack.items("EventRecordsTable") if each["part"].startswith("failure#")]


def is_open(stack, event_id="msg_1"):
    return "openShard" in receipts(stack)[event_id]


# What is open


def test_an_event_is_open_from_its_record_to_its_outcome(stack, run, accept):
    accept("msg_2")
    execution = run()
    assert is_open(stack)
    stack.clients.answer("states:GetExecutionHistory", HISTORY)
    (started,) = stack.executions()
    change = described(execution, error="ModelRefused", input=json.dumps(started["input"]))
    stack.invoke("RecordFailureFunction", {"detail": change})
    assert not is_open(stack)
    assert is_open(stack, "msg_2")


def test_a_duplicate_that_comes_late_opens_nothing(stack, crm, run):
    execution = run()
    stop(stack, execution)
    let_time_pass(stack)
    stack.invoke(RECONCILE, {})
    stack.invoke(WEBHOOK, crm.post(service_completed(), event_id="msg_1"))
    assert not is_open(stack)


def test_events_are_spread_over_the_shards_by_their_records(stack):
    records = EventRecords(table="EventRecordsTable", retention_days=30, dynamodb=stack.clients("dynamodb"))
    for number in range(100):
        reference = EventReference("greenedge", "greenedge-crm", f"msg_{number}", "service.completed")
        records.record(reference, "{}", payload_hash="h", now=datetime.now(UTC))
    found = [receipt["openShard"] for receipt in receipts(stack).values()]
    assert set(found) == set(LISTING.shards)
    assert max(found.count(shard) for shard in LISTING.shards) < 20


# What never started


def test_what_never_started_is_published_again_and_then_starts(stack, accept):
    accept("msg_1", "msg_2")
    let_time_pass(stack, "msg_1")
    stack.invoke(RECONCILE, {})
    stack.invoke(START, stack.queued())
    assert [each["input"]["event_id"] for each in stack.executions()] == ["msg_1"]
    assert "executionArn" in receipts(stack)["msg_1"]


def test_what_is_younger_than_a_quarter_of_an_hour_is_left_to_its_queue(stack, accept):
    accept("msg_1")
    stack.invoke(RECONCILE, {})
    assert stack.queued()["Records"] == []
    due = datetime.fromisoformat(receipts(stack)["msg_1"]["dueAt"])
    assert timedelta(minutes=14) < due - datetime.now(UTC) <= timedelta(minutes=15)


def test_a_second_sweep_in_the_same_hour_publishes_nothing_twice(stack, accept):
    accept("msg_1")
    let_time_pass(stack)
    stack.invoke(RECONCILE, {})
    assert len(stack.queued()["Records"]) == 1
    stack.invoke(RECONCILE, {})
    assert stack.queued()["Records"] == []
    due = datetime.fromisoformat(receipts(stack)["msg_1"]["dueAt"])
    assert timedelta(minutes=45) < due - datetime.now(UTC) < timedelta(minutes=60)


def test_a_run_that_was_counted_but_never_began_is_published_with_its_number(stack, run):
    execution = run()
    stop(stack, execution)
    records = EventRecords(table="EventRecordsTable", retention_days=30, dynamodb=stack.clients("dynamodb"))
    (started,) = stack.executions()
    rerun = EventReference.of(started["input"] | {"run": 2})
    name = f"{execution.rpartition(':')[0]}:{rerun.execution_name}"
    assert records.begin_rerun(rerun, name, now=datetime.now(UTC))

    let_time_pass(stack)
    stack.invoke(RECONCILE, {})
    stack.invoke(START, stack.queued())
    assert asdict(rerun) in [each["input"] for each in stack.executions()]


def published(stack, queued, *, times):
    """Let so many hours pass in which an event was published again."""
    records = EventRecords(table="EventRecordsTable", retention_days=30, dynamodb=stack.clients("dynamodb"))
    for _ in range(times):
        records.count_published(EventReference.of(json.loads(queued["Records"][0]["body"])["detail"]))


def test_what_never_starts_in_a_day_is_published_no_more_and_gets_a_failure_record(stack, accept):
    published(stack, accept("msg_1"), times=23)
    let_time_pass(stack)
    stack.invoke(RECONCILE, {})
    late = stack.queued()
    assert len(late["Records"]) == 1

    let_time_pass(stack)
    stack.invoke(RECONCILE, {})
    assert stack.queued()["Records"] == []
    [failure] = failures(stack)
    assert (failure["error"], failure["status"]) == ("NeverStarted", "NEVER_STARTED")
    assert not is_open(stack)
    assert receipts(stack)["msg_1"]["outcome"]["status"] == "NeverStarted"

    # Whoever mends the cause and redrives the queue starts it after all.
    stack.invoke(START, late)
    assert len(stack.executions()) == 1


def test_what_was_lost_while_its_tenant_waited_for_days_is_published_before_it_is_given_up(stack, accept):
    accept("msg_1")
    let_time_pass(stack, opened=iso(datetime.now(UTC) - timedelta(days=3)))
    stack.invoke(RECONCILE, {})
    assert len(stack.queued()["Records"]) == 1
    assert failures(stack) == []


def test_what_was_noted_is_no_business_of_a_sweep(stack, accept):
    queued = accept("msg_1")
    records = EventRecords(table="EventRecordsTable", retention_days=30, dynamodb=stack.clients("dynamodb"))
    let_time_pass(stack)
    records.note(EventReference.of(json.loads(queued["Records"][0]["body"])["detail"]), "features updated")
    stack.invoke(RECONCILE, {})
    assert stack.queued()["Records"] == []
    assert failures(stack) == []


def test_a_rerun_has_its_own_day(stack, accept):
    late = accept("msg_1")
    published(stack, late, times=24)
    stack.invoke(START, late)
    execution = receipts(stack)["msg_1"]["executionArn"]
    stop(stack, execution)
    records = EventRecords(table="EventRecordsTable", retention_days=30, dynamodb=stack.clients("dynamodb"))
    (started,) = stack.executions()
    rerun = EventReference.of(started["input"] | {"run": 2})
    assert records.begin_rerun(rerun, f"{execution.rpartition(':')[0]}:{rerun.execution_name}", now=datetime.now(UTC))
    let_time_pass(stack)
    stack.invoke(RECONCILE, {})
    assert len(stack.queued()["Records"]) == 1


# What failed unseen


def test_a_failure_that_nobody_saw_is_recorded_and_counted(stack, run, capsys):
    execution = run()
    stop(stack, execution)
    let_time_pass(stack)
    stack.invoke(RECONCILE, {})
    (counted,) = [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"Failures":' in line]
    assert (counted["Failures"], counted["error"]) == ([1], "Aborted")
    (failure,) = failures(stack)
    assert (failure["status"], failure["current"], failure["run"]) == ("ABORTED", True, 1)
    assert receipts(stack)["msg_1"]["outcome"]["kind"] == "failure"
    assert not is_open(stack)


@pytest.mark.parametrize(
    ("status", "error", "told"),
    [("FAILED", "States.ServiceRestart", "States.ServiceRestart"), ("TIMED_OUT", None, "States.Timeout"),
     ("ABORTED", None, "Aborted")],
)  # fmt: skip
def test_a_failure_says_where_under_which_name_and_why(stack, run, status, error, told):
    execution = run()
    let_time_pass(stack)
    more = {"error": error, "cause": "marisol@mail.example was running"} if error else {}
    stack.clients.answer("states:DescribeExecution", described(execution, status, **more))
    stack.clients.answer("states:GetExecutionHistory", HISTORY)
    stack.invoke(RECONCILE, {})
    (failure,) = failures(stack)
    assert (failure["state"], failure["error"], failure["execution"]) == ("Generate", told, execution)
    assert "marisol" not in failure["cause"]


@pytest.mark.parametrize("status", ["RUNNING", "PENDING_REDRIVE"])
def test_a_run_that_goes_on_is_left_alone_and_looked_at_again(stack, run, status):
    execution = run()
    let_time_pass(stack)
    stack.clients.answer("states:DescribeExecution", described(execution, status))
    stack.invoke(RECONCILE, {})
    assert failures(stack) == []
    assert is_open(stack)


def test_a_second_sweep_records_nothing_twice(stack, run):
    stop(stack, run())
    let_time_pass(stack)
    stack.invoke(RECONCILE, {})
    before = stack.contents()
    stack.invoke(RECONCILE, {})
    assert stack.contents() == before


def test_a_report_of_an_earlier_run_leaves_the_rerun_on_the_list(stack, run):
    execution = run()
    stop(stack, execution)
    (started,) = stack.executions()
    first = EventReference.of(started["input"])
    records = EventRecords(table="EventRecordsTable", retention_days=30, dynamodb=stack.clients("dynamodb"))
    second = EventReference.of(started["input"] | {"run": 2})
    records.begin_rerun(second, "arn:2", now=datetime.now(UTC))
    records.record_failure(first, {"error": "Aborted"}, now=datetime.now(UTC))
    assert is_open(stack)
    records.record_failure(second, {"error": "Aborted"}, now=datetime.now(UTC))
    assert not is_open(stack)


def test_a_rerun_that_fails_beside_a_current_message_is_closed_and_the_message_stays(stack, run):
    run()
    (started,) = stack.executions()
    first, second = (EventReference.of(started["input"] | {"run": number}) for number in (1, 2))
    records = EventRecords(table="EventRecordsTable", retention_days=30, dynamodb=stack.clients("dynamodb"))
    message = Outcome("message", 1, "approved", first.execution_name)
    conclude = conclusion(records.table, first, message, before=None)
    stack.clients("dynamodb").transact_write_items(TransactItems=[conclude])
    assert not is_open(stack)
    records.begin_rerun(second, "arn:2", now=datetime.now(UTC))
    assert is_open(stack)
    assert not records.record_failure(second, {"error": "Aborted"}, now=datetime.now(UTC))
    assert not is_open(stack)
    assert receipts(stack)["msg_1"]["outcome"] == vars(message)


# Its own failure


FAULTS = {
    "events:PutEvents": "PutEvents: InternalServerError",
    "dynamodb:GetItem": "GetItem: InternalServerError",
    "dynamodb:UpdateItem": "UpdateItem: InternalServerError",
}


@pytest.mark.parametrize("call", FAULTS)
def test_one_event_that_fails_doesn_t_stop_the_others_and_the_sweep_fails_at_its_end(stack, accept, capsys, call):
    accept("msg_1", "msg_2", "msg_3")
    let_time_pass(stack)
    stack.clients.fail(call)
    with pytest.raises(IncompleteSweepError, match=f"1 of 3 open events failed: {FAULTS[call]}"):
        stack.invoke(RECONCILE, {})
    assert len(stack.queued()["Records"]) == 2
    said = capsys.readouterr().out
    assert said.count('"message":"not reconciled"') == 1
    assert "mail.example" not in said


def test_an_entry_that_failed_inside_a_200_is_a_failure_and_published_by_a_later_sweep(stack, accept):
    accept("msg_1")
    let_time_pass(stack)
    stack.clients.answer("events:PutEvents", {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "InternalFailure"}]})
    with pytest.raises(IncompleteSweepError, match="PutEvents: InternalFailure"):
        stack.invoke(RECONCILE, {})
    let_time_pass(stack)
    stack.invoke(RECONCILE, {})
    assert len(stack.queued()["Records"]) == 1


def test_a_success_without_an_outcome_is_no_success(stack, run):
    execution = run()
    let_time_pass(stack)
    stack.clients.answer("states:DescribeExecution", described(execution, "SUCCEEDED"))
    with pytest.raises(IncompleteSweepError, match="a run succeeded without an outcome"):
        stack.invoke(RECONCILE, {})
    assert is_open(stack)


def test_a_list_that_can_t_be_read_is_a_failure(stack, accept):
    accept("msg_1")
    stack.clients.fail("dynamodb:Query", "AccessDeniedException", 400)
    with pytest.raises(ClientError, match="AccessDenied"):
        stack.invoke(RECONCILE, {})


# Its bounds


@pytest.fixture
def sweep(stack):
    """Reconcile's own work, with bounds that a test chooses."""
    dynamodb = stack.clients("dynamodb")
    records = EventRecords(table="EventRecordsTable", retention_days=30, dynamodb=dynamodb)
    for number in range(60):
        reference = EventReference("greenedge", "greenedge-crm", f"msg_{number}", "service.completed")
        records.record(reference, "{}", payload_hash="h", now=datetime.now(UTC))
    return Reconciliation(
        WorkList(LISTING, table="EventRecordsTable", dynamodb=dynamodb),
        records,
        Bus(name="the-bus", events=stack.clients("events")),
        Runs(stepfunctions=stack.clients("stepfunctions")),
        waiting=set(),
    ).sweep


@pytest.fixture(autouse=True)
def _workflow(monkeypatch):
    monkeypatch.setenv("WORKFLOW", "ingest")


def test_a_sweep_is_bounded_and_the_next_one_goes_on_where_it_ended(stack, sweep):
    later = datetime.now(UTC) + timedelta(minutes=16)
    answers = [sweep(now=later, may_go_on=lambda: True, most=25).answers.total() for _ in range(4)]
    assert answers == [25, 25, 10, 0]


def test_a_sweep_ends_when_its_time_is_over(sweep):
    left = iter([True] * 7 + [False])
    swept = sweep(now=datetime.now(UTC) + timedelta(minutes=16), may_go_on=lambda: next(left))
    assert swept.answers == {"published again": 7}


def test_more_events_than_a_page_holds_are_all_found(stack, sweep, monkeypatch):
    monkeypatch.setattr(worklists, "_PAGE", 2)
    swept = sweep(now=datetime.now(UTC) + timedelta(minutes=16), may_go_on=lambda: True)
    assert swept.answers == {"published again": 60}


def test_two_sweeps_at_once_share_the_work(stack, sweep):
    later = datetime.now(UTC) + timedelta(minutes=16)
    events = WorkList(LISTING, table="EventRecordsTable", dynamodb=stack.clients("dynamodb"))
    found = list(events.due(later))
    assert [events.claim(due, until=later) for due in found[:10]] == [True] * 10
    assert [events.claim(due, until=later + timedelta(hours=1)) for due in found[:10]] == [False] * 10
