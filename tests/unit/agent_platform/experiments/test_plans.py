"""A plan says everything before the first customer, and is refused with all that is wrong with it."""

import pytest
from agent_platform.errors import Refused
from agent_platform.experiments.plans import MOST_LOOKS, MOST_STEPS, Plan

DECLARED = ["ApprovalRate"]
BOOKED = {"name": "JobBooked", "range": [0, 1], "matures_after_days": 30}


def refusals(declared=DECLARED, **wanted):
    with pytest.raises(Refused) as refused:
        Plan.of(wanted, declared=declared)
    return refused.value.reasons


def test_a_plan_of_which_nothing_is_said_is_the_cautious_one():
    plan = Plan.of({}, declared=DECLARED)

    assert plan == Plan()
    assert plan.steps == (1_000, 5_000, 10_000)
    assert not plan.problems()


def test_what_is_recorded_is_the_same_plan():
    plan = Plan.of({"steps": [2_000, 10_000], "margin": 0.1, "horizon": 80_000}, declared=[*DECLARED, "JudgeScore"])

    assert Plan.recorded(plan.document()) == plan


def test_all_that_an_agent_declares_is_tested():
    assert Plan.of({}, declared=["JudgeScore", "ApprovalRate"]).metrics == ("JudgeScore", "ApprovalRate")


def test_a_metric_without_a_known_range_is_refused_and_never_dropped():
    [problem] = refusals(declared=["ApprovalRate", "CostMicros"])

    assert problem.startswith("metrics has an unknown metric: CostMicros")


def test_a_metric_of_the_agent_s_own_is_recorded_with_its_range():
    plan = Plan.of({"horizon": 60 * 86_400, "look_every": 7_200}, declared=["ApprovalRate", BOOKED])

    assert plan.metrics == ("ApprovalRate", "JobBooked")
    assert [(metric.range, metric.matures_after_days) for metric in plan.tested()] == [
        ((0.0, 1.0), 0),
        ((0.0, 1.0), 30),
    ]
    assert Plan.recorded(plan.document()) == plan


def test_what_matures_after_the_horizon_would_never_be_seen():
    assert refusals(declared=[BOOKED]) == ["horizon must be longer than the slowest metric takes to mature"]


def test_an_agent_that_declares_nothing_to_test_can_t_be_rolled_out():
    assert refusals(declared=[]) == [
        "the agent declares no metric to test (there are: ApprovalRate, JudgeScore, RetryRate, or one of its own)"
    ]


@pytest.mark.parametrize(
    ("wanted", "problem"),
    [
        ({"margin": 0}, "margin, alpha and expected must be between 0 and 1"),
        ({"alpha": 1.0}, "margin, alpha and expected must be between 0 and 1"),
        ({"expected": 1.5}, "margin, alpha and expected must be between 0 and 1"),
        ({"margin": "5%"}, "margin must be a number"),
        ({"minimum_sample": 1.5}, "minimum_sample must be a whole number"),
        ({"minimum_sample": True}, "minimum_sample must be a whole number"),
        ({"minimum_sample": 0}, "minimum_sample must be at least 1"),
        ({"steps": "10, 50"}, "steps must be a list of whole numbers"),
        ({"steps": [1_000, 5_000]}, "steps must rise from at least 1 to 10000 (100 %)"),
        ({"steps": [5_000, 1_000, 10_000]}, "steps must rise from at least 1 to 10000 (100 %)"),
        ({"steps": [1_000, 1_000, 10_000]}, "steps must rise from at least 1 to 10000 (100 %)"),
        ({"steps": [0, 10_000]}, "steps must rise from at least 1 to 10000 (100 %)"),
        (
            {"steps": [10_000]},
            f"there must be 2 to {MOST_STEPS} steps: without one below 100 % nothing is compared",
        ),
        (
            {"steps": [*range(1, MOST_STEPS + 1), 10_000]},
            f"there must be 2 to {MOST_STEPS} steps: without one below 100 % nothing is compared",
        ),
        (
            {"look_every": 60, "horizon": 60 * MOST_LOOKS + 1, "minimum_time": 1},
            f"horizon must be at most {MOST_LOOKS} times look_every",
        ),
        ({"look_every": 86_400, "horizon": 181 * 86_400}, "horizon must be at most 180 days"),
        ({"horizon": 7_200, "minimum_time": 3_600}, "horizon must leave each step its minimum_time"),
        ({"look_every": 14 * 86_400 + 1}, "look_every must be at most horizon"),
        ({"look_every": 0}, "minimum_time, look_every, horizon, outcome_due must be at least 1 second"),
        ({"most_cost_ratio": 1.0}, "most_cost_ratio and most_latency_ratio must be above 1"),
        ({"alarm_approval": 101}, "alarm_approval must be from 0 to 100"),
        ({"alarm_errors": 0}, "alarm_errors must be at least 1"),
        ({"metrics": ["ApprovalRate"]}, "a plan has no metrics"),
        ({"marign": 0.1}, "a plan has no marign"),
    ],
)
def test_a_problem_is_said(wanted, problem):
    assert problem in refusals(**wanted)


def test_all_problems_are_said_at_once():
    assert len(refusals(margin=2.0, minimum_sample=0, steps=[10_000], alarm_errors=0)) == 4
