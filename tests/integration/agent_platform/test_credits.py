"""What is counted of past cases, what it is worth, and who reads it."""

from collections.abc import Iterable

import pytest
from agent_platform.errors import TransientError
from agent_platform.retrieval.credits import Counted, Credit, Credits, arm_of
from agent_platform.retrieval.weighing import refresh, weigh

TENANT, PURPOSE = "greenedge", "upsell"


@pytest.fixture
def case_credits(stack):
    return Credits(table=stack.table("CaseCreditsTable"), dynamodb=stack.clients("dynamodb"))


@pytest.fixture
def count(stack, case_credits):
    """Settle messages as their settling does: the counters in one transaction."""

    def count(cases: Iterable[str], times: int = 1, *, arm="retrieved", good=False, harmed=False, tenant=TENANT):
        for _ in range(times):
            items = case_credits.counted(tenant, PURPOSE, cases, arm, good=good, harmed=harmed)
            stack.clients("dynamodb").transact_write_items(TransactItems=items)

    return count


def test_a_message_counts_once_for_each_of_its_cases_and_for_its_customer_s_arm(case_credits, count):
    count(["a", "b", "a"], good=True)
    count(["b"], harmed=True)
    count([], arm="held_out", good=True)

    ledger = case_credits.ledger(TENANT, PURPOSE)

    assert ledger.cases == {"a": Counted(1, 1, 0), "b": Counted(2, 1, 1)}
    assert ledger.arms == {"retrieved": Counted(2, 1, 1), "held_out": Counted(1, 1, 0)}


def test_a_tenant_s_cases_are_its_own(case_credits, count):
    count(["a"], good=True)
    count(["a"], tenant="brightnest")

    assert case_credits.ledger(TENANT, PURPOSE).cases == {"a": Counted(1, 1, 0)}
    assert case_credits.ledger("brightnest", PURPOSE).cases == {"a": Counted(1, 0, 0)}
    assert case_credits.ledger(TENANT, "referral").cases == {}


def test_nothing_is_known_of_a_new_case_and_nothing_is_asked_for_none(stack, case_credits):
    assert case_credits.of(TENANT, PURPOSE, ["new", "new"]) == {"new": Credit()}
    stack.clients.calls.clear()
    assert case_credits.of(TENANT, PURPOSE, []) == {}
    assert not stack.clients.calls


def test_credit_is_stored_when_it_is_weighed_and_read_by_one_request(stack, case_credits, count):
    count(["good"], 12, good=True)
    count(["bad"], 20)

    changed = refresh(case_credits, TENANT, PURPOSE)
    stack.clients.calls.clear()
    found = case_credits.of(TENANT, PURPOSE, ["good", "bad", "new"])

    assert [str(call) for call in stack.clients.calls] == ["dynamodb:BatchGetItem"]
    assert found["good"].factor > 1 > found["bad"].factor
    assert found == {"new": Credit()} | changed
    assert refresh(case_credits, TENANT, PURPOSE) == {}, "what is as it was is not written again"


def test_a_case_that_surely_does_worse_is_quarantined_with_the_reason(case_credits, count):
    count(["fair"], 20, good=True)
    count(["fair"], 40)
    count(["bad"], 60)
    refresh(case_credits, TENANT, PURPOSE)

    reason = case_credits.of(TENANT, PURPOSE, ["bad"])["bad"].quarantined

    assert reason
    assert "% sure that it does less than 50 % of what is usual: 0 of 60 went well, 20 of 60 without it" in reason


def test_a_case_that_harms_is_quarantined_although_it_sells():
    found = weigh(Counted(60, 25, 12), [Counted(1_800, 540, 18), Counted(200, 60, 2)])

    assert found.quarantined
    assert "harms more than 5 % of those who are written to: 12 of 60" in found.quarantined


def test_a_case_that_every_message_uses_is_measured_by_those_without_any():
    """Against all messages it would be average, whatever it does."""
    found = weigh(Counted(300, 9, 2), [Counted(300, 9, 2), Counted(40, 12, 0)])

    assert found.quarantined


def test_what_is_counted_while_the_ledger_is_read_does_no_harm():
    assert weigh(Counted(1, 1, 0), [Counted(0, 0, 0)]).quarantined is None


def test_a_credit_that_was_weighed_before_the_last_count_is_not_kept(case_credits, count):
    count(["a"], 3, good=True)
    seen = case_credits.ledger(TENANT, PURPOSE).cases["a"]
    count(["a"])

    assert not case_credits.keep(TENANT, PURPOSE, "a", Credit(2.0), seen=seen)
    assert case_credits.of(TENANT, PURPOSE, ["a"]) == {"a": Credit()}


def test_a_credit_that_was_weighed_before_a_correction_is_not_kept(stack, case_credits, count):
    count(["a"], 3, good=True)
    seen = case_credits.ledger(TENANT, PURPOSE).cases["a"]
    correct(stack, case_credits, ["a"])

    assert not case_credits.keep(TENANT, PURPOSE, "a", Credit(2.0), seen=seen)


def correct(stack, case_credits, cases):
    """Harm that comes of a message that was counted as good."""
    items = case_credits.counted(
        TENANT, PURPOSE, cases, "retrieved", good=True, harmed=True, before={"good": True, "harmed": False}
    )
    stack.clients("dynamodb").transact_write_items(TransactItems=items)


def test_a_correction_adds_what_changed_of_the_same_message(stack, case_credits, count):
    count(["a", "b"], good=True)
    correct(stack, case_credits, ["a", "b"])

    ledger = case_credits.ledger(TENANT, PURPOSE)
    assert ledger.cases == {"a": Counted(1, 1, 1), "b": Counted(1, 1, 1)}
    assert ledger.arms["retrieved"] == Counted(1, 1, 1)
    same = {"good": True, "harmed": True}
    assert case_credits.counted(TENANT, PURPOSE, ["a"], "retrieved", before=same, **same) == []


def test_what_moves_no_case_much_is_not_written_again(stack, case_credits, count):
    """One message more moves the credit of every case, by what is usual, and the numbers in each reason."""
    for case in ("fair", "usual"):
        count([case], 20, good=True)
        count([case], 50)
    count(["bad"], 60)
    count(["other"], 1)
    refresh(case_credits, TENANT, PURPOSE)
    before = case_credits.ledger(TENANT, PURPOSE)
    assert before.credits["bad"].quarantined
    count(["other"], 1)

    assert set(refresh(case_credits, TENANT, PURPOSE)) <= {"other"}
    arms = case_credits.ledger(TENANT, PURPOSE).arms.values()
    assert all(weigh(before.cases[case], arms) != before.credits[case] for case in ("fair", "bad"))


def test_what_there_was_no_time_for_is_weighed_by_the_next_one_and_nothing_twice(stack, case_credits, count):
    count(["a", "b", "c"], 12, good=True)
    count(["d"], 20)
    left = iter([True, True, False])
    with pytest.raises(TransientError, match="no time is left"):
        refresh(case_credits, TENANT, PURPOSE, may_go_on=lambda: next(left))

    assert set(refresh(case_credits, TENANT, PURPOSE)) == {"c", "d"}


def test_a_throttled_answer_is_no_answer(stack, case_credits):
    key = {"series": {"S": f"{TENANT}#{PURPOSE}"}, "subject": {"S": "a"}}
    left = {stack.table("CaseCreditsTable"): {"Keys": [key]}}
    stack.clients.answer("dynamodb:BatchGetItem", {"Responses": {}, "UnprocessedKeys": left})

    with pytest.raises(TransientError):
        case_credits.of(TENANT, PURPOSE, ["a"])


@pytest.mark.parametrize(
    ("status", "arm"),
    [
        ("found", "retrieved"),
        ("none_found", "retrieved"),
        ("held_out", "held_out"),
        ("not_configured", None),
        (None, None),
    ],
)
def test_an_arm_is_what_a_customer_was_assigned_to(status, arm):
    assert arm_of(status) == arm
