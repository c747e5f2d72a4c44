"""What became of a message: attached once, whatever its order; never lost; and heard by whoever goes by it."""

import json
import random
from dataclasses import replace
from datetime import timedelta

import pytest
from agent_platform.ingest.open_events import LISTING as OPEN
from agent_platform.moments import epoch, iso
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from outreach.contacts import Contacts
from outreach.outcomes.attaching import MessageOutcomes
from outreach.outcomes.kinds import GOOD
from outreach.outcomes.recording import SUPPRESSED

from tests.builders import outcome_recorded
from tests.integration.outreach.answers import draft, scores
from tests.integration.outreach.interruptions import killed_at
from tests.integration.outreach.sent_messages import (
    CUSTOMER,
    RECORD,
    TENANT,
    WRITTEN,
    attached,
    contact_of,
    day,
    deliver,
    item_of,
    message_of,
    put_message,
    recorder_of,
    records_of,
    tell,
)
from tests.integration.outreach.traces import message, published

KINDS = ("sent", "opened", "clicked", "booked", "referred", "unsubscribed", "complained")


def receipt(stack, reference):
    return records_of(stack).receipt(reference.record)


def failures(stack):
    return [each for each in stack.items("EventRecordsTable") if each["part"].startswith("failure#")]


def is_open(receipt):
    return OPEN.shard in receipt


def without_revisions(contents):
    """Everything but how often a row of features was folded."""
    rows = contents["FeatureStoreTable"]
    return contents | {"FeatureStoreTable": [each | {"revision": 0} for each in rows]}


# Attached


def test_an_outcome_comes_through_the_door_to_its_message_and_concludes_its_event(ready, begin, script, crm):
    script(draft(), scores(5))
    document = ready.run(begin())
    told = outcome_recorded(message_id=document["message"]["message_id"], outcome="booked", value=245)
    answer = ready.invoke("ReceiveWebhookFunction", crm.post(told, event_id="msg_told"))
    assert answer["statusCode"] == 202, answer["body"]

    assert ready.invoke(RECORD, ready.queued("OutreachOutcomesQueue")) == {"batchItemFailures": []}

    stored = message(ready, document)
    # It is told of a day before the message was written: clocks differ.
    assert stored["outcomes"]["booked"] | {"event": ""} == {"at": stored["asOf"], "event": "", "value": 245}
    assert stored["status"] == "approved"
    [concluded] = [each for each in ready.items("EventRecordsTable") if each.get("eventId") == "msg_told"
                   and each["part"] == "receipt"]  # fmt: skip
    assert concluded["outcome"] == {"kind": "noted", "run": 1, "status": "attached to its message", "execution": ""}
    assert not is_open(concluded)


def test_what_the_customer_did_is_a_feature_of_theirs(stack):
    message_id = put_message(stack)
    deliver(stack, *(tell(stack, kind, message_id, at=day(number), event_id=kind)
                     for number, kind in enumerate(("sent", "clicked", "booked"))))  # fmt: skip
    [row] = [each for each in stack.items("FeatureStoreTable") if each["view"] == "customer@1"]

    assert row["entity"] == f"{TENANT}#{CUSTOMER}"
    assert json.loads(row["packed"])["responses"][0] == {"sent": 1, "clicked": 1, "booked": 1}


def test_the_same_event_again_changes_nothing(stack):
    message_id = put_message(stack)
    reference = tell(stack, "sent", message_id, at=day(1), event_id="one")
    deliver(stack, reference)
    before = without_revisions(stack.contents())
    deliver(stack, reference, reference)

    assert without_revisions(stack.contents()) == before


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_two_of_a_kind_the_earlier_one_stands(stack, order):
    message_id = put_message(stack)
    told = [tell(stack, "opened", message_id, at=day(number), event_id=f"{number}", value=number) for number in (1, 2)]
    deliver(stack, *(told[each] for each in order))

    assert message_of(stack, message_id)["outcomes"] == {
        "opened": {"at": iso(day(1)), "event": told[0].digest, "value": 1}
    }


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_two_of_a_kind_at_the_same_moment_it_is_the_same_one_in_any_order(stack, order):
    message_id = put_message(stack)
    told = [tell(stack, "opened", message_id, at=day(1), event_id=f"{number}") for number in (1, 2)]
    deliver(stack, *(told[each] for each in order))

    assert message_of(stack, message_id)["outcomes"]["opened"]["event"] == min(each.digest for each in told)


@pytest.mark.parametrize("time", ["2026-02-30T09:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_a_time_that_no_calendar_has_is_the_time_of_the_receipt(stack, time):
    message_id = put_message(stack)
    reference = tell(stack, "opened", message_id, at=day(1), event_id="one")
    key = {"record": {"S": reference.record}, "part": {"S": "body"}}
    body = json.dumps(outcome_recorded(message_id=message_id, outcome="opened", time=time))
    stack.clients("dynamodb").update_item(
        TableName="EventRecordsTable", Key=key, UpdateExpression="SET #e = :body",
        ExpressionAttributeNames={"#e": "event"}, ExpressionAttributeValues={":body": {"S": body}},
    )  # fmt: skip
    assert deliver(stack, reference) == []
    assert attached(stack, message_id) == {"opened": iso(day(1) + timedelta(minutes=1))}


def test_a_time_to_come_is_the_time_of_the_receipt_and_one_before_the_message_is_the_message_s(stack):
    message_id = put_message(stack)
    deliver(
        stack,
        tell(stack, "opened", message_id, at=day(9), received=day(2), event_id="early"),
        tell(stack, "clicked", message_id, at=day(-3), received=day(2), event_id="late"),
    )
    assert attached(stack, message_id) == {"opened": iso(day(2)), "clicked": iso(day(0))}


@st.composite
def told_in_any_order(draw):
    """What a sender tells of one message, and two orders in which it may arrive, with events that come twice."""
    events = draw(st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 3)), min_size=1, max_size=9))
    orders = [draw(st.permutations([*range(len(events)), *range(0, len(events), 2)])) for _ in range(2)]
    return events, orders


def outcomes_after(stack, number, events, order):
    message_id = put_message(stack, number, customer=f"c-{number}")
    told = [tell(stack, kind, message_id, at=day(at), event_id=f"{message_id}-{each}", value=each)
            for each, (kind, at) in enumerate(events)]  # fmt: skip
    recorder = recorder_of(stack)
    for each in order:
        recorder.record(told[each], now=day(9))
    stored = message_of(stack, message_id)
    names = {reference.digest: number for number, reference in enumerate(told)}
    found = {kind: {**each, "event": names[each["event"]]} for kind, each in stored["outcomes"].items()}
    return found, stored.get("maturesAt"), contact_of(stack, f"c-{number}"), names


def test_the_order_in_which_outcomes_arrive_and_how_often_makes_no_difference(stack):
    numbers = iter(range(1, 1_000_000))

    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
    @given(told_in_any_order())
    def holds(case):
        events, orders = case
        # What earlier examples left would be copied with every transaction.
        stack.begin_with("no message", lambda: None)
        for order in orders:
            found, matures, kept, names = outcomes_after(stack, next(numbers), events, order)
            earliest = {}
            for name, (kind, at) in enumerate(events):
                digest = next(digest for digest, number in names.items() if number == name)
                earliest[kind] = min(earliest.get(kind, (99, "", 0)), (at, digest, name))
            assert found == {
                kind: {"at": iso(day(at)), "event": name, "value": name} for kind, (at, _, name) in earliest.items()
            }
            harm = sorted((at, kind) for kind, (at, _, _) in earliest.items() if kind in ("unsubscribed", "complained"))
            sent = earliest["sent"][0] if "sent" in earliest else min(at for at, _, _ in earliest.values())
            assert matures == iso(day(harm[0][0] if harm else sent + 33))
            assert (kept and kept["suppressed"]) == (harm[0][1] if harm else None)

    holds()


def test_who_is_overtaken_while_writing_reads_again(stack, monkeypatch):
    message_id = put_message(stack)
    outcomes = MessageOutcomes(table="OutreachMessagesTable", dynamodb=stack.clients("dynamodb"))
    rivals = [tell(stack, kind, message_id, at=day(1), event_id=kind) for kind in ("opened", "clicked", "booked")]
    reading = MessageOutcomes.read

    def read_then_be_overtaken(self, key):
        seen = reading(self, key)
        if rivals:
            rival = rivals.pop()
            with monkeypatch.context() as patched:
                patched.setattr(MessageOutcomes, "read", reading)
                deliver(stack, rival)
        return seen

    told = tell(stack, "sent", message_id, at=day(1), event_id="sent")
    with monkeypatch.context() as patched:
        patched.setattr(MessageOutcomes, "read", read_then_be_overtaken)
        assert deliver(stack, told) == []
    assert set(attached(stack, message_id)) == {"sent", "opened", "clicked", "booked"}
    assert outcomes.read(f"{TENANT}#{message_id}")["outcomesRevision"] == 4


def test_who_is_overtaken_every_time_comes_again(stack, capsys):
    message_id = put_message(stack)
    told = tell(stack, "sent", message_id, at=day(1), event_id="sent")
    for _ in range(8):
        stack.clients.fail("dynamodb:UpdateItem", "ConditionalCheckFailedException", 400)
    assert deliver(stack, told) == ["0"]
    assert '"error":"the message\'s outcomes changed meanwhile"' in capsys.readouterr().out
    assert deliver(stack, told) == []
    assert set(attached(stack, message_id)) == {"sent"}


def test_a_poison_message_alone_comes_again(stack):
    message_id = put_message(stack)
    told = tell(stack, "sent", message_id, at=day(1), event_id="sent")
    batch = [{"messageId": "poison", "body": "{}"}, {"messageId": "1", "body": json.dumps({"detail": vars(told)})}]
    assert stack.invoke(RECORD, {"Records": batch}) == {"batchItemFailures": [{"itemIdentifier": "poison"}]}
    assert set(attached(stack, message_id)) == {"sent"}


def test_a_message_that_a_rerun_replaced_keeps_what_became_of_it(stack):
    message_id = put_message(stack, status="superseded")
    deliver(stack, tell(stack, "sent", message_id, at=day(1), event_id="sent"))
    assert message_of(stack, message_id)["status"] == "superseded"
    assert set(attached(stack, message_id)) == {"sent"}


# Never lost


@pytest.mark.parametrize("why", ["nobody's", "another tenant's", "a skip", "retention is over"])
def test_an_outcome_of_no_message_is_kept_as_the_failure_of_its_event(stack, why):
    message_id = "f" * 64
    if why == "another tenant's":
        message_id = put_message(stack, tenant="brightnest")
    elif why == "a skip":
        message_id = put_message(stack, status="skipped")
    elif why == "retention is over":
        message_id = put_message(stack, expiresAt=1_000_000_000)
    reference = tell(stack, "complained", message_id, at=day(1), event_id="lost")
    assert deliver(stack, reference) == []

    [failure] = failures(stack)
    assert (failure["error"], failure["status"], failure["current"]) == ("UnknownMessage", "NOT_ATTACHED", True)
    assert failure["execution"] is None
    concluded = receipt(stack, reference)
    assert (concluded["outcome"]["kind"], concluded["outcome"]["status"]) == ("failure", "UnknownMessage")
    assert not is_open(concluded)
    assert [each for each in stack.items("OutreachMessagesTable") if "outcomes" in each] == []
    assert stack.items("OutreachContactsTable") == stack.items("FeatureStoreTable") == []


@pytest.mark.parametrize("kind", ["unsubscribed", "complained"])
def test_who_wants_no_more_by_a_message_that_expired_is_suppressed(stack, kind):
    note_addressee(stack)
    reference = tell(stack, kind, f"{1:064x}", at=day(1), event_id="late")
    assert deliver(stack, reference) == []

    assert contact_of(stack)["suppressed"] == kind
    assert contact_of(stack)["suppressedAt"] == iso(day(1))
    assert failures(stack) == []
    assert receipt(stack, reference)["outcome"]["status"] == SUPPRESSED


@pytest.mark.parametrize("why", ["nothing harmful", "another tenant's", "its own time is over"])
def test_nobody_is_suppressed_by_a_message_that_expired_otherwise(stack, why):
    tenant = "brightnest" if why == "another tenant's" else TENANT
    note_addressee(stack, tenant=tenant, kept_until=day(-731) if why == "its own time is over" else day(0))
    kind = "opened" if why == "nothing harmful" else "complained"
    deliver(stack, tell(stack, kind, f"{1:064x}", at=day(1), event_id="late"))
    assert contact_of(stack) is None
    assert [each["error"] for each in failures(stack)] == ["UnknownMessage"]


def note_addressee(stack, *, tenant=TENANT, kept_until=WRITTEN):
    """What Store notes of a message, which isn't kept any more."""
    message = {"tenant": tenant, "messageId": f"{1:064x}", "customer": CUSTOMER, "asOf": iso(day(0))}
    dynamodb = stack.clients("dynamodb")
    contacts = Contacts(table="OutreachContactsTable", dynamodb=dynamodb)
    noted = contacts.addressed(message | {"expiresAt": epoch(kept_until, days=0)})
    dynamodb.transact_write_items(TransactItems=[noted])


def test_an_id_with_the_other_tenant_s_name_in_it_reaches_none_of_its_messages(stack):
    theirs = put_message(stack, tenant="brightnest")
    for number, guess in enumerate((f"brightnest#{theirs}", f"#{theirs}", f"../brightnest#{theirs}")):
        deliver(stack, tell(stack, "unsubscribed", guess, at=day(1), event_id=f"{number}"))
    assert [each["error"] for each in failures(stack)] == ["UnknownMessage"] * 3
    assert "outcomes" not in message_of(stack, theirs, tenant="brightnest")


def test_once_its_message_is_there_it_is_attached_when_it_is_sent_again(stack, crm):
    told = outcome_recorded(message_id=f"{1:064x}", outcome="booked")
    for _ in range(2):
        stack.invoke("ReceiveWebhookFunction", crm.post(told, event_id="early"))
        stack.invoke(RECORD, stack.queued("OutreachOutcomesQueue"))
    assert [each["error"] for each in failures(stack)] == ["UnknownMessage"]

    put_message(stack)
    stack.invoke("ReceiveWebhookFunction", crm.post(told, event_id="early"))
    stack.invoke(RECORD, stack.queued("OutreachOutcomesQueue"))
    assert set(attached(stack, f"{1:064x}")) == {"booked"}
    [failure] = failures(stack)
    assert not failure["current"]
    [concluded] = [each for each in stack.items("EventRecordsTable") if each["part"] == "receipt"]
    assert concluded["outcome"]["kind"] == "noted"


def test_an_outcome_whose_body_is_gone_is_a_failure_with_that_name(stack):
    reference = tell(stack, "sent", put_message(stack), at=day(1), event_id="gone")
    key = {"record": {"S": reference.record}, "part": {"S": "body"}}
    stack.clients("dynamodb").delete_item(TableName="EventRecordsTable", Key=key)
    assert deliver(stack, reference) == []
    assert [each["error"] for each in failures(stack)] == ["EventUnavailable"]


def test_an_event_that_was_never_recorded_comes_again_and_leaves_nothing(stack):
    reference = tell(stack, "sent", put_message(stack), at=day(1), event_id="known")
    before = stack.contents()
    assert deliver(stack, replace(reference, event_id="unheard of")) == ["0"]
    assert stack.contents() == before


# Suppressed


@pytest.mark.parametrize("kind", ["unsubscribed", "complained"])
def test_who_wants_no_more_is_not_written_to_again(ready, begin, script, kind):
    script(draft(), scores(5))
    document = ready.run(begin())
    stored = message(ready, document)
    deliver(ready, tell(ready, kind, stored["messageId"], at=day(1), event_id="no-more"))

    again = ready.run(begin(event_id="msg_2"))
    assert message(ready, again)["skip"]["reason"] == "suppressed"


def test_a_message_that_is_being_written_meanwhile_is_not_stored_as_approved(ready, begin, script):
    script(draft(), scores(5))
    late = begin()
    for state in ("Validate", "Enrich", "Retrieve", "Generate", "Judge"):
        late, _ = ready.step(state, late)
    earlier = put_message(ready, customer=late["request"]["customer"])
    deliver(ready, tell(ready, "complained", earlier, at=day(1), event_id="no-more"))

    stored = message(ready, ready.step("Store", late)[0])
    assert (stored["status"], stored["skip"]["reason"]) == ("skipped", "suppressed")


def test_a_suppressed_contact_never_expires(stack):
    message_id = put_message(stack)
    written = {"contact": {"S": f"{TENANT}#{CUSTOMER}"}, "lastWrittenAt": {"S": iso(day(0))}, "receipt": {"S": "r"}}
    stack.clients("dynamodb").put_item(
        TableName="OutreachContactsTable", Item=written | {"expiresAt": {"N": "1900000000"}}
    )
    deliver(stack, tell(stack, "unsubscribed", message_id, at=day(1), event_id="no-more"))

    assert contact_of(stack) == {
        "contact": f"{TENANT}#{CUSTOMER}", "lastWrittenAt": iso(day(0)), "receipt": "r", "suppressed": "unsubscribed",
        "suppressedAt": iso(day(1)),
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["sent", "opened", "clicked", "booked", "referred"])
def test_nothing_else_suppresses_anybody(stack, kind):
    deliver(stack, tell(stack, kind, put_message(stack), at=day(1), event_id="one"))
    assert contact_of(stack) is None


# Heard


def heard(stack):
    return [json.loads(each["Detail"]) for each in published(stack) if each["DetailType"] == "message.succeeded"]


@pytest.mark.parametrize("good", sorted(GOOD))
@pytest.mark.parametrize("sent_first", [True, False])
def test_the_bus_hears_of_a_message_that_was_sent_and_went_well_in_either_order(stack, good, sent_first):
    message_id = put_message(stack)
    kinds = ["sent", good] if sent_first else [good, "sent"]
    heard_after = []
    for kind in kinds:
        deliver(stack, tell(stack, kind, message_id, at=day(1), event_id=kind))
        heard_after.append(heard(stack))
    assert heard_after == [[], [{"tenant": TENANT, "message_id": message_id}]]


def test_nobody_hears_of_a_message_that_was_only_opened(stack):
    message_id = put_message(stack)
    for kind in ("sent", "opened", "clicked", "complained"):
        deliver(stack, tell(stack, kind, message_id, at=day(1), event_id=kind))
        assert heard(stack) == []


# Whatever ends the process


def history_of_one(stack, number, kinds, interrupted=None):
    """What stands after each of these was delivered; the last one's process may end, and then it is delivered again."""
    customer, recorder = f"c-{number}", recorder_of(stack)
    message_id = put_message(stack, number, customer=customer)
    told = [tell(stack, kind, message_id, at=day(at), event_id=f"{number}-{kind}") for at, kind in enumerate(kinds)]
    for each in told[:-1]:
        recorder.record(each, now=day(9))
    if interrupted:
        with killed_at(*interrupted) as made:
            recorder.record(told[-1], now=day(9))
        assert made[-1] == "killed"
    with killed_at(None, "") as made:
        recorder.record(told[-1], now=day(9))
    stored, row = (message_of(stack, message_id),
                   item_of(stack, "FeatureStoreTable", entity=f"{TENANT}#{customer}", view="customer@1"))  # fmt: skip
    suppressed = (contact_of(stack, customer) or {}).get("suppressed")
    responses = json.loads(row["packed"])["responses"][0]
    concluded = receipt(stack, told[-1])
    return made, (
        attached(stack, message_id), stored.get("maturesAt"), responses, suppressed, concluded["outcome"],
        is_open(concluded),
    )  # fmt: skip


@pytest.mark.parametrize("kinds", [("booked", "sent"), ("sent", "unsubscribed")])
def test_whatever_ends_the_process_the_outcome_is_attached_once_and_concluded(stack, kinds):
    calls, unharmed = history_of_one(stack, 1, kinds)
    assert len(calls) > 8
    points = [(number, when) for number in range(1, len(calls) + 1) for when in ("before", "after")]
    for place, point in enumerate(points, start=2):
        _, after = history_of_one(stack, place, kinds, point)
        assert after == unharmed, (point, calls)


def test_a_batch_in_any_order_is_the_same_as_one_by_one(stack):
    rng = random.Random(7)
    ends = []
    for number in (1, 2, 3):
        message_id = put_message(stack, number, customer=f"c-{number}")
        told = [tell(stack, kind, message_id, at=day(at), event_id=f"{number}-{kind}") for at, kind in enumerate(KINDS)]
        rng.shuffle(told)
        assert deliver(stack, *told, *told[:3]) == []
        ends.append((attached(stack, message_id), contact_of(stack, f"c-{number}")["suppressed"]))
    assert ends[0] == ends[1] == ends[2]
