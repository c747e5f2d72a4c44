"""scripts/forget, of a customer who went the whole way: the reference is left, and nothing of others' goes."""

import json
import time

import pytest

from operations import forget
from tests.builders import service_completed
from tests.canaries import found_in
from tests.integration.operations.erasure.conftest import TENANT, everything, update
from tests.integration.outreach.sent_messages import contact_of

# Where the reference, or a hash of it, still stands: that nobody writes to it.
SUPPRESSED = "OutreachContactsTable"
# And a receipt names its event's message, the ledger the run that was paid for: the message is gone.
LEFT = {SUPPRESSED, "EventRecordsTable", "CostLedgerTable"}

A_DAY = 24 * 60 * 60 + 1
# In the order in which stores forget: what is done isn't called for again.
CALLS = ("dynamodb:UpdateItem", "dynamodb:TransactWriteItems", "s3:PutObject", "s3:DeleteObject", "dynamodb:DeleteItem",
         "dynamodb:PutItem", "s3vectors:DeleteVectors", "dynamodb:BatchWriteItem")  # fmt: skip


@pytest.fixture
def both(stack, live):
    """Two customers, of whom the first is to be forgotten."""
    return stack.begin_with("two customers", lambda: (live(1), live(2)))


@pytest.fixture
def forgotten(both, account, capsys):
    """Forget the first; the receipt."""

    def forgotten():
        forget.main([TENANT, both[0].bird.customer_id, "--json"])
        return json.loads(capsys.readouterr().out)

    return forgotten


def of(known, found):
    """Where something of a customer stands: their name, their reference, or their message's id."""
    keys = (known.reference, known.message_id)
    return {where for where, text in found.items() if found_in(text, [known.bird]) or any(key in text for key in keys)}


def bodies(stack):
    return [row for row in stack.items("EventRecordsTable") if row["part"] == "body"]


def test_before_something_of_them_stands_in_every_store(stack, both):
    found = of(both[0], everything(stack))

    assert found >= {
        "EventRecordsTable", "OutreachMessagesTable", "RecordingsTable", "FeatureStoreTable", "OutreachContactsTable",
        "ExperimentsTable", "OutreachCasesTable", "ReviewTable", "vectors",
        "evaluationsbucket/an-evaluation/result.json",
    }  # fmt: skip


def test_nothing_of_them_is_left_but_the_reference_that_nobody_writes_to(stack, both, forgotten):
    forgotten()
    found, known = everything(stack), both[0]

    assert {where for where, text in found.items() if found_in(text, [known.bird])} == set()
    assert {where for where, text in found.items() if known.reference in text} == {SUPPRESSED}
    contact = contact_of(stack, known.reference)
    assert contact.pop("suppressedAt") == contact.pop("forgottenAt")
    assert contact == {"contact": f"{TENANT}#{known.reference}", "suppressed": "forgotten", "allForgotten": True}
    assert of(known, found) == LEFT


def test_nothing_of_another_customer_goes(stack, both, forgotten):
    before = of(both[1], everything(stack))
    forgotten()

    assert of(both[1], everything(stack)) == before
    assert both[1].message_id in everything(stack)["evaluationsbucket/an-evaluation/result.json"]


def test_what_came_of_them_still_counts_in_their_rollout(stack, both, forgotten):
    def counted():
        return sorted(
            (row["experiment"], row["arm"], row["share"], *sorted((name, each["value"]) for name, each in
             row["outcomes"].items())) for row in stack.items("ExperimentsTable")
        )  # fmt: skip

    before = counted()
    assert before[0][3:]
    forgotten()

    assert counted() == before
    [left] = [row for row in stack.items("ExperimentsTable") if "nobody" in row["customer"]]
    assert "bucket" not in left
    assert left["at"].endswith("T00:00:00Z")


def test_the_receipt_says_what_was_forgotten_and_what_remains_until_when(forgotten):
    receipt = forgotten()

    assert {each["store"]: each["forgotten"] for each in receipt["forgotten"]} == {
        "contact": {"note of the last message": 1, "note of who let them back": 0},
        "uploads": {"file": 0, "file in use": 0},
        "rollouts": {"exposure": 1},
        "evaluations": {"file": 1},
        # The item, and what one person said.
        "reviews": {"row": 2},
        "recordings": {"recording": 1},
        # The service, two outcomes and the update; the service was prepared as well.
        "events": {"event": 4, "part": 5},
        "cases": {"case": 1, "membership": 1},
        "vectors": {"vector": 1},
        "features": {"item": 6},
        "messages": {"message": 1},
        "addressees": {"note": 1},
    }
    assert {each["until"] for each in receipt["remains"]} > {"for good"}
    assert all(each["what"] and each["where"] and each["why"] for each in receipt["remains"])
    assert receipt["still_open"] == []
    assert receipt["searched"]["tables"][0] == "EventRecordsTable"


def test_again_there_is_nothing_left_to_forget(stack, forgotten):
    forgotten()
    before = everything(stack)

    again = forgotten()["forgotten"]
    assert [count for each in again for count in each["forgotten"].values() if count] == []
    assert {where: text for where, text in everything(stack).items() if where != "OutreachCasesTable"} == {
        where: text for where, text in before.items() if where != "OutreachCasesTable"
    }


def test_what_broke_off_is_finished_by_running_it_again(stack, both, forgotten):
    for call in CALLS:
        stack.clients.fail(call, "AccessDenied", 403)
        with pytest.raises(Exception, match="AccessDenied"):
            forgotten()
    forgotten()

    assert of(both[0], everything(stack)) == LEFT


def test_wherever_it_is_killed_nothing_is_lost_from_sight(stack, both, account, forgotten, monkeypatch):
    """Each time a process is killed, one deletion later."""
    delete, killed = account.dynamodb.delete_item, 0

    def deleted(**asked):
        if next(left, None) is None:
            raise KeyboardInterrupt
        return delete(**asked)

    monkeypatch.setattr(account.dynamodb, "delete_item", deleted)
    while True:
        left = iter(range(killed))
        try:
            forgotten()
            break
        except KeyboardInterrupt:
            killed += 1

    assert killed >= 4
    assert of(both[0], everything(stack)) == LEFT


def test_their_next_event_is_no_occasion_to_write_and_no_word_of_it_is_kept(stack, both, forgotten, begin):
    forgotten()
    known = both[0]

    document = stack.run(begin(known.bird.in_place_of_the_customer(service_completed()), event_id="msg_next"))

    assert document["request"]["skip"]["reason"] == "suppressed"
    assert document["message"]["status"] == "skipped"
    assert found_in(json.dumps(document), [known.bird]) == []
    [body] = [row for row in bodies(stack) if known.bird.mailbox in row["event"]]
    assert body["expiresAt"] < time.time() + A_DAY
    key = {name: {"S": body[name]} for name in ("record", "part")}
    stack.clients("dynamodb").delete_item(TableName="EventRecordsTable", Key=key)
    found = everything(stack)
    assert {where for where, text in found.items() if found_in(text, [known.bird])} == set()
    assert {where for where, text in found.items() if known.reference in text} == {
        SUPPRESSED, "OutreachMessagesTable", "EventRecordsTable",
    }  # fmt: skip


def test_their_next_change_is_noted_and_not_kept(stack, crm, both, forgotten):
    forgotten()
    update(stack, crm, both[0].bird, 9)

    [receipt] = [row for row in stack.items("EventRecordsTable") if row.get("eventId") == "update_9"]
    assert receipt["outcome"]["status"] == "its customer is forgotten"
    [body] = [row for row in bodies(stack) if row["record"] == receipt["record"]]
    assert body["expiresAt"] < time.time() + A_DAY
    assert both[0].reference not in everything(stack)["FeatureStoreTable"]
    assert both[0].reference not in everything(stack)["vectors"]


def test_the_same_event_again_is_a_duplicate_that_brings_nothing_back(stack, crm, both, forgotten):
    forgotten()
    event = both[0].bird.in_place_of_the_customer(service_completed())
    before = everything(stack)

    answer = stack.invoke("ReceiveWebhookFunction", crm.post(event, event_id="msg_1"))

    assert answer["statusCode"] == 202
    assert stack.queued()["Records"] == []
    assert everything(stack)["EventRecordsTable"] == before["EventRecordsTable"]


def test_a_run_that_is_not_over_is_told(stack, begin, both, account, capsys):
    event = both[0].bird.in_place_of_the_customer(service_completed())
    begin(event, event_id="msg_open")

    forget.main([TENANT, both[0].bird.customer_id])

    said = capsys.readouterr()
    assert "1 run of theirs was not over" in said.err
    assert f"Next: scripts/forget {TENANT} {both[0].reference}" in said.err
