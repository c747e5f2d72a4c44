"""scripts/outcomes: what became of messages, what nobody could attach, and a sender's part."""

import json

import pytest

from operations import events, executions, messages, outcomes, without_runs
from operations.rerun import rerun
from operations.terminal import Problem
from tests.integration.crm import Crm
from tests.integration.outreach.sent_messages import RECORD, day, deliver, put_message, tell

SOURCE = "greenedge-crm"


@pytest.fixture(autouse=True)
def _doors(account, crm, monkeypatch):
    """Every door opens this stack."""
    for door in (executions, messages, outcomes):
        monkeypatch.setattr(door, "Stack", lambda _: account)


@pytest.fixture
def webhook(stack, monkeypatch):
    """The stack's webhook and its consumer of outcomes, in the place of the network; every source that was heard."""
    heard = []

    def send(url, secret, body, *, event_id):
        heard.append(url.rpartition("/")[2])
        answer = stack.invoke("ReceiveWebhookFunction", Crm(heard[-1], secret).post(body, event_id=event_id))
        stack.invoke(RECORD, stack.queued("OutreachOutcomesQueue"))
        return events.Answer(answer["statusCode"], json.loads(answer["body"]))

    monkeypatch.setattr(events, "send", send)
    return heard


def said(door, capsys, *argv):
    door.main(argv)
    return " ".join(capsys.readouterr().out.split())


@pytest.fixture
def unknown(stack):
    """The receipt of an outcome that tells of no message."""
    reference = tell(stack, "booked", "f" * 64, at=day(1), event_id="lost")
    deliver(stack, reference)
    return reference.receipt


def test_what_was_sent_by_hand_is_attached_listed_and_shown(stack, webhook, capsys):
    message_id = put_message(stack, 10 << 248, source=SOURCE)
    assert outcomes.main(["send", message_id[:8], "sent"]) == 0
    assert outcomes.main(["send", message_id[:8], "booked", "--value", "245.5"]) == 0
    capsys.readouterr()

    listed = said(outcomes, capsys, "list")
    assert f"{message_id[:8]} crm-77 referral not yet " in listed
    assert "sent 2" in listed
    assert "(worth 245.5)" in listed
    assert webhook == [SOURCE, SOURCE]
    assert "(worth 245.5)" in said(messages, capsys, "show", message_id)


def test_as_json_the_list_has_what_is_kept(stack, webhook, capsys):
    message_id = put_message(stack, source=SOURCE)
    put_message(stack, 2, source=SOURCE)
    outcomes.main(["send", message_id, "sent"])
    capsys.readouterr()
    outcomes.main(["list", "--json"])
    [listed] = json.loads(capsys.readouterr().out)
    assert listed["messageId"] == message_id
    assert listed["outcomes"].keys() == {"sent"}
    assert listed["settled"] is None


@pytest.mark.parametrize(
    ("good", "harmed", "told"),
    [(True, False, "good"), (True, True, "good, harmed"), (False, False, "nothing came of it")],
)
def test_the_list_says_as_what_a_message_was_counted(stack, capsys, good, harmed, told):
    known = {"sent": {"at": "2026-05-02T09:00:00Z", "event": "e"}}
    put_message(stack, outcomes=known, settled={"good": good, "harmed": harmed, "at": "2026-06-02T09:00:00Z"})
    assert f"referral {told} sent 2026-05-02 09:00" in said(outcomes, capsys, "list")


def test_what_the_webhook_refuses_ends_the_door_with_1(stack, webhook, capsys):
    assert outcomes.main(["send", put_message(stack, source=SOURCE), "booked", "--value", "-1"]) == 1
    assert '"status": 422' in capsys.readouterr().out


def test_a_message_that_no_text_fits_is_a_problem_and_a_whole_id_is_sent_as_it_is(stack, webhook, capsys):
    with pytest.raises(Problem, match="No messages begin with abc"):
        outcomes.main(["send", "abc", "sent"])
    assert outcomes.main(["send", "a" * 64, "sent"]) == 0
    assert "aaaaaaaaaaaa" in said(outcomes, capsys, "list", "--unknown")


def test_what_could_not_be_attached_is_listed_with_what_it_tells(unknown, capsys):
    listed = said(outcomes, capsys, "list", "--unknown")
    assert "greenedge-sender booked ffffffffffff" in listed
    assert unknown in listed.replace(" ", "")
    assert "with the same webhook-id" in listed


def test_what_it_told_is_said_to_be_gone_with_its_body(stack, unknown, capsys):
    key = {"record": {"S": unknown.replace(".", "#", 1)}, "part": {"S": "body"}}
    stack.clients("dynamodb").delete_item(TableName="EventRecordsTable", Key=key)
    outcomes.main(["list", "--unknown", "--json"])
    [listed] = json.loads(capsys.readouterr().out)
    assert (listed["outcome"], listed["message_id"]) == ("?", "its body isn't kept any more")


def test_what_was_attached_after_all_is_listed_as_unknown_no_more(stack, account, unknown):
    put_message(stack, int("f" * 64, 16))
    deliver(stack, tell(stack, "booked", "f" * 64, at=day(1), event_id="lost"))
    assert without_runs.failures(account) == []


def test_it_stands_among_the_failed_executions(unknown, capsys):
    executions.main(["list", "--failed", "--json"])
    [listed] = json.loads(capsys.readouterr().out)
    assert (listed["name"], listed["status"], listed["duration"]) == (unknown, "UnknownMessage", "no run")
    shown = said(executions, capsys, "list", "--failed")
    assert unknown in shown.replace(" ", "")
    assert "this company has no message with the id" in shown
    assert "UnknownMessage" not in said(executions, capsys, "list")


def test_of_many_failures_so_many_are_listed(stack, account):
    for number in range(5):
        deliver(stack, tell(stack, "sent", "f" * 64, at=day(number), event_id=f"{number}"))
    assert len(without_runs.failures(account, most=3)) == 3
    assert without_runs.failures(account, error="NeverStarted") == []


def test_its_execution_is_said_never_to_have_been(unknown, capsys):
    shown = said(executions, capsys, "show", unknown)
    assert "is of type outcome.recorded, from" in shown
    assert "it failed before any run began (UnknownMessage)" in shown
    executions.main(["show", unknown, "--json"])
    assert json.loads(capsys.readouterr().out) == {
        "receipt": unknown, "execution": None, "status": "FAILED", "error": "UnknownMessage",
    }  # fmt: skip


def test_who_wants_to_run_it_again_is_told_how_it_is_attached_after_all(account, unknown):
    with pytest.raises(Problem, match=r"failed before any run began \(UnknownMessage\).*with the same webhook-id"):
        rerun(account, unknown, replacing=True)
