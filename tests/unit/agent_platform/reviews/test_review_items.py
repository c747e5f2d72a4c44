"""The rules of one item: who may take it, who may decide, and what enough decisions come to."""

from datetime import UTC, datetime, timedelta

import pytest
from agent_platform.moments import iso
from agent_platform.reviews.items import ReviewItem
from agent_platform.reviews.rows import item_of, row_of

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
LEASE = timedelta(minutes=10)


def an_item(needed=1, **changes):
    item = ReviewItem(
        tenant="greenedge",
        workflow="outreach",
        message_id="m-1",
        reasons=("all",),
        needed=needed,
        lease_minutes=10,
        opened_at=iso(NOW),
        expires_at=int((NOW + timedelta(days=60)).timestamp()),
    )
    return item.__class__(**{**vars(item), **changes})


def after(item, **verdicts):
    """The item after these people took it and said so, one after the other."""
    for reviewer, verdict in verdicts.items():
        item = item.taken_by(reviewer, NOW).decided(reviewer, verdict, NOW)
    return item


def test_who_has_it_in_hand_has_it_alone():
    item = an_item().taken_by("anna", NOW)

    assert not item.open_to("ben", NOW)
    assert not item.open_to("anna", NOW), "nobody gets it twice"
    assert not item.open_to("ben", NOW + LEASE - timedelta(seconds=1))


def test_what_was_lost_returns_to_everybody():
    item = an_item().taken_by("anna", NOW)

    assert item.due == iso(NOW + LEASE)
    assert item.open_to("ben", NOW + LEASE)
    assert item.open_to("anna", NOW + LEASE)


def test_as_many_have_it_in_hand_as_are_asked():
    item = an_item(needed=2).taken_by("anna", NOW)
    assert (item.due, item.open_to("ben", NOW)) == (iso(NOW), True)

    item = item.taken_by("ben", NOW + timedelta(minutes=1))
    assert (item.due, item.open_to("cem", NOW)) == (iso(NOW + LEASE), False)


@pytest.mark.parametrize(
    ("needed", "verdicts", "outcome"),
    [
        (1, {"anna": "approve"}, "approved"),
        (1, {"anna": "edit"}, "approved"),
        (1, {"anna": "reject"}, "declined"),
        (2, {"anna": "approve"}, None),
        (2, {"anna": "approve", "ben": "edit"}, "approved"),
        (2, {"anna": "reject", "ben": "reject"}, "declined"),
        (2, {"anna": "approve", "ben": "reject"}, None),
        (2, {"anna": "approve", "ben": "reject", "cem": "reject"}, "declined"),
        (2, {"anna": "reject", "ben": "edit", "cem": "approve"}, "approved"),
    ],
)
def test_enough_is_what_was_needed_and_a_third_where_those_disagree(needed, verdicts, outcome):
    item = after(an_item(needed), **verdicts)

    assert item.outcome == outcome
    assert (item.concluded_at is None) == (outcome is None)
    assert item.open_to("dora", NOW) == (outcome is None)


def test_nobody_decides_on_an_item_twice():
    item = after(an_item(needed=2), anna="approve")

    assert not item.open_to("anna", NOW + 2 * LEASE)


def test_who_is_late_may_decide_until_somebody_else_has_the_place():
    late, item = NOW + 2 * LEASE, an_item().taken_by("anna", NOW)
    assert item.objections("anna", late) == []

    item = item.taken_by("ben", late)
    assert item.objections("anna", late) == [
        "your time for it was over and somebody else has it now; take the next one"
    ]  # fmt: skip
    assert item.objections("ben", late) == []


def test_a_decision_needs_the_item_in_hand():
    assert an_item().objections("anna", NOW) == ["the item wasn't given to you; take the next one"]


def test_nothing_is_decided_on_what_is_over():
    item = an_item().taken_by("anna", NOW)

    assert item.withdrawn(NOW).objections("anna", NOW) == [
        "the item was concluded meanwhile: withdrawn; take the next one"
    ]
    assert item.objections("anna", NOW + timedelta(days=60)) == ["the message isn't kept any more; take the next one"]
    assert not an_item().open_to("anna", NOW + timedelta(days=60))


def test_an_item_is_read_as_it_was_kept():
    item = after(an_item(needed=2), anna="approve").taken_by("ben", NOW)

    assert item_of(row_of(item)) == item
