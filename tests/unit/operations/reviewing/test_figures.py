"""What a company's reviews come to."""

from agent_platform.reviews.items import Decision
from agent_platform.reviews.rows import Given

from operations.reviewing.figures import figures


def given(message_id, reviewer, verdict, seconds=60):
    decision = Decision(verdict, reason="tone" if verdict == "reject" else None)
    return Given("greenedge", "outreach", message_id, reviewer, decision, "2026-11-20T09:00:00Z", seconds)


def test_two_agree_if_both_would_send_it_or_neither():
    found = figures([
        given("m-1", "anna", "approve"), given("m-1", "ben", "edit"),
        given("m-2", "anna", "reject"), given("m-2", "ben", "approve"), given("m-2", "cem", "approve"),
        given("m-3", "anna", "reject"), given("m-3", "cem", "reject"),
        given("m-4", "anna", "approve"),
    ])  # fmt: skip

    assert (found.items, found.pairs, found.agreed) == (4, 3, 2)
    assert found.agreement.low < 2 / 3 < found.agreement.high
    assert found.verdicts == {"approve": 4, "edit": 1, "reject": 3}
    assert found.reasons == {"tone": 3}


def test_the_time_is_the_median_of_each_and_of_all():
    found = figures([given("m-1", "anna", "approve", 10), given("m-2", "anna", "approve", 30),
                     given("m-3", "ben", "approve", 500)])  # fmt: skip

    assert found.by_reviewer == {"anna": (2, 20), "ben": (1, 500)}
    assert found.seconds == 30


def test_of_nothing_nothing_is_said():
    found = figures([])

    assert (found.items, found.agreement, found.seconds) == (0, None, None)
