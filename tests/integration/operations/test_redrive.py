"""scripts/redrive: dead letters are shown, then sent before they are deleted; nothing is lost on the way."""

import json
import time

import pytest

from operations import dead_letters, redrive
from operations.dead_letters import LANES, DeadLetters
from operations.terminal import Problem
from tests.builders import service_voided
from tests.integration.open_events import receipts
from tests.integration.stack import FUNCTIONS, of_type

START, WEBHOOK = "OutreachStartExecutionFunction", "ReceiveWebhookFunction"
POISON = '{"detail": {"tenant": "greenedge"}}'


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    """Moto's queues have one server."""
    monkeypatch.setattr(dead_letters, "LISTEN_SECONDS", 0)


@pytest.fixture
def bury(stack, account):
    """Put a message among the dead letters, with what the starter's log says of it; its id."""

    def bury(body, error=None, among="OutreachDeadLettersUrl"):
        sent = stack.clients("sqs").send_message(QueueUrl=account.outputs[among], MessageBody=body)
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
def voided(stack, account, crm, bury):
    """An event that starts no run and that could not be taken in; its receipt."""
    stack.invoke(WEBHOOK, crm.post(service_voided(), event_id="msg_voided"))
    *_, body = [each["body"] for each in stack.queued("OutreachFeaturesQueue")["Records"]]
    bury(body, error="GetSecretValue: AccessDenied", among="OutreachFeaturesDeadLettersUrl")
    return receipts(stack)["msg_voided"]["record"].replace("#", ".")


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


def test_what_its_rule_could_not_deliver_goes_back_to_the_queue_as_well(stack, account, accept, capsys):
    """EventBridge puts the event there as the queue would have got it."""
    _, queued = accept()
    stack.clients("sqs").send_message(
        QueueUrl=account.outputs["OutreachDeadLettersUrl"],
        MessageBody=queued["Records"][0]["body"],
        MessageAttributes={"ERROR_MESSAGE": {"DataType": "String", "StringValue": "The queue refused it."}},
    )

    assert redrive.redrive(account, agreed=True, everything=False) == 1
    assert "why: its rule could not deliver it: The queue refused it." in capsys.readouterr().out
    stack.invoke(START, stack.queued())
    [started] = receipts(stack).values()
    assert "executionArn" in started


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


def test_each_dead_letter_goes_back_to_its_own_queue(stack, account, dead, voided, capsys):
    assert redrive.redrive(account, agreed=True, everything=False) == 2
    shown = capsys.readouterr().out
    assert "1 dead letter of outreach\n" in shown
    assert "1 dead letter of outreach's features\n" in shown
    assert f"{voided}, run 1\n  why: GetSecretValue: AccessDenied\n" in shown
    types = [
        [json.loads(each["body"])["detail"]["event_type"] for each in stack.queued(queue)["Records"]]
        for queue in ("OutreachQueue", "OutreachFeaturesQueue")
    ]
    assert types == [["service.completed"], ["service.voided"]]


def test_what_was_taken_in_meanwhile_is_said(account, voided, capsys):
    (letter,) = DeadLetters(account).receive()
    DeadLetters(account).leave([letter])
    account.records.note(letter.reference, "features updated")
    redrive.redrive(account, agreed=True, everything=False)
    assert "it was taken in meanwhile" in capsys.readouterr().out


def test_that_its_run_began_says_nothing_of_an_event_s_features(stack, account, bury, started, capsys):
    started()
    (body,) = [each["body"] for each in stack.queued("OutreachFeaturesQueue")["Records"]]
    bury(body, among="OutreachFeaturesDeadLettersUrl")
    redrive.redrive(account, agreed=True, everything=False)
    assert "meanwhile" not in capsys.readouterr().out


def test_news_that_is_no_event_s_goes_back_too(stack, account, bury, capsys):
    body = json.dumps({"detail": {"tenant": "greenedge", "message_id": "m1"}})
    bury(body, error="GetObject: NoSuchKey", among="OutreachCasesDeadLettersUrl")
    assert redrive.redrive(account, agreed=True, everything=False) == 1
    shown = capsys.readouterr().out
    assert "1 dead letter of outreach's cases\n" in shown
    assert "not a reference" not in shown
    assert '"message_id": "m1"' in shown
    assert [each["body"] for each in stack.queued("OutreachCasesQueue")["Records"]] == [body]


def test_the_dead_letters_of_every_queue_are_known_here():
    queues = {f"{name}Url" for name, queue in of_type("SQS::Queue").items() if "RedrivePolicy" in queue}
    assert {lane.queue for lane in LANES} == queues
    consumers = {
        f"{source['Properties']['Queue']['Fn::GetAtt'].partition('.')[0]}Url": name
        for name, function in FUNCTIONS.items()
        for source in function.get("Events", {}).values()
        if source["Type"] == "SQS"
    }
    assert {lane.queue: lane.consumer for lane in LANES} == consumers


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
