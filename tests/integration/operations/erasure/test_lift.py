"""scripts/forget --lift: who was forgotten and comes back is written to again, by what is told of them since."""

import json
from argparse import ArgumentTypeError
from datetime import UTC, datetime, timedelta

import pytest
from agent_platform.references import EventReference
from outreach.contacts import Contacts
from outreach.erasure.lifting import Lifted, Lifting

from operations import export, forget
from operations.erasure import letting_back
from operations.terminal import Problem
from tests.builders import service_completed
from tests.canaries import found_in
from tests.integration.operations.erasure.conftest import TENANT, everything
from tests.integration.outreach.answers import draft, scores
from tests.integration.outreach.sent_messages import contact_of

# A moment after whatever a test has done before.
AHEAD = timedelta(seconds=2)
LIFT = ("--lift", "--reason", "asked at the counter", "--by", "anna", "--yes", "--json")


@pytest.fixture
def forgotten(stack, live, account, capsys, monkeypatch):
    """Somebody who was forgotten; the clock of the door stands a moment later."""

    def lived_and_forgotten():
        known = live(1)
        forget.main([TENANT, known.reference])
        capsys.readouterr()
        return known

    known = stack.begin_with("a customer who was forgotten", lived_and_forgotten)
    later(monkeypatch, AHEAD)
    return known


def later(monkeypatch, by):
    """Let the door's clock stand so much later."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) + by

    monkeypatch.setattr(forget, "datetime", Clock)


@pytest.fixture
def lift(forgotten, capsys):
    """Let them back by a consent that they gave just now; what the door said."""

    def lift(*given, consented=None):
        when = consented or datetime.now(UTC) + AHEAD / 2
        # What functions logged before.
        capsys.readouterr()
        forget.main([TENANT, forgotten.reference, "--consented", when.isoformat(), *(given or LIFT)])
        return json.loads(capsys.readouterr().out)

    return lift


def test_their_next_event_is_written_for_and_taken_in_again(stack, forgotten, lift, begin, script):
    told = lift()

    event = forgotten.bird.in_place_of_the_customer(service_completed())
    script(draft(), scores(5))
    document = stack.run(begin(event, event_id="msg_back"))

    assert (told["lifted"], told["by"], told["reason"]) == ("now", "anna", "asked at the counter")
    assert document["request"]["customer"] == forgotten.reference
    assert document["message"]["status"] == "approved"
    assert contact_of(stack, forgotten.reference)["lastWrittenAt"]
    assert forgotten.reference in everything(stack)["FeatureStoreTable"]


def test_what_came_while_they_were_forgotten_can_be_run_again_as_long_as_it_is_kept(
    stack, forgotten, lift, begin, script
):
    event = begin(forgotten.bird.in_place_of_the_customer(service_completed()), event_id="msg_while")
    assert stack.run(event)["message"]["status"] == "skipped"
    lift()
    script(draft(), scores(5))

    assert stack.run({**event, "run": 2})["message"]["status"] == "approved"


def test_nothing_of_before_returns(stack, crm, forgotten, lift):
    before = everything(stack)
    lift()
    found = everything(stack)

    assert {where for where in found if found[where] != before[where]} == {"OutreachContactsTable"}
    # Not by the same event again, either: it is known, and what it said isn't.
    event = forgotten.bird.in_place_of_the_customer(service_completed())
    assert stack.invoke("ReceiveWebhookFunction", crm.post(event, event_id="msg_1"))["statusCode"] == 202
    assert stack.queued()["Records"] == []
    assert {where for where, text in everything(stack).items() if found_in(text, [forgotten.bird])} == set()


def test_what_a_new_event_tells_of_before_is_taken_in_and_that_is_said(stack, forgotten, begin, capsys):
    consented = (datetime.now(UTC) + AHEAD / 2).isoformat()
    forget.main([TENANT, forgotten.reference, "--lift", "--consented", consented, "--reason", "asked", "--yes"])
    assert "also what it tells of before: older services" in " ".join(capsys.readouterr().out.split())

    begin(forgotten.bird.in_place_of_the_customer(service_completed()), event_id="msg_another")
    assert forgotten.reference in everything(stack)["FeatureStoreTable"]


def test_who_lifted_it_when_why_and_what_is_noted_and_given_to_the_person(account, forgotten, lift, capsys):
    told = lift()
    export.main([TENANT, forgotten.reference])
    [contact] = [each for each in json.loads(capsys.readouterr().out)["stores"] if each["store"] == "contact"]

    assert contact["holds"] == [{name: told[name] for name in (
        "at", "by", "reason", "consented_at", "forgotten_at", "suppressed", "suppressed_at"
    )}]  # fmt: skip
    assert told["suppressed"] == "forgotten"
    assert told["forgotten_at"] == told["suppressed_at"] < told["consented_at"] <= told["at"]


def test_again_it_changes_nothing(stack, lift):
    first, before = lift(), everything(stack)

    again = lift("--lift", "--reason", "another", "--by", "ben", "--yes", "--json")

    assert again == first | {"lifted": "already"}
    assert everything(stack) == before


def test_what_they_unsubscribed_from_before_is_lifted_too_and_said(account, live, capsys, monkeypatch):
    known = live(1)
    contacts = Contacts(table="OutreachContactsTable", dynamodb=account.dynamodb)
    contacts.suppress(TENANT, known.reference, reason="unsubscribed", at="2026-11-01T09:00:00Z")
    forget.main([TENANT, known.reference])
    later(monkeypatch, AHEAD)
    asked = []
    monkeypatch.setattr(letting_back, "confirmed", lambda question: asked.append(question) or True)
    consented = (datetime.now(UTC) + AHEAD / 2).isoformat()

    forget.main([TENANT, known.reference, "--lift", "--consented", consented, "--reason", "asked"])

    assert "unsubscribed 2026-11-01T09:00:00Z" in asked[0]
    assert contacts.known_of(TENANT, known.reference) == {}


def test_nothing_is_lifted_without_a_yes(stack, forgotten, lift, monkeypatch):
    before = everything(stack)
    monkeypatch.setattr(letting_back, "confirmed", lambda _: False)
    with pytest.raises(Problem, match="Nothing was lifted"):
        lift("--lift", "--reason", "asked")

    assert everything(stack) == before


@pytest.mark.parametrize("hours", [-24, 24])
def test_an_older_consent_or_one_of_tomorrow_lifts_nothing(stack, lift, hours):
    before = everything(stack)
    with pytest.raises(Problem, match="given since they were forgotten"):
        lift(consented=datetime.now(UTC) + timedelta(hours=hours))

    assert everything(stack) == before


def test_everything_that_is_missing_is_asked_for_at_once(forgotten):
    with pytest.raises(Problem, match=r"--reason .*; say when they gave the new consent"):
        forget.main([TENANT, forgotten.reference, "--lift", "--yes"])
    with pytest.raises(ArgumentTypeError, match="no moment"):
        letting_back.moment("yesterday")


@pytest.mark.parametrize("given", [["--consented", "2026-11-21"], ["--reason", ""], ["--by", "anna"], ["--yes"]])
def test_who_means_to_lift_and_leaves_that_out_forgets_nobody(stack, live, given, capsys):
    known = live(1)
    before = everything(stack)
    with pytest.raises(SystemExit):
        forget.main([TENANT, known.reference, *given])

    assert f"{given[0]} without --lift" in capsys.readouterr().err
    assert everything(stack) == before


def test_who_was_never_forgotten_stays_as_they_are(account, live):
    known = live(2)
    with pytest.raises(Problem, match=r"was never forgotten, so there is nothing to lift$"):
        forget.main([TENANT, known.reference, "--lift", "--yes"])
    contacts = Contacts(table="OutreachContactsTable", dynamodb=account.dynamodb)
    contacts.suppress(TENANT, known.reference, reason="complained", at="2026-11-01T09:00:00Z")
    with pytest.raises(Problem, match="complained since 2026-11-01T09:00:00Z, and that stays"):
        forget.main([TENANT, known.reference, "--lift", "--yes"])


def refused(lift):
    """Whether letting them back is refused because something of theirs is left, with the command that ends it."""
    with pytest.raises(Problem, match=rf"isn't finished.* first run scripts/forget {TENANT} c-"):
        lift()
    return True


def test_who_is_forgotten_by_half_is_let_back_only_when_the_rest_is_gone(stack, live, account, capsys, monkeypatch):
    known = live(1)
    stack.clients.fail("s3vectors:DeleteVectors", "AccessDenied", 403)
    with pytest.raises(Exception, match="AccessDenied"):
        forget.main([TENANT, known.reference])
    later(monkeypatch, AHEAD)
    back = [TENANT, known.reference, "--consented", (datetime.now(UTC) + AHEAD / 2).isoformat(), *LIFT]

    assert refused(lambda: forget.main(back))
    forget.main([TENANT, known.reference])
    capsys.readouterr()
    forget.main(back)
    assert json.loads(capsys.readouterr().out)["lifted"] == "now"


def test_nobody_is_let_back_while_a_run_of_theirs_may_write_something_down(account, forgotten, lift, begin, capsys):
    event = begin(forgotten.bird.in_place_of_the_customer(service_completed()), event_id="msg_open")
    # What the event said, which led to its run, goes with the first.
    for _ in range(2):
        forget.main([TENANT, forgotten.reference])
        assert "1 run of theirs was not over" in capsys.readouterr().err
        assert refused(lift)

    account.records.note(EventReference.of(event), "over")
    forget.main([TENANT, forgotten.reference])
    assert lift()["lifted"] == "now"


def test_nobody_is_let_back_while_a_file_that_names_them_is_taken_in(stack, forgotten, lift, capsys):
    text = json.dumps(forgotten.bird.in_place_of_the_customer(service_completed()))
    stack.clients("s3").put_object(Bucket="inboxbucket", Key=f"inbox/{TENANT}/greenedge-crm/them.jsonl", Body=text)
    forget.main([TENANT, forgotten.reference])

    assert "1 file with lines of theirs was still being taken in" in capsys.readouterr().err
    assert refused(lift)


def test_who_is_being_forgotten_again_meanwhile_is_not_let_back(account, forgotten):
    contacts, lifting = (made(table="OutreachContactsTable", dynamodb=account.dynamodb) for made in (Contacts, Lifting))
    at = contacts.known_of(TENANT, forgotten.reference)["forgottenAt"]
    contacts.forget(TENANT, forgotten.reference, at="2026-11-30T09:00:00Z")

    assert not lifting.lift(TENANT, forgotten.reference, Lifted(*["-"] * 4, at, "forgotten", at))


def test_whose_forgetting_ends_after_they_were_let_back_is_noted_nowhere(account, forgotten, lift):
    lift()
    contacts = Contacts(table="OutreachContactsTable", dynamodb=account.dynamodb)
    contacts.all_forgotten(TENANT, forgotten.reference)

    assert contacts.known_of(TENANT, forgotten.reference) == {}


def test_who_was_faster_is_seen(stack, forgotten, lift, monkeypatch):
    monkeypatch.setattr("outreach.erasure.lifting.Lifting.lift", lambda *_: False)
    with pytest.raises(Problem, match="by somebody else meanwhile"):
        lift()


def test_who_is_forgotten_once_more_is_forgotten_whole(stack, forgotten, lift, capsys):
    lift()
    forget.main([TENANT, forgotten.reference, "--json"])
    [contact] = [each for each in json.loads(capsys.readouterr().out)["forgotten"] if each["store"] == "contact"]

    assert contact["forgotten"]["note of who let them back"] == 1
    assert contact_of(stack, forgotten.reference)["suppressed"] == "forgotten"
    assert "asked at the counter" not in everything(stack)["OutreachContactsTable"]
