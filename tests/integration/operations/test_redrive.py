"""scripts/redrive: dead letters are shown, then sent before they are deleted; nothing is lost on the way."""

import json
import time

import pytest

from operations import redrive
from operations.redrive import DeadLetters
from operations.terminal import Problem
from tests.integration.open_events import receipts

START = "OutreachStartExecutionFunction"
POISON = '{"detail": {"tenant": "greenedge"}}'


@pytest.fixture
def bury(stack, account):
    """Put a message among the dead letters, with what the starter's log says of it; its id."""

    def bury(body, error=None):
        sent = stack.clients("sqs").send_message(QueueUrl=account.outputs["OutreachDeadLettersUrl"], MessageBody=body)
        if error:
            line = json.dumps({"message": "not started", "queue_message": sent["MessageId"], "error": error})
            stack.clients("logs").put_log_events(
                logGroupName="/aws/lambda/starter",
                logStreamName="one",
                logEvents=[{"timestamp": int(time.time() * 1000), "message": line}],
            )
        return sent["MessageId"]

    return bury


@pytest.fixture
def dead(bury, accept):
    """An event whose start failed five times; its receipt."""
    receipt, queued = accept()
    bury(queued["Records"][0]["body"], error="StartExecution: StateMachineDoesNotExist")
    return receipt


@pytest.fixture
def asked(monkeypatch):
    """Answer the question, and keep it."""
    questions = []

    def answer(text):
        monkeypatch.setattr("builtins.input", lambda question: questions.append(question) or text)
        return questions

    return answer


def waiting(stack, account):
    """How many dead letters others would see now."""
    found = stack.clients("sqs").get_queue_attributes(
        QueueUrl=account.outputs["OutreachDeadLettersUrl"], AttributeNames=["All"]
    )["Attributes"]
    return int(found["ApproximateNumberOfMessages"]), int(found["ApproximateNumberOfMessagesNotVisible"])


def test_what_waits_and_why_is_shown_before_anything_is_asked(account, dead, asked, capsys):
    questions = asked("n")
    assert redrive.redrive(account, agreed=False, everything=False) == 0
    shown = capsys.readouterr().out
    assert "1 dead letter of outreach" in shown
    assert "service.completed" in shown
    assert f"{dead}, run 1" in shown
    assert "received 1 time\n" in shown
    assert "why: StartExecution: StateMachineDoesNotExist" in shown
    assert questions == ["\nSend 1 message back to the queue? [y/N] "]


def test_who_says_no_leaves_everything_where_others_see_it(stack, account, dead, asked):
    asked("")
    redrive.redrive(account, agreed=False, everything=False)
    assert waiting(stack, account) == (1, 0)
    assert stack.queued()["Records"] == []


@pytest.mark.parametrize("agreed", [True, False])
def test_what_is_sent_back_starts(stack, account, dead, asked, agreed):
    asked("y")
    assert redrive.redrive(account, agreed=agreed, everything=False) == 1
    assert waiting(stack, account) == (0, 0)
    stack.invoke(START, stack.queued())
    assert "executionArn" in receipts(stack)["msg_1"]


def test_where_nobody_can_be_asked_nothing_is_sent(stack, account, dead, monkeypatch):
    def ended(_):
        raise EOFError

    monkeypatch.setattr("builtins.input", ended)
    with pytest.raises(Problem, match="--yes"):
        redrive.redrive(account, agreed=False, everything=False)
    assert waiting(stack, account) == (1, 0)


def test_more_than_one_answer_of_the_queue_holds_is_sent_whole(stack, account, bury, accept):
    for number in range(23):
        bury(accept(f"msg_{number}")[1]["Records"][0]["body"])
    assert redrive.redrive(account, agreed=True, everything=False) == 23
    assert waiting(stack, account) == (0, 0)


NO_REFERENCES = {
    "not JSON": "{",
    "no reference": POISON,
    "a list": "[]",
    "wrong types": json.dumps({"detail": {"tenant": 1, "source": None, "event_id": [], "event_type": {}, "run": "x"}}),
}


@pytest.mark.parametrize("name", NO_REFERENCES)
def test_what_is_no_reference_is_shown_and_left(stack, account, bury, dead, capsys, name):
    bury(NO_REFERENCES[name], error="KeyError")
    assert redrive.redrive(account, agreed=True, everything=False) == 1
    shown = capsys.readouterr().out
    assert "not a reference to an event" in shown
    assert NO_REFERENCES[name][:40] in shown
    assert "why: KeyError" in shown
    assert waiting(stack, account) == (1, 0)


def test_it_goes_back_too_on_request(stack, account, bury):
    bury(POISON)
    assert redrive.redrive(account, agreed=True, everything=True) == 1
    assert [each["body"] for each in stack.queued()["Records"]] == [POISON]


def test_what_has_started_meanwhile_is_said_and_started_no_second_time(stack, account, bury, accept, capsys):
    _, queued = accept()
    stack.invoke(START, queued)
    bury(queued["Records"][0]["body"])
    redrive.redrive(account, agreed=True, everything=False)
    assert "it has started meanwhile" in capsys.readouterr().out
    stack.invoke(START, stack.queued())
    assert len(stack.executions()) == 1


@pytest.mark.parametrize("step", ["send_message", "delete_message"])
def test_an_interruption_loses_nothing_and_starts_nothing_twice(stack, account, dead, monkeypatch, step):
    def interrupted(**_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(stack.clients("sqs"), step, interrupted)
        with pytest.raises(KeyboardInterrupt):
            redrive.redrive(account, agreed=True, everything=False)
    assert waiting(stack, account) == (1, 0)

    assert redrive.redrive(account, agreed=True, everything=False) == 1
    queued = stack.queued()
    assert len(queued["Records"]) == (1 if step == "send_message" else 2)
    stack.invoke(START, queued)
    assert len(stack.executions()) == 1


def test_a_cause_that_the_log_has_forgotten_is_not_invented(account, bury, accept):
    bury(accept()[1]["Records"][0]["body"])
    letters = DeadLetters(account)
    (letter,) = letters.receive()
    assert letters.cause(letter) == "its log says nothing (any more)"


def test_nothing_waits(account, capsys):
    assert redrive.redrive(account, agreed=True, everything=False) == 0
    assert capsys.readouterr().out == "No dead letters wait.\n"
