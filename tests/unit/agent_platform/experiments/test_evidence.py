"""What a look sees: mature outcomes only, each in its arm and in the step that assigned it."""

from datetime import timedelta

import pytest
from agent_platform.experiments.evidence import COST, LATENCY, Cell, gather
from agent_platform.experiments.limits import mean, percentile_95
from agent_platform.experiments.plans import Plan

from tests.unit.agent_platform.experiments.customers import JUST_NOW, LONG_AGO, NOW, approved, customers

PLAN = Plan(metrics=("ApprovalRate", "JudgeScore", "RetryRate"))


def seen(*groups, plan=PLAN):
    return gather([each for group in groups for each in group], plan, now=NOW)


def test_customers_are_counted_by_arm_and_by_the_share_that_assigned_them():
    evidence = seen(
        approved("baseline", 9, 1, share=1_000), approved("candidate", 1, 1, share=1_000),
        approved("baseline", 3, 1), approved("candidate", 4, 0), approved("candidate", 5, 0, share=10_000),
    )  # fmt: skip

    assert evidence.cell("ApprovalRate", "baseline") == Cell(14, 12.0)
    assert evidence.cell("ApprovalRate", "candidate", share=1_000) == Cell(2, 1.0)
    assert list(evidence.compared("ApprovalRate")) == [1_000, 5_000], "at 100 % there is nobody to compare with"
    assert evidence.compared()[1_000] == {"baseline": Cell(10, 10.0), "candidate": Cell(2, 2.0)}


@pytest.mark.parametrize(
    ("metric", "value", "counted"),
    [("JudgeScore", 5.0, 1.0), ("JudgeScore", 3.0, 0.5), ("JudgeScore", 1.0, 0.0), ("RetryRate", 1.0, 0.0)],
)
def test_values_count_from_the_worst_to_the_best_of_their_range(metric, value, counted):
    assert seen(customers("baseline", 2, **{metric: value})).cell(metric, "baseline") == Cell(2, 2 * counted)


def test_a_value_outside_of_its_range_is_no_better_than_the_best():
    assert seen(customers("baseline", 1, JudgeScore=7.0)).cell("JudgeScore", "baseline").mean == 1.0


def test_an_outcome_whose_window_is_open_is_as_if_it_were_not_there():
    booked_later = customers("candidate", 3, matured_at=NOW + timedelta(seconds=1), ApprovalRate=0.0)
    evidence = seen(customers("candidate", 2, matured_at=NOW, ApprovalRate=1.0), booked_later)

    assert evidence.cell("ApprovalRate", "candidate") == Cell(2, 2.0)
    assert evidence.exposed[5_000]["candidate"].n == 5


def test_a_slow_metric_counts_once_it_had_its_time_however_early_it_became_known():
    """Who books at once is known at once, and who doesn't is not: those who are known early would all be good."""
    month = timedelta(days=30)
    slow = {"name": "JobsBooked", "range": [0, 2], "matures_after_days": 30}
    plan = Plan.of({"horizon": 60 * 86_400, "look_every": 7_200}, declared=["ApprovalRate", slow])
    evidence = seen(
        customers("candidate", 7, ApprovalRate=1.0, JobsBooked=2.0),
        customers("candidate", 3, at=NOW - month, ApprovalRate=1.0, JobsBooked=1.0),
        customers("candidate", 1, at=NOW - month, matured_at=NOW + month, JobsBooked=2.0),
        plan=plan,
    )

    assert evidence.cell("JobsBooked", "candidate") == Cell(3, 1.5)
    assert evidence.cell("ApprovalRate", "candidate") == Cell(10, 10.0)


def test_a_run_without_an_outcome_has_failed_once_one_was_due():
    evidence = seen(
        customers("baseline", 8, ApprovalRate=0.0), customers("baseline", 2), customers("candidate", 5, at=JUST_NOW)
    )

    assert evidence.cell("RunsWithOutcome", "baseline") == Cell(10, 8.0)
    assert evidence.cell("RunsWithOutcome", "candidate") == Cell(), "nothing was due of them yet"


def test_who_has_an_outcome_early_counts_no_earlier_than_who_has_none():
    early = customers("candidate", 4, at=JUST_NOW, matured_at=JUST_NOW, ApprovalRate=1.0)

    assert seen(early).cell("RunsWithOutcome", "candidate") == Cell()
    assert seen(early).cell("ApprovalRate", "candidate") == Cell(4, 4.0)


def test_an_outcome_that_is_not_mature_shows_that_the_run_did_not_fail():
    waiting = customers("candidate", 1, matured_at=NOW + timedelta(days=9), Booked=1.0)

    assert seen(waiting).cell("RunsWithOutcome", "candidate") == Cell(1, 1.0)


@pytest.mark.parametrize(
    ("guard", "outcome"),
    [("ClaimsNotContradicted", "ContradictedClaims"), ("NoComplaint", "Complaint"), ("StillSubscribed", "Unsubscribe")],
)
def test_a_guard_is_the_part_of_the_customers_for_whom_all_went_well(guard, outcome):
    evidence = seen(customers("candidate", 3, **{outcome: 0.0}), customers("candidate", 1, **{outcome: 2.0}))

    assert evidence.cell(guard, "candidate") == Cell(4, 3.0)


def test_a_guard_without_outcomes_says_nothing():
    assert not seen(customers("candidate", 3, ApprovalRate=1.0)).compared("NoComplaint")


def test_costs_and_latencies_are_kept_by_share_and_arm():
    evidence = seen(
        *(customers("baseline", 1, CostMicros=float(cost), GenerationTime=100.0 * cost) for cost in range(1, 21)),
        customers("candidate", 19, CostMicros=5.0, GenerationTime=7.0),
        customers("candidate", 3, share=1_000, CostMicros=9.0), customers("candidate", 3, share=10_000, CostMicros=8.0),
    )  # fmt: skip
    latencies = evidence.amounts_compared(LATENCY)[5_000]

    assert evidence.amounts_compared(COST)[1_000] == {"baseline": [], "candidate": [9.0] * 3}
    assert mean(evidence.amounts_compared(COST)[5_000]["baseline"]) == 10.5
    assert 10_000 not in evidence.amounts_compared(COST), "at 100 % there is nobody to compare with"
    assert percentile_95(latencies["baseline"]) == pytest.approx(1_995.0)
    assert percentile_95(latencies["candidate"]) is None, "of so few there is no 95th percentile"


def test_without_customers_nothing_is_known():
    evidence = seen([])

    assert evidence.cell("ApprovalRate", "baseline").mean is None
    assert evidence.amounts_compared(COST) == {}
    assert mean([]) is None
    assert evidence.compared() == {}


def test_long_ago_is_long_enough_for_the_tests_above():
    assert NOW - LONG_AGO > timedelta(seconds=PLAN.outcome_due) > NOW - JUST_NOW
