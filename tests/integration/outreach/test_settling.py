"""A message that is mature is counted once: for its cases, its arm and its rollout, whatever ends the sweep."""

import itertools
import logging
from collections import Counter
from datetime import timedelta

import pytest
from agent_platform import telemetry
from agent_platform.experiments.decisions import compare
from agent_platform.experiments.evidence import Cell, gather
from agent_platform.experiments.exposures import Exposures
from agent_platform.experiments.outcomes import Outcomes
from agent_platform.experiments.plans import Plan
from agent_platform.moments import iso
from agent_platform.retrieval.credits import Counted, Credits
from agent_platform.retrieval.weighing import refresh
from agent_platform.sweeps import IncompleteSweepError
from outreach.outcomes.attaching import LISTING, MessageOutcomes
from outreach.outcomes.kinds import GRACE, Outcome
from outreach.outcomes.settling import Settlement

from tests.integration.outreach.interruptions import killed_at
from tests.integration.outreach.sent_messages import (
    CUSTOMER,
    TENANT,
    attached,
    day,
    deliver,
    item_of,
    message_of,
    put_message,
    recorder_of,
    tell,
)

# When a referral that was sent on the first day is counted.
MATURE = day(34)
SETTLE, WRITER = "OutreachSettleOutcomesFunction", "platform#outreach-writer"
IN_ROLLOUT = {
    "writer": {"agent_id": WRITER, "version": 2, "rollout": 1, "arm": "candidate", "bucket": 1, "share": 5000}
}


@pytest.fixture(autouse=True)
def _workflow(monkeypatch):
    monkeypatch.setenv("WORKFLOW", "outreach")
    telemetry.log.cache_clear()
    telemetry.workflow.cache_clear()
    logging.Logger.manager.loggerDict.pop("outreach", None)


class Books:
    """The settlement on moto, at a time of the test's own, and what it counted."""

    def __init__(self, stack):
        self.stack, dynamodb = stack, stack.clients("dynamodb")
        self.messages = MessageOutcomes(table="OutreachMessagesTable", dynamodb=dynamodb)
        self.credits = Credits(table="CaseCreditsTable", dynamodb=dynamodb)
        self.exposures = Exposures(table="ExperimentsTable", dynamodb=dynamodb)
        self.rollouts = Outcomes(table="ExperimentsTable", dynamodb=dynamodb)
        self.refreshed = []
        self.settlement = Settlement(self.messages, self.credits, self._refresh, self.rollouts)

    def _refresh(self, case_credits, tenant, purpose):
        self.refreshed.append((tenant, purpose))
        return refresh(case_credits, tenant, purpose)

    def sweep(self, at, **bounds):
        return self.settlement.sweep(now=at, **{"may_go_on": lambda: True} | bounds).answers

    def message(self, number=1, *kinds, sent=1, retrieval="found", passages=("case-a", "case-b"), **changes):
        """A message that was sent on a day, and of which more is known on the days after; its id."""
        message_id = put_message(self.stack, number, retrieval=retrieval, passages=list(passages), **changes)
        tenant = changes.get("tenant", TENANT)
        if sent is not None:
            self.attach(message_id, "sent", sent, tenant)
        for later, kind in enumerate(kinds, start=2):
            self.attach(message_id, kind, later, tenant)
        return message_id

    def attach(self, message_id, kind, at, tenant=TENANT):
        message = self.messages.read(f"{tenant}#{message_id}")
        self.messages.attach(message, Outcome(kind, iso(day(at)), f"{kind}-{at}"))

    def expose(self, tenant=TENANT):
        agent = IN_ROLLOUT["writer"]
        self.exposures.record(agent, tenant=tenant, customer=CUSTOMER, now=day(0), expires_at=4_000_000_000)

    def told(self, tenant=TENANT):
        """What the rollout knows of the customer."""
        row = item_of(self.stack, "ExperimentsTable", experiment=f"{WRITER}#1", customer=f"{tenant}#{CUSTOMER}")
        return {metric: each["value"] for metric, each in row["outcomes"].items()}

    def counted(self, purpose="referral", *, tenant=TENANT):
        """The counters of cases and arms, but for those of nothing."""
        ledger = self.credits.ledger(tenant, purpose)
        return {name: each for name, each in {**ledger.cases, **ledger.arms}.items() if each.uses}

    def settled(self, message_id, *, tenant=TENANT):
        return message_of(self.stack, message_id, tenant=tenant).get("settled")


@pytest.fixture
def books(stack):
    return Books(stack)


def test_a_good_message_is_counted_for_each_of_its_cases_and_for_its_arm(books):
    message_id = books.message(1, "opened", "referred")

    assert books.sweep(MATURE) == {"settled": 1}
    assert books.counted() == dict.fromkeys(("case-a", "case-b", "retrieved"), Counted(1, 1, 0))
    assert books.settled(message_id) == {
        "good": True, "harmed": False, "at": iso(MATURE), "outcomes": ["opened", "referred", "sent"],
    }  # fmt: skip
    assert not {LISTING.shard, LISTING.due} & message_of(books.stack, message_id).keys()
    assert books.refreshed == [(TENANT, "referral")]


@pytest.mark.parametrize(
    ("kinds", "counted"),
    [
        ((), Counted(1, 0, 0)),
        (("opened", "clicked"), Counted(1, 0, 0)),
        (("booked",), Counted(1, 1, 0)),
        (("unsubscribed",), Counted(1, 0, 1)),
        (("booked", "complained"), Counted(1, 1, 1)),
    ],
)
def test_what_is_good_and_what_harms(books, kinds, counted):
    books.message(1, *kinds)
    books.sweep(MATURE)
    assert books.counted()["retrieved"] == counted


@pytest.mark.parametrize(("purpose", "window"), [("referral", 30), ("upsell", 14)])
def test_a_message_is_settled_a_grace_after_the_window_of_its_purpose(books, purpose, window):
    books.message(1, "booked", sent=1, purpose=purpose)

    counted = day(1 + window) + GRACE
    assert books.sweep(counted - timedelta(seconds=1)) == {}
    assert books.sweep(counted) == {"settled": 1}
    assert books.sweep(counted + timedelta(days=9)) == {}
    assert books.counted(purpose)["retrieved"] == Counted(1, 1, 0)


def test_a_message_of_which_nothing_is_known_is_not_counted(books):
    message_id = books.message(1, sent=None)
    assert books.sweep(day(60)) == {}
    assert (books.settled(message_id), books.counted()) == (None, {})


@pytest.mark.parametrize(("kind", "counted"), [("booked", (1, 1, 0)), ("opened", (1, 0, 0)), ("complained", (1, 0, 1))])
def test_what_nobody_said_was_sent_was_when_something_else_became_of_it(books, kind, counted):
    message_id = books.message(1, kind, sent=None)
    assert books.sweep(day(35)) == {"settled": 1}
    assert books.counted()["case-a"] == Counted(*counted)
    assert LISTING.shard not in message_of(books.stack, message_id)


def test_an_earlier_sending_that_becomes_known_later_ends_the_window_earlier(books):
    message_id = books.message(1, sent=5)
    books.attach(message_id, "sent", 1)
    assert books.sweep(MATURE) == {"settled": 1}


def test_what_came_after_the_window_does_not_count_however_late_the_sweep_is(books):
    message_id = books.message(1, sent=1)
    books.attach(message_id, "booked", 32)
    books.sweep(day(60))
    assert books.counted()["case-a"] == Counted(1, 0, 0)
    assert books.settled(message_id)["outcomes"] == ["sent"]


def test_what_becomes_known_after_it_was_settled_is_attached_and_counts_no_more(books):
    message_id = books.message(1, sent=5)
    books.sweep(day(38))
    books.attach(message_id, "booked", 6)
    books.attach(message_id, "sent", 1)

    assert books.sweep(day(99)) == {}
    assert attached(books.stack, message_id) == {"sent": iso(day(1)), "booked": iso(day(6))}
    assert LISTING.shard not in message_of(books.stack, message_id)
    assert books.counted()["retrieved"] == Counted(1, 0, 0)


def test_an_earlier_sending_that_is_told_while_it_is_settled_puts_it_on_the_list_no_more(books, monkeypatch):
    message_id, reading = books.message(1, sent=5), MessageOutcomes.read

    def read_and_be_overtaken(self, key):
        seen = reading(self, key)
        monkeypatch.setattr(MessageOutcomes, "read", reading)
        books.sweep(day(38))
        return seen

    message = message_of(books.stack, message_id)
    monkeypatch.setattr(MessageOutcomes, "read", read_and_be_overtaken)
    books.messages.attach(message, Outcome("sent", iso(day(1)), "sent-1"))

    assert attached(books.stack, message_id) == {"sent": iso(day(1))}
    assert LISTING.shard not in message_of(books.stack, message_id)


def test_what_becomes_known_while_it_is_settled_is_counted_too(books, monkeypatch):
    message_id, settle = books.message(), MessageOutcomes.settle

    def be_overtaken(self, message, settled, *, counted):
        monkeypatch.setattr(MessageOutcomes, "settle", settle)
        books.attach(message_id, "booked", 3)
        return settle(self, message, settled, counted=counted)

    monkeypatch.setattr(MessageOutcomes, "settle", be_overtaken)
    assert books.sweep(MATURE) == {"settled": 1}
    assert books.counted()["retrieved"] == Counted(1, 1, 0)


def test_a_customer_who_is_held_out_counts_for_that_arm_alone(books):
    books.message(1, "booked", retrieval="held_out", passages=())
    books.message(2, retrieval="none_found", passages=())
    books.message(3, retrieval="not_configured", passages=())
    assert books.sweep(MATURE) == {"settled": 3}
    assert books.counted() == {"held_out": Counted(1, 1, 0), "retrieved": Counted(1, 0, 0)}


def test_tenants_and_purposes_are_counted_apart_and_each_is_weighed_once(books):
    for number in (1, 2):
        books.message(number, "booked")
    books.message(3, purpose="upsell")
    books.message(4, tenant="brightnest")
    books.sweep(MATURE)

    assert books.counted()["case-a"] == Counted(2, 2, 0)
    assert books.counted("upsell")["case-a"] == Counted(1, 0, 0)
    assert Counter(books.refreshed) == {(TENANT, "referral"): 1, (TENANT, "upsell"): 1, ("brightnest", "referral"): 1}


def test_a_message_whose_retention_is_over_is_not_read_any_more(books):
    books.message(1, "booked", expiresAt=int(day(33).timestamp()))
    assert books.sweep(MATURE) == {"retention over": 1}
    assert books.counted() == {}


# Rollouts


def test_a_rollout_is_told_of_every_slow_metric_when_the_message_is_mature(books):
    books.expose()
    books.message(1, "booked", agents=IN_ROLLOUT)
    assert books.told() == {}
    books.sweep(MATURE)
    assert books.told() == {"Booked": 1, "Referred": 0, "Complaint": 0, "Unsubscribe": 0}


def test_who_was_sent_a_message_counts_as_unharmed_at_once_and_harm_is_never_taken_back(books, stack):
    books.expose()
    first, second = (books.message(number, sent=None, agents=IN_ROLLOUT) for number in (1, 2))
    deliver(stack, tell(stack, "sent", first, at=day(1), event_id="sent"))
    assert books.told() == {"Complaint": 0, "Unsubscribe": 0}
    deliver(stack, tell(stack, "complained", second, at=day(2), event_id="harm"))
    assert books.told() == {"Complaint": 1, "Unsubscribe": 0}
    deliver(stack, tell(stack, "sent", second, at=day(1), event_id="late"))
    assert books.told() == {"Complaint": 1, "Unsubscribe": 0}


def test_a_look_on_the_tenth_day_sees_who_was_harmed_of_all_who_were_sent_a_message(books, stack):
    """As long as only harm is known every customer with a value is one who was harmed, in both arms alike."""
    recorder, number = recorder_of(stack), itertools.count(1)
    for arm, harmed in (("baseline", 1), ("candidate", 16)):
        writer = IN_ROLLOUT["writer"] | {"arm": arm}
        for each in range(40):
            customer, place = f"c-{arm}-{each}", next(number)
            books.exposures.record(writer, tenant=TENANT, customer=customer, now=day(0), expires_at=4_000_000_000)
            message_id = put_message(stack, place, customer=customer, agents={"writer": writer})
            for kind in ["sent"] + ["complained"] * (each < harmed):
                recorder.record(tell(stack, kind, message_id, at=day(1), event_id=f"{kind}-{place}"), now=day(2))

    evidence = gather(books.exposures.of(WRITER, 1), Plan(), now=day(10))
    assert evidence.cell("NoComplaint", "baseline") == Cell(40, 39.0)
    assert evidence.cell("NoComplaint", "candidate") == Cell(40, 24.0)
    [found] = [each for each in compare(evidence, Plan()) if each.metric == "NoComplaint"]
    assert found.verdict == "roll_back"


def test_harm_is_told_at_once_and_stays_when_the_message_is_settled(books, stack):
    books.expose()
    message_id = books.message(1, agents=IN_ROLLOUT)
    deliver(stack, tell(stack, "complained", message_id, at=day(2), event_id="harm"))
    assert books.told() == {"Complaint": 1, "Unsubscribe": 0}
    books.sweep(MATURE)
    assert books.told() == {"Booked": 0, "Referred": 0, "Complaint": 1, "Unsubscribe": 0}


@pytest.mark.parametrize("arm", ["production", None])
def test_who_was_in_no_rollout_is_told_of_to_none(books, arm):
    writer = {"agent_id": WRITER, "version": 1} | ({"rollout": 1, "arm": arm} if arm else {})
    books.expose()
    books.message(1, "booked", agents={"writer": writer})
    assert books.sweep(MATURE) == {"settled": 1}
    assert books.told() == {}


# Harm, at any time


def test_a_message_that_harmed_is_counted_at_once_and_what_is_good_of_it_when_it_is_mature(books):
    books.expose()
    message_id = books.message(1, "complained", agents=IN_ROLLOUT)

    assert books.sweep(day(2)) == {"settled": 1}
    assert books.counted() == dict.fromkeys(("case-a", "case-b", "retrieved"), Counted(1, 0, 1))
    assert books.told() == {}, "of what may yet become good the rollout hears when it is mature"
    assert message_of(books.stack, message_id)[LISTING.due] == iso(MATURE)
    books.attach(message_id, "booked", 5)
    assert books.sweep(day(20)) == {}
    assert books.sweep(MATURE) == {"settled": 1}
    assert books.counted() == dict.fromkeys(("case-a", "case-b", "retrieved"), Counted(1, 1, 1))
    assert books.told()["Booked"] == 1
    assert LISTING.shard not in message_of(books.stack, message_id)


def test_harm_that_comes_after_settling_is_added_once(books):
    message_id = books.message(1, "referred")
    books.sweep(MATURE)
    books.attach(message_id, "unsubscribed", 40)

    assert books.sweep(day(40)) == {"settled": 1}
    books.attach(message_id, "complained", 41)
    assert books.sweep(day(60)) == {}
    assert books.counted() == dict.fromkeys(("case-a", "case-b", "retrieved"), Counted(1, 1, 1))
    assert books.settled(message_id)["harmed"]


def test_harm_that_comes_while_its_message_is_taken_off_the_list_is_counted_by_the_next_sweep(books, monkeypatch):
    message_id, close = books.message(1), MessageOutcomes.close

    def be_overtaken(self, message):
        books.attach(message_id, "complained", 34)
        close(self, message)

    with monkeypatch.context() as patched:
        patched.setattr(MessageOutcomes, "close", be_overtaken)
        books.sweep(MATURE)
    assert books.counted()["case-a"] == Counted(1, 0, 0)
    assert books.sweep(MATURE + timedelta(hours=1)) == {"settled": 1}
    assert books.counted()["case-a"] == Counted(1, 0, 1)


def test_what_is_told_within_the_grace_counts(books):
    message_id = books.message(1)
    assert books.sweep(day(31) + timedelta(hours=6)) == {}
    books.attach(message_id, "referred", 30)
    books.sweep(MATURE)
    assert books.counted()["case-a"] == Counted(1, 1, 0)


# Its failures and bounds


def test_one_message_that_fails_doesn_t_stop_the_others_and_the_sweep_fails_at_its_end(books, capsys):
    for number in range(1, 5):
        books.message(number)
    books.stack.clients.fail("dynamodb:TransactWriteItems", "AccessDeniedException", 400)
    with pytest.raises(IncompleteSweepError, match="1 of 4 settlements failed: TransactWriteItems: AccessDenied"):
        books.sweep(MATURE)
    assert books.counted()["retrieved"].uses == 3
    assert '"message":"not settled"' in capsys.readouterr().out

    assert books.sweep(MATURE + timedelta(minutes=40)) == {}
    assert books.sweep(MATURE + timedelta(hours=1)) == {"settled": 1}
    assert books.counted()["retrieved"].uses == 4


def test_cases_that_can_t_be_weighed_are_weighed_by_the_next_sweep_and_counted_once(books, capsys):
    books.message(1, "booked")
    books.message(2, "booked", purpose="upsell")
    real, broken = books.settlement.refresh, [True]

    def fail_once(case_credits, tenant, purpose):
        if purpose == "referral" and broken.pop():
            raise ZeroDivisionError("marisol@mail.example")
        return real(case_credits, tenant, purpose)

    settlement = Settlement(books.messages, books.credits, fail_once, books.rollouts)
    with pytest.raises(IncompleteSweepError, match="ZeroDivisionError"):
        settlement.sweep(now=MATURE, may_go_on=lambda: True)
    said = capsys.readouterr().out
    assert "marisol" not in said
    assert '"message":"not weighed"' in said
    assert books.refreshed == [(TENANT, "upsell")]

    assert books.sweep(day(35)) == {"settled": 1}
    assert books.counted()["retrieved"] == Counted(1, 1, 0)
    assert books.refreshed == [(TENANT, "upsell"), (TENANT, "referral")]


def test_who_is_overtaken_every_time_is_left_to_the_next_sweep(books, monkeypatch):
    books.message()
    with monkeypatch.context() as patched:
        patched.setattr(MessageOutcomes, "settle", lambda *_, **__: False)
        with pytest.raises(IncompleteSweepError, match="more became known of the message every time"):
            books.sweep(MATURE)
    assert books.sweep(day(35)) == {"settled": 1}


def test_a_sweep_is_bounded_and_what_it_did_is_weighed_also_when_its_time_is_over(books):
    for number in range(1, 21):
        books.message(number)
    left = iter([True] * 7 + [False])

    assert books.sweep(MATURE, may_go_on=lambda: next(left)) == {"settled": 7}
    assert books.refreshed == [(TENANT, "referral")]
    assert books.sweep(MATURE, most=5) == {"settled": 5}
    assert books.sweep(MATURE) == {"settled": 8}
    assert books.counted()["retrieved"].uses == 20


def test_of_two_sweeps_at_once_one_settles(books):
    message_id = books.message(1, "booked")
    [due] = books.messages.maturing.due(MATURE)
    assert books.sweep(MATURE) == {"settled": 1}
    assert not books.messages.maturing.claim(due, until=day(35))

    # And should both have read it before either settled it:
    now = message_of(books.stack, message_id)
    counters = books.credits.counted(TENANT, "referral", ["case-a"], "retrieved", good=True, harmed=False)
    for seen in (now | {"outcomesRevision": 2}, now | {"outcomesRevision": 1}):
        assert not books.messages.settle(seen, {"good": True}, counted=counters)
    assert books.counted()["retrieved"] == Counted(1, 1, 0)


# Whatever ends the process


def end_of_one(books, number, interrupted=None, *, kind="referred"):
    """What stands after a sweep, or after one whose process ended and the next one an hour later; in a new tenant."""
    # What earlier ones left would be copied with every transaction.
    books.stack.begin_with("no message", lambda: None)
    tenant = f"tenant-{number}"
    books.expose(tenant=tenant)
    message_id = books.message(number, kind, tenant=tenant, agents=IN_ROLLOUT)
    if interrupted:
        with killed_at(*interrupted) as made:
            books.sweep(MATURE)
        assert made[-1] == "killed"
    with killed_at(None, "") as made:
        books.sweep(MATURE + timedelta(hours=1))
    message = message_of(books.stack, message_id, tenant=tenant)
    settled = {name: each for name, each in message["settled"].items() if name != "at"}
    return made, (settled, LISTING.shard in message, books.counted(tenant=tenant), books.told(tenant=tenant))


@pytest.mark.parametrize("kind", ["referred", "complained"])
def test_whatever_ends_the_process_a_message_is_counted_exactly_once(books, kind):
    calls, unharmed = end_of_one(books, 1, kind=kind)
    assert {"Query", "TransactWriteItems", "UpdateItem"} <= set(calls)
    points = [(number, when) for number in range(1, len(calls) + 1) for when in ("before", "after")]
    for place, point in enumerate(points, start=2):
        _, after = end_of_one(books, place, point, kind=kind)
        assert after == unharmed, (point, calls)


def test_the_function_sweeps_what_is_due_now(books, stack):
    message_id = books.message(1, "booked", sent=1, purpose="upsell")
    assert stack.invoke(SETTLE, {}) is None
    assert books.settled(message_id)["good"]
    assert books.counted("upsell")["case-b"] == Counted(1, 1, 0)
