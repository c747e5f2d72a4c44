"""The desk on a table: one item to each who asks, decisions that stay, and what the workflow writes with the last."""

from datetime import UTC, datetime, timedelta

import pytest
from agent_platform.errors import Refused
from agent_platform.items import to_item
from agent_platform.moments import iso
from agent_platform.reviews.desk import NotConcluded, ReviewDesk
from agent_platform.reviews.items import Decision, ReviewItem
from agent_platform.reviews.records import ReviewRecords

TENANT, WORKFLOW = "greenedge", "outreach"
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
YES, NO = Decision("approve"), Decision("reject", reason="tone", words="Too loud.")


@pytest.fixture
def desk(stack):
    dynamodb = stack.clients("dynamodb")
    return ReviewDesk(ReviewRecords(table=stack.table("ReviewTable"), dynamodb=dynamodb), dynamodb=dynamodb)


@pytest.fixture
def lay(stack, desk):
    """Lay an item on the desk, as who stores its message does."""

    def lay(message_id, *, needed=1, minute=0, tenant=TENANT, workflow=WORKFLOW):
        item = ReviewItem(
            tenant=tenant,
            workflow=workflow,
            message_id=message_id,
            reasons=("all",),
            needed=needed,
            lease_minutes=10,
            opened_at=iso(NOW + timedelta(minutes=minute - 60)),
            expires_at=int((NOW + timedelta(days=60)).timestamp()),
        )
        stack.clients("dynamodb").transact_write_items(TransactItems=[desk.opened(item)])
        return item

    return lay


@pytest.fixture
def take(desk):
    def take(reviewer, *, later=0, tenant=TENANT):
        item = desk.next(tenant, WORKFLOW, reviewer, now=NOW + timedelta(minutes=later))
        return item and item.message_id

    return take


def decide(desk, message_id, reviewer, decision, *, later=1, concluding=None):
    now = NOW + timedelta(minutes=later)
    return desk.decide(TENANT, message_id, reviewer, decision, now=now, concluding=concluding)


def test_what_waits_the_longest_comes_first_and_to_one_person(lay, take):
    lay("later", minute=2)
    lay("first", minute=1)

    assert [take(name) for name in ("anna", "ben", "cem")] == ["first", "later", None]
    assert take("anna") is None, "what she has in hand isn't given to her again"


def test_nobody_sees_another_tenant_s_items_or_another_workflow_s(lay, take):
    lay("theirs", tenant="brightnest")
    lay("answers", workflow="support")

    assert take("anna") is None
    assert take("anna", tenant="brightnest") == "theirs"


def test_who_decided_isn_t_asked_again_and_the_next_person_is(desk, lay, take):
    lay("m", needed=2)
    take("anna")
    decide(desk, "m", "anna", YES)

    assert take("anna", later=30) is None
    assert take("ben", later=30) == "m"


def test_a_lost_lease_returns(lay, take):
    lay("m")
    take("anna")

    assert take("ben", later=9) is None
    assert take("ben", later=10) == "m"


def test_a_decision_said_again_changes_nothing_and_another_is_refused(stack, desk, lay, take):
    lay("m")
    take("anna")
    first = decide(desk, "m", "anna", NO)
    before = stack.items("ReviewTable")

    assert decide(desk, "m", "anna", NO, later=5) == first
    assert stack.items("ReviewTable") == before
    with pytest.raises(Refused, match="a decision stays as it is"):
        decide(desk, "m", "anna", YES)


def test_a_decision_is_kept_with_its_time(desk, lay, take):
    lay("m")
    take("anna")
    decide(desk, "m", "anna", NO, later=3)

    [given] = desk.records.decisions(TENANT, WORKFLOW, since=iso(NOW))
    assert (given.message_id, given.reviewer, given.decision, given.seconds) == ("m", "anna", NO, 180)
    assert desk.records.said(TENANT, "m") == [given]
    assert not list(desk.records.decisions(TENANT, WORKFLOW, since=iso(NOW + timedelta(minutes=4))))


def test_who_never_had_it_is_refused(desk, lay, take):
    lay("m")

    with pytest.raises(Refused, match="wasn't given to you"):
        decide(desk, "m", "anna", YES)
    with pytest.raises(Refused, match="there is no such item"):
        decide(desk, "unknown", "anna", YES)


def test_the_workflow_s_own_writes_are_made_with_the_last_decision_or_nothing_is(stack, desk, lay, take):
    def writing(condition):
        def concluding(item, said):
            assert [given.reviewer for given in said] == ["anna", "ben"]
            row = to_item({"review": "greenedge#made", "entry": item.outcome})
            put = {"TableName": stack.table("ReviewTable"), "Item": row, "ConditionExpression": condition}
            return {"message": {"Put": put}}

        return concluding

    lay("m", needed=2)
    take("anna")
    take("ben")
    decide(desk, "m", "anna", YES, concluding=writing("attribute_not_exists(review)"))
    with pytest.raises(NotConcluded) as refused:
        decide(desk, "m", "ben", YES, concluding=writing("attribute_exists(review)"))

    assert refused.value.parts == ["message"]
    assert [given.reviewer for given in desk.records.said(TENANT, "m")] == ["anna"]
    assert decide(desk, "m", "ben", YES, concluding=writing("attribute_not_exists(review)")).outcome == "approved"
    assert [row["entry"] for row in stack.items("ReviewTable") if row["review"] == "greenedge#made"] == ["approved"]


def test_what_came_of_an_item_is_news_until_it_was_told(desk, lay, take):
    lay("m")
    take("anna")
    item = decide(desk, "m", "anna", YES)

    assert list(desk.records.news(TENANT, WORKFLOW)) == [item]
    assert not list(desk.records.concluded(TENANT, WORKFLOW, since=iso(NOW)))

    desk.told(item)

    assert not list(desk.records.news(TENANT, WORKFLOW))
    assert [each.told for each in desk.records.concluded(TENANT, WORKFLOW, since=iso(NOW))] == [True]


def test_what_nothing_waits_for_leaves_the_desk(desk, lay, take):
    lay("m")
    desk.withdraw(TENANT, "m", now=NOW)

    assert take("anna") is None
    assert desk.records.find(TENANT, "m").outcome == "withdrawn"
    assert not list(desk.records.news(TENANT, WORKFLOW))


def test_what_was_erased_stays_so(stack, desk, lay, take):
    """Who is told of it late doesn't bring it back."""
    lay("m")
    take("anna")
    item = decide(desk, "m", "anna", YES)
    for row in stack.items("ReviewTable"):
        key = to_item({name: row[name] for name in ("review", "entry")})
        stack.clients("dynamodb").delete_item(TableName=stack.table("ReviewTable"), Key=key)

    desk.told(item)

    assert stack.items("ReviewTable") == []


def test_a_place_that_the_index_still_shows_is_looked_at_where_it_stands(desk, lay, take, monkeypatch):
    item = lay("m")
    take("anna")
    monkeypatch.setattr(desk.records, "waiting", lambda *_, **__: iter([item]))

    assert take("ben") is None
