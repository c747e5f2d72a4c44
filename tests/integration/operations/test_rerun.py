"""scripts/rerun: the next run of an event begins exactly once, or the reason why not is said."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from agent_platform.ingest.conclusions import conclusion
from agent_platform.ingest.receipts import Outcome
from agent_platform.ingest.reruns import Reruns
from agent_platform.ingest.runs import Runs, execution_arn, machine_of
from agent_platform.items import to_item
from agent_platform.references import EventReference

from operations import rerun as rerun_module
from operations import terminal
from operations.rerun import main, rerun
from operations.terminal import Problem
from tests.integration.open_events import receipts


@pytest.fixture
def failed(stack, started):
    """An event whose first run was aborted."""
    receipt, execution = started()
    stack.clients("stepfunctions").stop_execution(executionArn=execution)
    return receipt


def inputs(stack):
    return sorted(each["input"]["run"] for each in stack.executions())


def conclude(stack, account, receipt, status):
    """Let the event's first run have come to a message."""
    (first,) = [EventReference.of(each["input"]) for each in stack.executions() if each["input"]["run"] == 1]
    outcome = Outcome("message", 1, status, first.execution_name)
    item = conclusion(account.records.table, first, outcome, before=None)
    stack.clients("dynamodb").transact_write_items(TransactItems=[item])
    return outcome


def test_a_failed_event_is_run_again_under_the_next_number(stack, account, failed):
    started, before = rerun(account, failed, replacing=False)
    assert (started.run, before) == (2, None)
    assert inputs(stack) == [1, 2]
    receipt = receipts(stack)["msg_1"]
    assert receipt["run"] == 2
    described = stack.clients("stepfunctions").describe_execution(executionArn=receipt["executionArn"])
    assert json.loads(described["input"])["run"] == 2
    assert "openShard" in receipt


def test_an_event_is_found_by_its_execution_too(stack, account, failed):
    (name,) = [each["name"] for each in stack.executions()]
    assert rerun(account, name[:8], replacing=False)[0].run == 2


def test_a_recorded_failure_stays_the_outcome_until_the_rerun_has_one(stack, account, failed):
    first = EventReference.of(stack.executions()[0]["input"])
    account.records.record_failure(first, {"error": "ModelRefused"}, now=datetime.now(UTC))
    _, before = rerun(account, failed, replacing=False)
    assert before == Outcome("failure", 1, "ModelRefused", first.execution_name)


@pytest.mark.parametrize("status", ["rejected", "skipped"])
def test_what_came_to_no_approved_message_may_run_again(stack, account, failed, status):
    conclude(stack, account, failed, status)
    assert rerun(account, failed, replacing=False)[0].run == 2


def test_an_approved_message_is_replaced_only_on_request(stack, account, failed):
    message = conclude(stack, account, failed, "approved")
    with pytest.raises(Problem, match=r"has an approved message.* --replace"):
        rerun(account, failed, replacing=False)
    assert inputs(stack) == [1]
    started, before = rerun(account, failed, replacing=True)
    assert (started.run, before) == (2, message)


def test_a_run_that_is_still_running_is_left_alone(stack, account, started):
    receipt, _ = started()
    with pytest.raises(Problem, match=r"Run 1 of .* is still running"):
        rerun(account, receipt, replacing=True)
    assert inputs(stack) == [1]


def test_an_event_that_hasn_t_started_is_not_run_again(stack, account, accept):
    receipt, _ = accept()
    with pytest.raises(Problem, match=r"hasn't started yet.*scripts/redrive"):
        rerun(account, receipt, replacing=False)
    assert inputs(stack) == []


def test_an_event_that_starts_no_run_has_none_to_start_again(stack, account, accept):
    receipt, queued = accept()
    reference = EventReference.of(json.loads(queued["Records"][0]["body"])["detail"])
    account.records.note(reference, "features updated")
    with pytest.raises(Problem, match=r"starts no run.*taken in \(features updated\)"):
        rerun(account, receipt, replacing=True)
    assert inputs(stack) == []


def test_an_event_whose_body_has_expired_is_not_run_again(stack, account, failed):
    key = {"record": failed.replace(".", "#", 1), "part": "body"}
    yesterday = int((datetime.now(UTC) - timedelta(days=1)).timestamp())
    stack.clients("dynamodb").update_item(
        TableName="EventRecordsTable",
        Key=to_item(key),
        UpdateExpression="SET expiresAt = :at",
        ExpressionAttributeValues=to_item({":at": yesterday}),
    )
    with pytest.raises(Problem, match="isn't kept any more"):
        rerun(account, failed, replacing=True)
    assert (inputs(stack), receipts(stack)["msg_1"]["run"]) == ([1], 1)


@pytest.mark.parametrize("given", ["greenedge.0123456789012345678901234567890123456789", "abcdef"])
def test_what_there_is_not_is_said_with_where_to_look(account, started, given):
    started()
    with pytest.raises(Problem, match="scripts/executions list"):
        rerun(account, given, replacing=False)


def test_reruns_at_once_start_one_run(stack, account, failed):
    def attempt(_):
        try:
            return rerun(account, failed, replacing=False)[0].run
        except Problem as refused:
            return str(refused)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(attempt, range(8)))
    assert 2 in answers
    assert all("Somebody else" in each or "still running" in each for each in answers if each != 2)
    assert inputs(stack) == [1, 2]


def test_a_rerun_that_was_interrupted_before_its_start_is_started_without_counting_again(stack, account, failed):
    class Interrupting(Runs):
        def start(self, *_):
            raise KeyboardInterrupt

    states, record = stack.clients("stepfunctions"), failed.replace(".", "#", 1)
    with pytest.raises(KeyboardInterrupt):
        Reruns(account.records, Interrupting(stepfunctions=states)).rerun(
            record, replacing=False, now=datetime.now(UTC)
        )
    assert (inputs(stack), receipts(stack)["msg_1"]["run"]) == ([1], 2)
    assert rerun(account, failed, replacing=False)[0].run == 2
    assert inputs(stack) == [1, 2]


def test_an_execution_s_arn_tells_its_machine_and_the_other_way_round():
    machine = "arn:aws:states:us-east-1:123456789012:stateMachine:outreach"
    assert machine_of(execution_arn(machine, EventReference("a", "b", "c", "d"))) == machine


@pytest.fixture
def skip(stack, account, started):
    """Let an event's first run have been skipped for a reason, at a time."""

    def skip(event_id, reason, *, at="2026-11-20T09:00:00Z", status="skipped"):
        receipt, execution = started(event_id)
        stack.clients("stepfunctions").stop_execution(executionArn=execution)
        row = {"message": f"greenedge#{event_id}", "messageId": event_id, "tenant": "greenedge", "receipt": receipt,
               "storedAt": f"{at}#{event_id}", "asOf": at, "status": status, "purpose": "referral", "customerId": "7",
               "skip": {"reason": reason, "detail": "because"}, "expiresAt": 2**40}  # fmt: skip
        stack.clients("dynamodb").put_item(TableName="OutreachMessagesTable", Item=to_item(row))
        return receipt

    return skip


@pytest.fixture
def account(account):
    """The stack, whose tenants have spent nothing yet."""
    account.outputs["CostLedger"] = "CostLedgerTable"
    account.parameters = {"TenantDailyUsd": "50", "TenantMonthlyUsd": "500"}
    return account


@pytest.fixture
def at_terminal(monkeypatch, account):
    """scripts/rerun, as a person who answers the question so types it."""

    def at_terminal(*argv, answer=None):
        monkeypatch.setattr(rerun_module, "Stack", lambda _: account)
        monkeypatch.setattr(terminal.sys.stdin, "isatty", lambda: answer is not None, raising=False)
        monkeypatch.setattr(terminal.err, "input", lambda _: answer)
        main(argv)

    return at_terminal


def runs(stack):
    """The latest run of each event."""
    return {name: receipt["run"] for name, receipt in receipts(stack).items()}


@pytest.mark.parametrize(("more", "answer"), [((), "y"), ((), " Yes "), (("--yes",), None)])
def test_all_that_was_skipped_for_a_reason_is_taken_up(stack, skip, at_terminal, capsys, more, answer):
    skip("late", "over_budget", at="2026-11-20T10:00:00Z")
    skip("early", "over_budget")
    skip("unwanted", "no_consent")
    skip("replaced", "over_budget", status="superseded")
    at_terminal("--skipped", "over_budget", *more, answer=answer)

    assert runs(stack) == {"late": 2, "early": 2, "unwanted": 1, "replaced": 1}
    said = capsys.readouterr().out
    assert said.index("2026-11-20 09:00:00") < said.index("2026-11-20 10:00:00")


def spend(account, micros):
    """Let the tenant have spent so much of a day's cap today, in the ledger's own row."""
    key = {"series": "greenedge#caps", "subject": f"runs#{datetime.now(UTC):%Y-%m-%d}"}
    row = key | {"cap": 0, "used": micros, "settled": micros, "held": 0}
    account.dynamodb.put_item(TableName="CostLedgerTable", Item=to_item(row))


def test_while_the_cap_is_still_reached_nothing_is_taken_up(stack, account, skip, at_terminal):
    skip("msg_1", "over_budget")
    spend(account, 50_000_000)

    with pytest.raises(Problem, match="greenedge still has no budget today: scripts/costs budget greenedge --day USD"):
        at_terminal("--skipped", "over_budget", "--yes")
    assert runs(stack) == {"msg_1": 1}


def test_the_question_says_what_may_still_be_spent(stack, account, skip, at_terminal):
    skip("msg_1", "over_budget")
    spend(account, 49_000_000)

    with pytest.raises(Problem, match=r"greenedge may still spend \$1\.0000 today\. Run 1 event again\?"):
        at_terminal("--skipped", "over_budget")


def test_all_that_failed_with_an_error_is_taken_up(stack, account, started, at_terminal, capsys):
    for name, error in (("refused", "ModelRefused"), ("invalid", "InvalidEvent")):
        _, execution = started(name)
        stack.clients("stepfunctions").stop_execution(executionArn=execution)
        reference = next(
            EventReference.of(each["input"]) for each in stack.executions() if each["input"]["event_id"] == name
        )
        failure = {"execution": execution, "error": error, "state": "Generate", "cause": "no access"}
        account.records.record_failure(reference, failure, now=datetime.now(UTC))
    at_terminal("--failed", "ModelRefused", answer="y")

    assert runs(stack) == {"refused": 2, "invalid": 1}
    printed = capsys.readouterr()
    assert "no access" in printed.out
    assert "Next: scripts/messages list" in printed.err
    at_terminal("--failed", "Unknown")
    assert "No run that failed with Unknown" in capsys.readouterr().out


@pytest.mark.parametrize("answer", ["n", ""])
def test_nothing_is_run_before_a_person_agreed(stack, skip, at_terminal, answer):
    skip("msg_1", "over_budget")
    at_terminal("--skipped", "over_budget", answer=answer)

    assert runs(stack) == {"msg_1": 1}


def test_where_nobody_can_be_asked_the_way_is_said(stack, skip, at_terminal):
    skip("msg_1", "over_budget")
    with pytest.raises(Problem, match=r"Run 1 event again\? There is nobody to ask: add --yes"):
        at_terminal("--skipped", "over_budget")
    assert runs(stack) == {"msg_1": 1}


def test_only_what_was_skipped_since_then_is_taken_up(stack, skip, at_terminal):
    skip("before", "over_budget", at="2026-11-19T23:59:59Z")
    skip("after", "over_budget", at="2026-11-20T00:00:00Z")
    at_terminal("--skipped", "over_budget", "--since", "2026-11-20", "--yes")

    assert runs(stack) == {"before": 1, "after": 2}


def test_one_that_can_not_run_again_does_not_stop_the_others(stack, account, skip, at_terminal, capsys):
    skip("first", "over_budget")
    skip("second", "over_budget", at="2026-11-20T10:00:00Z")
    first = next(each["input"] for each in stack.executions() if each["input"]["event_id"] == "first")
    reference = EventReference.of(first)
    outcome = Outcome("message", 1, "approved", reference.execution_name)
    item = conclusion(account.records.table, reference, outcome, before=None)
    stack.clients("dynamodb").transact_write_items(TransactItems=[item])

    with pytest.raises(Problem, match="1 of 2 were not started"):
        at_terminal("--skipped", "over_budget", "--yes")
    assert runs(stack) == {"first": 1, "second": 2}
    assert "has an approved message" in capsys.readouterr().out


def test_what_nothing_was_skipped_for_is_said(at_terminal, capsys):
    at_terminal("--skipped", "over_budget")
    assert "Nothing is skipped for over_budget." in capsys.readouterr().out
