"""A synthetic run by hand: what is told of one that goes well, goes wrong, or goes nowhere."""

import io
import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from agent_platform.items import to_item
from agent_platform.synthetic.runs import SyntheticRun

from operations import synthetic
from operations.terminal import Problem

RECEIPT, EXECUTION = "synthetic.0a1b", "e" * 64
MESSAGE = {"kind": "message", "run": 1, "status": "approved", "execution": EXECUTION}


class Stack:
    """A stack whose function has sent an event, and in which this came of it."""

    outputs = {"SyntheticSend": "the-function", "OutreachMessages": "messages", "EventRecords": "events"}  # noqa: RUF012

    def __init__(self, *, error=None, outcome=MESSAGE, message=None, failure=None):
        self._run, self._error, self._outcome = SyntheticRun.begin(datetime.now(UTC), by_hand=True), error, outcome
        self._message = {"status": "approved", "score": 4.5, "subject": "Thank you", "text": "Hi Jordan."}
        self._message |= {"messageId": EXECUTION}
        self._message |= message or {}
        self._failure = failure
        self.records = SimpleNamespace(receipt=self._receipt)
        self.dynamodb = SimpleNamespace(get_item=self._item)
        self._looks = 0

    def client(self, name):
        return {"lambda": SimpleNamespace(invoke=self._invoke), "stepfunctions": self}[name]

    def get_paginator(self, _name):
        states = [("Validate", 0.1), ("Store", 0.9)]
        events = [event for state, at in states for event in self._state(state, at)]
        if self._outcome and self._outcome["kind"] == "failure":
            failed = {"type": "LambdaFunctionFailed", "lambdaFunctionFailedEventDetails": {"error": "ModelRefused"}}
            events[-1:] = [failed | {"timestamp": events[-1]["timestamp"]}]
        return SimpleNamespace(paginate=lambda **_: [{"events": events}])

    def _state(self, name, at):
        entered = self._run.sent_at + timedelta(seconds=at)
        yield {"type": "TaskStateEntered", "timestamp": entered, "stateEnteredEventDetails": {"name": name}}
        left = {"stateExitedEventDetails": {"name": name}}
        yield {"type": "TaskStateExited", "timestamp": entered + timedelta(milliseconds=40), **left}

    def _item(self, *, TableName, Key, **_):  # noqa: N803 - as AWS calls them
        if TableName == "messages":
            return {"Item": to_item(self._message)}
        assert Key == to_item({"record": "synthetic#0a1b", "part": "failure#1"})
        return {"Item": to_item(self._failure)} if self._failure else {}

    def _invoke(self, *, FunctionName, Payload):  # noqa: N803 - as AWS calls them
        assert (FunctionName, json.loads(Payload)) == ("the-function", {"workflow": "outreach", "by_hand": True})
        if self._error:
            return {"FunctionError": "Unhandled", "Payload": io.BytesIO(json.dumps(self._error).encode())}
        answer = {"event_id": self._run.event_id, "receipt": RECEIPT}
        return {"Payload": io.BytesIO(json.dumps(answer).encode())}

    def _receipt(self, record):
        assert record == "synthetic#0a1b"
        self._looks += 1
        return {"executionArn": "an-arn", "record": record} | (
            {"outcome": self._outcome} if self._looks > 1 and self._outcome else {}
        )


def told(stack):
    return list(synthetic.once(stack, patience=0.2, pause=0.01))


def test_a_run_that_goes_well_is_told_step_by_step():
    happened = told(Stack())

    assert [each.what.partition(",")[0] for each in happened] == [
        "sent", "Validate", "Store", "stored: approved",
        "its text is whole: every slot is filled",
    ]  # fmt: skip
    assert [each.after_ms for each in happened] == [0, 100, 900, 940, 940], "one clock, from the sending"
    assert happened[1].what == "Validate, 40 ms"
    assert all(each.right for each in happened)
    assert happened[-1].next == "scripts/messages show eeeeeeee"


FAILED = MESSAGE | {"kind": "failure", "status": "ModelRefused"}


@pytest.mark.parametrize(
    ("failure", "why"),
    [({"cause": "no access"}, "Store: ModelRefused: no access"), (None, "Store: ModelRefused")],
    ids=["recorded", "forgotten"],
)
def test_the_step_that_failed_is_marked_and_has_the_reason(failure, why):
    happened = told(Stack(outcome=FAILED, failure=failure))

    assert [(each.what.partition(",")[0], each.right) for each in happened] == [
        ("sent", True), ("Validate", True), (why, False),
    ]  # fmt: skip
    assert (happened[-1].after_ms, happened[-1].next) == (900, "scripts/executions show synthetic.0a1b")


def test_a_run_that_failed_is_printed_with_its_mark_and_the_next_step(monkeypatch, capsys):
    monkeypatch.setattr(synthetic, "Stack", lambda account: Stack(outcome=FAILED, failure={"cause": "no access"}))

    assert synthetic.main(["once"]) == 1
    printed = capsys.readouterr()
    assert "900 ms ✗ Store: ModelRefused: no access" in printed.out
    assert "since sent" in printed.out
    assert "Next: scripts/executions show synthetic.0a1b" in printed.err


def test_everything_that_is_wrong_with_the_message_is_told():
    happened = told(Stack(message={"subject": "", "text": "Hi {{customer.first_name}}"}))

    assert [each.what for each in happened if not each.right] == [
        "the subject is empty", "the text has a slot that nothing was put into",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("stack", "problem"),
    [
        (Stack(error={"errorMessage": "the webhook answered 401"}), "could not be sent: the webhook answered 401"),
        (Stack(outcome=None), "came to no outcome in 0 s. Next: scripts/executions show synthetic.0a1b"),
    ],
    ids=["refused", "too late"],
)
def test_a_run_that_goes_nowhere_is_a_problem_with_the_next_step(stack, problem):
    with pytest.raises(Problem, match=problem):
        told(stack)


@pytest.mark.parametrize(("message", "code"), [({}, 0), ({"text": ""}, 1)])
def test_the_door_s_exit_code_says_whether_all_is_well(monkeypatch, capsys, message, code):
    monkeypatch.setattr(synthetic, "Stack", lambda account: Stack(message=message))

    assert synthetic.main(["once", "--json"]) == code
    document = json.loads(capsys.readouterr().out)
    assert all(each["right"] for each in document) == (code == 0)
