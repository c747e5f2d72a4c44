"""What a history says: what served, and what a rollback goes to."""

import pytest
from agent_platform.registry.changes import Change
from agent_platform.registry.histories import production_before, served


def history(*steps, before=None):
    """Changes as (action, production after it)."""
    changes = []
    for number, (action, production) in enumerate(steps, 1):
        changes.append(Change(number=number, action=action, version=production or 1, before=before,
                              production=production, candidate=None, share=None, rollout=None,
                              at=f"2026-11-{number:02}T09:00:00Z", by="anna", reason="because"))  # fmt: skip
        before = production
    return changes


@pytest.mark.parametrize(
    ("steps", "target"),
    [
        ([], None),
        ([("retire", None)], None),
        ([("promote", 1)], None),
        ([("promote", 1), ("promote", 2)], 1),
        ([("promote", 1), ("promote", 2), ("retire", 2)], 1),
        ([("promote", 1), ("promoted", 2), ("open_rollout", 2), ("aborted", 2)], 1),
        # What was taken back is never what a second rollback goes to.
        ([("promote", 1), ("promote", 2), ("promote", 3), ("roll_back", 2)], 1),
        ([("promote", 1), ("promote", 2), ("promote", 3), ("roll_back", 1)], None),
        ([("promote", 1), ("promote", 2), ("roll_back", 1), ("promote", 3)], 1),
        # A version that had never served, named by hand, is a release like any other.
        ([("promote", 1), ("promote", 2), ("roll_back", 7)], 2),
    ],
)
def test_a_rollback_goes_to_what_served_before_the_present_release(steps, target):
    assert production_before(history(*steps)) == target


def test_what_served_before_there_was_a_history_can_be_gone_back_to():
    assert production_before(history(("promote", 5), before=4)) == 4


def test_before_the_first_promotion_nothing_served():
    assert served("platform#a", []) is None
    assert served("platform#a", history(("retire", None))) is None
    assert served("platform#a", history(("promote", 1), ("promote", 2))).production == 2
