"""What may become of a message, in the words of the contract and of the features."""

from datetime import UTC, datetime, timedelta

import pytest
from event_contracts.schemas import load_schemas
from outreach.features import responses
from outreach.outcomes.kinds import (
    GOOD,
    HARM,
    KINDS,
    MATURES_AFTER,
    METRICS,
    Outcome,
    due_at,
    has_succeeded,
    window_ends,
)

MESSAGE = {"asOf": "2026-05-01T09:00:00Z", "purpose": "referral"}
RECEIVED = datetime(2026, 5, 20, 12, tzinfo=UTC)


def told(**data):
    return Outcome.told({"outcome": "sent"} | data, MESSAGE, event="e", received_at=RECEIVED)


def test_the_contract_the_features_and_this_know_the_same_kinds():
    data = load_schemas()["outcome.recorded", 1]["properties"]["data"]["properties"]
    assert list(KINDS) == data["outcome"]["enum"] == list(responses.KINDS)


def test_every_kind_that_counts_is_one_and_none_is_good_and_harmful():
    assert set(KINDS) > GOOD | HARM == set(METRICS.values())
    assert not GOOD & HARM


@pytest.mark.parametrize(
    ("time", "at"),
    [
        ("2026-05-17T09:00:00Z", "2026-05-17T09:00:00Z"),
        ("2026-05-17T11:00:00.987654321+02:00", "2026-05-17T09:00:00Z"),
        ("2026-04-30T09:00:00Z", MESSAGE["asOf"]),
        ("2026-06-17T09:00:00Z", "2026-05-20T12:00:00Z"),
        ("2026-02-30T09:00:00Z", "2026-05-20T12:00:00Z"),
        ("0001-01-01T00:00:00+14:00", "2026-05-20T12:00:00Z"),
    ],
)
def test_an_outcome_is_neither_before_its_message_nor_after_its_receipt(time, at):
    assert told(time=time).at == at


@pytest.mark.parametrize(("value", "kept"), [(None, None), (0, 0), (12.345678, 12.35), (1e-200, 0.0), (1e12, 1e12)])
def test_a_value_is_kept_as_a_store_can_hold_it(value, kept):
    outcome = told(time="2026-05-17T09:00:00Z", value=value)
    assert outcome.attached().get("value") == kept
    assert ("value" in outcome.attached()) == (value is not None)


def test_of_two_the_earlier_one_comes_before_and_none_before_itself():
    early, late = told(time="2026-05-17T09:00:00Z"), told(time="2026-05-18T09:00:00Z")
    assert early.comes_before(late.attached())
    assert not late.comes_before(early.attached())
    assert not early.comes_before(early.attached())
    assert late.comes_before(None)


@pytest.mark.parametrize("purpose", MATURES_AFTER)
def test_a_window_begins_when_the_message_was_sent(purpose):
    message = {"purpose": purpose, "outcomes": {"sent": {"at": "2026-05-02T09:00:00Z"}}}
    sent = datetime(2026, 5, 2, 9, tzinfo=UTC)
    assert window_ends(message) == sent + MATURES_AFTER[purpose]
    assert MATURES_AFTER[purpose] >= timedelta(days=14)
    assert window_ends({"purpose": purpose}) is None


SENT, BOOKED, HARMED = "2026-05-02T09:00:00Z", "2026-05-03T09:00:00Z", "2026-05-05T09:00:00Z"
MATURE = "2026-06-04T09:00:00Z"


@pytest.mark.parametrize(
    ("known", "settled", "due"),
    [
        ({}, None, None),
        ({"sent": SENT, "booked": BOOKED}, None, MATURE),
        ({"booked": SENT, "opened": BOOKED}, None, MATURE),
        ({"sent": SENT, "complained": HARMED}, None, HARMED),
        ({"sent": SENT, "complained": HARMED}, (True, HARMED), MATURE),
        ({"sent": SENT, "complained": HARMED}, (True, MATURE), None),
        ({"sent": SENT, "unsubscribed": HARMED}, (False, MATURE), HARMED),
        ({"sent": SENT, "booked": BOOKED}, (False, MATURE), None),
    ],
)
def test_a_message_is_due_when_it_is_mature_and_at_once_if_it_harmed(known, settled, due):
    counted = {"settled": {"harmed": settled[0], "at": settled[1]}} if settled else {}
    outcomes = {kind: {"at": at} for kind, at in known.items()}
    assert due_at(MESSAGE | {"outcomes": outcomes} | counted) == due


@pytest.mark.parametrize(
    ("kinds", "succeeded"),
    [((), False), (("sent",), False), (("booked",), False), (("sent", "booked"), True), (("referred", "sent"), True),
     (("sent", "clicked", "unsubscribed"), False)],
)  # fmt: skip
def test_a_message_has_succeeded_when_it_was_sent_and_something_good_came_of_it(kinds, succeeded):
    assert has_succeeded({"outcomes": {kind: {} for kind in kinds}}) == succeeded
