"""scripts/trace: an event's way from its receipt, its executions' histories and its log lines."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from agent_platform.inference.calls import Booked, Call
from agent_platform.inference.prices import Usage
from agent_platform.ingest.runs import execution_arn
from agent_platform.items import to_item
from agent_platform.references import EventReference
from botocore.exceptions import ClientError

from operations.terminal import Problem
from operations.trace import __main__ as door
from operations.trace.log_lines import constant, said
from operations.trace.model_calls import allotted
from operations.trace.visits import visits

BEGAN = datetime(2026, 11, 20, 9, tzinfo=UTC)
FIRST = EventReference("greenedge", "greenedge-crm", "msg_1", "service.completed")
MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:outreach"


def event(seconds: float, kind: str, **details: Any) -> dict[str, Any]:
    return {"timestamp": BEGAN + timedelta(seconds=seconds), "type": kind, **details}


def visit(
    seconds: float, state: str, *, errors: tuple[str, ...] = (), output: dict[str, Any] | None = None,
    prefix: str = "LambdaFunction",
) -> list[dict[str, Any]]:  # fmt: skip
    """A state in which each failed attempt takes a second, as does the one that goes well; none does without output."""
    found = [event(seconds, "TaskStateEntered", stateEnteredEventDetails={"name": state})]
    for number, error in enumerate(errors):
        found += [
            event(seconds + number, f"{prefix}Scheduled"),
            event(seconds + number + 1, f"{prefix}Failed", lambdaFunctionFailedEventDetails={"error": error}),
        ]
    if output is not None:
        last, exited = seconds + len(errors), {"name": state, "output": json.dumps(output)}
        found += [
            event(last, f"{prefix}Scheduled"), event(last + 1, f"{prefix}Succeeded"),
            event(last + 1, "TaskStateExited", stateExitedEventDetails=exited),
        ]  # fmt: skip
    return found


_USUAL = Usage(600, 150)


def call(state: str, attempt: int, number: int, usage: Usage | None = _USUAL) -> Booked:
    of = (FIRST.execution_name, state, attempt, number)
    about = Call("greenedge", "outreach", "runs", *of, "a-writer", 1, "a-model")
    return Booked(about, "2026-11-20", f"2026-11-20T09:00:0{number}Z", 45, "prices, 2026-11-01", usage, None)


class Ledger:
    """DynamoDB as far as the ledger's calls are asked for: the items of a series, by the beginning of their subject."""

    def __init__(self, *rows: Booked) -> None:
        self.message: dict[str, Any] = {}
        self._items = [row.item(f"{number:032x}", expires_at=0) for number, row in enumerate(rows)]

    def get_item(self, *, TableName: str, Key: dict[str, Any]) -> dict[str, Any]:  # noqa: N803 - boto3's own name
        assert (TableName, Key) == ("messages", to_item({"message": f"greenedge#{FIRST.execution_name}"}))
        return {"Item": to_item({"expiresAt": 2**40} | self.message)} if self.message else {}

    def get_paginator(self, name: str) -> Any:
        assert name == "query"
        return SimpleNamespace(paginate=self._found)

    def _found(self, *, ExpressionAttributeValues: dict[str, Any], **_: Any) -> Any:  # noqa: N803 - boto3's own name
        series, execution = (ExpressionAttributeValues[name]["S"] for name in (":series", ":execution"))
        yield {"Items": [
            item for item in self._items
            if item["series"]["S"] == series and item["subject"]["S"].startswith(execution)
        ]}  # fmt: skip


# The writer was asked twice, and before that in vain: nobody knows for how many tokens.
CALLS = (
    call("Generate", 1, 1, None), call("Generate", 1, 2), call("Generate", 1, 3), call("Judge", 1, 1),
)  # fmt: skip


CHOICE = [
    event(9, "ChoiceStateEntered", stateEnteredEventDetails={"name": "Approved?"}),
    event(9, "ChoiceStateExited", stateExitedEventDetails={"name": "Approved?", "output": "{}"}),
]
WRITING = [
    *visit(0, "Validate", output={"request": {}}),
    *visit(1, "Generate", errors=("TransientError", "Sandbox.Timedout"), output={"draft": {}}),
    *visit(4, "Judge", output={"verdict": {}}),
    *CHOICE,
    *visit(5, "Store", output={"message": {}}),
]
FAILING = [
    *visit(0, "Validate", errors=("InvalidEvent",)),
    event(1, "ExecutionFailed", executionFailedEventDetails={"error": "InvalidEvent"}),
]


@pytest.mark.parametrize("prefix", ["LambdaFunction", "Task"])
def test_a_state_has_each_attempt_with_its_time_and_error(prefix: str) -> None:
    history = visit(0, "Store", errors=("TransientError",), output={}, prefix=prefix)
    (store,) = visits(history)
    assert [(attempt.seconds, attempt.error) for attempt in store.attempts] == [(1, "TransientError"), (1, None)]
    assert (store.seconds, store.errors) == (2, ["TransientError"])


def test_choices_are_left_out() -> None:
    assert [each.state for each in visits(WRITING)] == ["Validate", "Generate", "Judge", "Store"]


def test_a_rewrite_s_calls_are_its_own_visit_s() -> None:
    again = [*WRITING[:-4], *visit(5, "Generate", output={"draft": {}}), *visit(6, "Judge", output={"verdict": {}})]
    calls = [call("Generate", 1, 1), call("Judge", 1, 1), call("Generate", 2, 1)]
    found = allotted(visits(again), calls)
    assert [(each.state, each.calls) for each in found] == [
        ("Validate", []), ("Generate", calls[:1]), ("Judge", calls[1:2]), ("Generate", calls[2:]), ("Judge", []),
    ]  # fmt: skip


def test_the_state_in_which_a_run_ended_has_its_error_once_and_no_end() -> None:
    (validate,) = visits(FAILING)
    assert (validate.seconds, validate.errors) == (None, ["InvalidEvent"])


type RunOf = tuple[dict[str, Any], list[dict[str, Any]]]


class Executions:
    """Step Functions as far as a trace asks it: the executions by ARN, each with its status and history."""

    def __init__(self, found: dict[str, RunOf]) -> None:
        self._found = found

    def describe_execution(self, executionArn: str) -> dict[str, Any]:  # noqa: N803 - boto3's own name
        if executionArn not in self._found:
            raise ClientError({"Error": {"Code": "ExecutionDoesNotExist"}}, "DescribeExecution")
        described = {"executionArn": executionArn, "startDate": BEGAN, "stopDate": BEGAN + timedelta(seconds=6)}
        described["name"] = executionArn.rpartition(":")[2]
        return described | self._found[executionArn][0]

    def get_paginator(self, name: str) -> Any:
        assert name == "get_execution_history"
        return SimpleNamespace(paginate=lambda **asked: [{"events": self._found[asked["executionArn"]][1]}])


class Logs:
    """CloudWatch Logs: groups of lines, of which those are found that have the phrase, in the window of time."""

    def __init__(self, groups: dict[str, list[tuple[datetime, str]]]) -> None:
        self._groups = groups

    def get_paginator(self, name: str) -> Any:
        assert name == "filter_log_events"
        return SimpleNamespace(paginate=self._found)

    def _found(self, *, logGroupName: str, filterPattern: str, startTime: int, endTime: int = 2**63) -> Any:  # noqa: N803
        at = [(int(moment.timestamp() * 1000), text) for moment, text in self._groups[logGroupName]]
        inside = [(moment, text) for moment, text in at if startTime <= moment <= endTime]
        yield {"events": [{"timestamp": m, "message": t} for m, t in inside if filterPattern.strip('"') in t]}


def line(seconds: float, message: str, **more: Any) -> tuple[datetime, str]:
    own = {"level": "INFO", "message": message, "workflow": "outreach", "correlation_id": FIRST.receipt} | more
    return BEGAN + timedelta(seconds=seconds), json.dumps(own)


@pytest.fixture
def traced(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run scripts/trace where the event's runs went so; what it printed."""
    second = EventReference(*list(vars(FIRST).values())[:4], run=2)
    resources = [
        {"LogicalResourceId": name, "PhysicalResourceId": name, "ResourceType": "AWS::Lambda::Function"}
        for name in ("ReceiveWebhookFunction", "OutreachStoreFunction", "RegisterAgentFunction")
    ]
    groups = {
        "/aws/lambda/ReceiveWebhookFunction": [
            line(-0.3, "accepted", workflow="ingest", xray_trace_id="1-aa"), line(0, "x", correlation_id="another"),
        ],
        "/aws/lambda/OutreachStoreFunction": [
            line(6, "done", state="Store", xray_trace_id="1-bb"), (BEGAN, f"no JSON {FIRST.receipt}"),
            line(4_000, "much later"),
        ],
    }  # fmt: skip

    def traced(
        *runs: RunOf, arguments: tuple[str, ...] = (), calls: Sequence[Booked] = CALLS,
        message: dict[str, Any] | None = None, **receipt: Any,
    ) -> str:  # fmt: skip
        ledger = Ledger(*calls)
        ledger.message = message or {}
        references = (FIRST, second)
        found = {execution_arn(MACHINE, of): run for of, run in zip(references, runs, strict=False)}
        known = {
            "record": FIRST.record, "tenant": "greenedge", "source": "greenedge-crm", "eventId": "msg_1",
            "eventType": "service.completed", "receivedAt": "2026-11-20T08:59:59Z",
            "openedAt": "2026-11-20T08:59:59.500Z", "executionArn": execution_arn(MACHINE, FIRST),
        } | receipt  # fmt: skip
        known = {name: value for name, value in known.items() if value is not None}
        clients = {
            "stepfunctions": Executions(found),
            "logs": Logs(groups),
            "cloudformation": SimpleNamespace(
                get_paginator=lambda _: SimpleNamespace(paginate=lambda **_: [{"StackResourceSummaries": resources}])
            ),
        }
        records = SimpleNamespace(receipt=lambda record: known if record == FIRST.record else None)
        stack = SimpleNamespace(
            client=clients.__getitem__, records=records, profile={"stack_name": "the-stack"},
            outputs={"CostLedger": "the-ledger", "OutreachMessages": "messages"}, dynamodb=ledger,
        )  # fmt: skip
        monkeypatch.setattr(door, "Stack", lambda account: stack)
        door.main([FIRST.receipt, *arguments])
        return capsys.readouterr().out

    return traced


OUTCOME = {"kind": "message", "run": 1, "status": "approved", "execution": FIRST.execution_name}


def test_a_way_is_told_from_the_webhook_to_the_message(traced: Any) -> None:
    said = traced(({"status": "SUCCEEDED"}, WRITING), outcome=OUTCOME)
    rows = [" ".join(row.split()) for row in said.splitlines()]
    assert "08:59:59.500 received" in rows
    assert "08:59:59.700 recorded and published 200 ms" in rows
    assert (
        "09:00:01.000 Generate 3,000 ms 3 1,200 + 300 $0.0001 TransientError, Sandbox.Timedout, 3 model calls" in rows
    )
    assert "09:00:06.000 run 1 succeeded 6,000 ms 1,800 + 450 $0.0002 4 model calls" in rows
    assert "It came to a message: approved (run 1)." in rows
    assert "08:59:59.700 waiting to be started 300 ms" in rows
    assert "X-Ray" not in said


def test_what_was_skipped_says_why_and_what_to_do(traced: Any) -> None:
    skip = {"reason": "over_budget", "detail": "It is used up. Take it up later: scripts/rerun"}
    said = traced(({"status": "SUCCEEDED"}, WRITING), outcome=OUTCOME | {"status": "skipped"}, message={"skip": skip})
    assert "It was skipped (run 1): over_budget. It is used up. Take it up later: scripts/rerun" in said


def test_a_skip_whose_message_has_expired_is_still_no_message(traced: Any) -> None:
    message = {"skip": {"reason": "over_budget", "detail": "because"}, "expiresAt": 1}
    said = traced(({"status": "SUCCEEDED"}, WRITING), outcome=OUTCOME | {"status": "skipped"}, message=message)
    assert "It was skipped (run 1); why isn't kept any more." in said


def test_what_was_rejected_has_its_score_and_first_finding(traced: Any) -> None:
    finding = {"where": "body", "kind": "amount", "result": "contradicted", "text": "$99", "slot": None}
    rejected = {"score": 2.5, "findings": [finding, finding | {"text": "$98"}]}
    said = traced(({"status": "SUCCEEDED"}, WRITING), outcome=OUTCOME | {"status": "rejected"}, message=rejected)
    assert "It came to a message: rejected (run 1): score 2.50; amount contradicted: $99\n" in said


def test_what_a_run_s_recording_is_evaluated_by_is_no_part_of_the_run(traced: Any) -> None:
    run = ({"status": "SUCCEEDED"}, WRITING)
    candidate = replace(call("Generate", 1, 1).call, line="evaluations", agent="a-candidate", version=2)
    evaluated = [replace(each, call=candidate) for each in CALLS[:2]]

    assert traced(run, calls=[*CALLS, *evaluated], outcome=OUTCOME) == traced(run, outcome=OUTCOME)


def test_the_document_has_the_same_and_only_the_event_s_own_lines(traced: Any) -> None:
    way = json.loads(traced(({"status": "SUCCEEDED"}, WRITING), arguments=("--json",), outcome=OUTCOME))
    assert (way["receipt"], way["event"], way["traces"]) == (FIRST.receipt, "msg_1", ["1-aa", "1-bb"])
    (only,) = way["runs"]
    assert (only["seconds"], only["calls"], only["cost_micros"]) == (6, 4, 180)
    assert [len(state["attempts"]) for state in only["states"]] == [1, 3, 1, 1]
    assert [each["message"] for each in way["lines"]] == ["accepted", "done"]


def test_log_lines_are_shown_where_they_are_asked_for(traced: Any) -> None:
    run = ({"status": "SUCCEEDED"}, WRITING)
    assert "Log lines" not in traced(run, outcome=OUTCOME)
    said = traced(run, arguments=("--logs",), outcome=OUTCOME)
    assert "message=done" in said
    assert "X-Ray 1-aa\nX-Ray 1-bb\n" in said


def test_what_all_lines_say_alike_is_told_once_and_what_finds_them_never() -> None:
    common = {"level": "INFO", "message": "done", "execution": "e", "function": "f", "xray_trace_id": "1-aa", "size": 5}
    assert constant([common | {"cold": True}, common | {"cold": False}]) == {"size": 5}
    assert constant([common]) == {}
    assert set(said(common)) == {"level", "message", "size"}


def test_each_run_is_shown_and_why_one_failed(traced: Any) -> None:
    cause = json.dumps({"errorMessage": "call marisol@mail.example"})
    failed = ({"status": "FAILED", "error": "InvalidEvent", "cause": cause}, FAILING)
    said = traced(failed, ({"status": "SUCCEEDED"}, WRITING), run=2, calls=(), outcome=OUTCOME | {"run": 2})
    rows = [" ".join(row.split()) for row in said.splitlines()]
    assert {"08:59:59.000 received", "08:59:59.700 recorded and published"} <= set(rows)
    assert "run 1 failed" in said
    assert "run 2 succeeded" in said
    assert "run 1: InvalidEvent: call" in said
    assert "marisol" not in said


def test_runs_that_step_functions_forgot_are_left_out(traced: Any) -> None:
    said = traced(outcome=OUTCOME)
    assert "run 1 started" not in said
    assert "Step Functions has forgotten its runs." in said


def test_an_event_that_waits_to_be_started_says_so(traced: Any) -> None:
    assert "hasn't started yet" in traced(executionArn=None)


def test_an_unknown_receipt_is_a_problem(traced: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    traced(outcome=OUTCOME)
    with pytest.raises(Problem, match="No event has the receipt"):
        door.main(["greenedge.unknown"])
