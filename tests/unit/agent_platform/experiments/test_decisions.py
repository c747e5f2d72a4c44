"""What a rollout does after a look: a table of what was seen, and what follows."""

from dataclasses import replace
from datetime import timedelta

import pytest
from agent_platform.experiments.decisions import Standing, compare, decide, figures
from agent_platform.experiments.evidence import gather
from agent_platform.experiments.plans import MOST_LOOKS, Plan

from tests.unit.agent_platform.experiments.customers import NOW, approved, customers

PLAN = Plan(margin=0.1, minimum_sample=50, minimum_time=3_600, horizon=7 * 86_400)
LONG = timedelta(hours=2)
STANDING = Standing(
    look=3, share=5_000, paused=False, opened_at=NOW - 2 * LONG, paused_for=timedelta(), step_since=NOW - LONG, now=NOW
)  # fmt: skip

ALIKE = [*approved("baseline", 900, 100), *approved("candidate", 900, 100)]
WORSE = [*approved("baseline", 900, 100), *approved("candidate", 600, 400)]
FEW = [*approved("baseline", 45, 5), *approved("candidate", 45, 5)]


def decided(seen, plan=PLAN, **standing):
    evidence = gather(seen, plan, now=NOW)
    return decide(plan, replace(STANDING, **standing), evidence, compare(evidence, plan))


def test_what_is_shown_to_be_no_worse_is_given_to_more_customers():
    decision = decided(ALIKE)

    assert (decision.action, decision.share, decision.outcome) == ("advance", 10_000, None)
    assert decision.reason == "ApprovalRate shown to be not worse by 10.0% or more"


def test_the_next_step_is_the_first_above_the_present_share():
    at_10 = [*approved("baseline", 4_500, 500, share=1_000), *approved("candidate", 500, 55, share=1_000)]

    assert decided(at_10, share=1_000).share == 5_000


def test_after_the_last_step_the_candidate_is_promoted():
    decision = decided([*ALIKE, *approved("candidate", 45, 5, share=10_000)], share=10_000)

    assert (decision.action, decision.outcome) == ("end", "promoted")


def test_what_is_shown_to_be_worse_is_rolled_back_before_any_time_or_sample_is_reached():
    decision = decided(WORSE, plan=replace(PLAN, minimum_sample=5_000), step_since=NOW)

    assert (decision.action, decision.outcome) == ("end", "rolled_back")
    assert decision.reason.startswith("ApprovalRate is worse, by ")


@pytest.mark.parametrize(
    ("seen", "standing", "waits_for"),
    [
        (FEW, {}, "ApprovalRate may still be worse by 10.0% or more"),
        (ALIKE, {"step_since": NOW - timedelta(minutes=59)}, "the step's minimum time is not over"),
        ([*ALIKE, *approved("candidate", 49, 0, share=10_000)], {"share": 10_000},
         "49 of at least 50 customers of an arm in this step"),
        ([], {}, "0 of at least 50 customers of an arm in this step; ApprovalRate may still be worse by 10.0% or more"),
    ],
)  # fmt: skip
def test_as_long_as_something_is_missing_it_holds_and_says_what(seen, standing, waits_for):
    decision = decided(seen, **standing)

    assert (decision.action, decision.reason) == ("hold", waits_for)


def test_the_sample_of_a_step_is_of_both_arms_and_of_this_step():
    before = [*approved("baseline", 9_000, 1_000, share=1_000), *approved("candidate", 900, 100, share=1_000)]
    decision = decided([*before, *approved("baseline", 60, 0), *approved("candidate", 40, 0)])

    assert decision.reason == "40 of at least 50 customers of an arm in this step"


@pytest.mark.parametrize(
    ("standing", "reason"),
    [
        ({"opened_at": NOW - timedelta(days=7)}, "no decision at the horizon: ApprovalRate may still be worse"),
        ({"look": MOST_LOOKS}, f"no decision after {MOST_LOOKS} looks, pauses included"),
        ({"look": MOST_LOOKS, "paused": True}, f"no decision after {MOST_LOOKS} looks, pauses included"),
    ],
)
def test_without_a_decision_it_ends_as_inconclusive_and_never_ships(standing, reason):
    decision = decided(FEW, **standing)

    assert (decision.action, decision.outcome) == ("end", "inconclusive")
    assert decision.reason.startswith(reason)


def test_what_is_shown_at_the_horizon_counts():
    assert decided(ALIKE, opened_at=NOW - timedelta(days=7)).action == "advance"


@pytest.mark.parametrize("seen", [ALIKE, FEW])
@pytest.mark.parametrize("opened_at", [STANDING.opened_at, NOW - timedelta(days=30)])
def test_a_paused_rollout_holds_also_beyond_its_horizon(seen, opened_at):
    assert decided(seen, paused=True, opened_at=opened_at).action == "hold"


def test_after_a_pause_the_horizon_is_put_off_by_as_long_as_it_lasted():
    long_ago, pause = NOW - timedelta(days=27), timedelta(days=20)

    assert decided(FEW, opened_at=long_ago, paused_for=pause + timedelta(seconds=1)).action == "hold"
    assert decided(FEW, opened_at=long_ago, paused_for=pause).outcome == "inconclusive"


def test_a_pause_protects_no_candidate_that_harms():
    assert decided(WORSE, paused=True).outcome == "rolled_back"


def test_the_arms_of_different_steps_are_not_pooled():
    """All approvals fell when the share rose, in both arms alike: plain means would blame the candidate."""
    steps = [
        *approved("baseline", 8_910, 90, share=1_000), *approved("candidate", 990, 10, share=1_000),
        *approved("baseline", 500, 500), *approved("candidate", 500, 500),
    ]  # fmt: skip
    evidence = gather(steps, PLAN, now=NOW)
    baseline, candidate = (evidence.cell("ApprovalRate", arm).mean for arm in ("baseline", "candidate"))

    assert baseline - candidate > 0.15
    assert decided(steps).outcome != "rolled_back"


@pytest.mark.parametrize(
    ("guard", "well", "badly"),
    [
        ("ClaimsNotContradicted", {"ContradictedClaims": 0.0}, {"ContradictedClaims": 1.0}),
        ("NoComplaint", {"Complaint": 0.0}, {"Complaint": 1.0}),
        ("StillSubscribed", {"Unsubscribe": 0.0}, {"Unsubscribe": 1.0}),
    ],
)
def test_a_guard_that_is_shown_to_be_harmed_takes_the_candidate_back(guard, well, badly):
    fine = [
        *customers("baseline", 500, ApprovalRate=1.0, **well),
        *customers("candidate", 250, ApprovalRate=1.0, **well),
    ]
    decision = decided([*fine, *customers("candidate", 250, ApprovalRate=1.0, **badly)])

    assert decision.outcome == "rolled_back"
    assert decision.reason.startswith(f"{guard} is worse")


def of_complaints(baseline, candidate, each=10_000):
    arms = {"baseline": baseline, "candidate": candidate}
    return [
        customer
        for arm, bad in arms.items()
        for customer in (
            *customers(arm, bad, ApprovalRate=1.0, Complaint=1.0),
            *customers(arm, each - bad, ApprovalRate=1.0, Complaint=0.0),
        )
    ]


def test_harm_to_a_guard_is_harm_also_within_the_margin_of_the_metrics():
    """From 0.1 % to 2 % is serious, and far less than the margin of 10 points."""
    decision = decided(of_complaints(10, 200))

    assert decision.outcome == "rolled_back"
    assert decision.reason.startswith("NoComplaint is worse")


def test_a_guard_that_is_undecided_stands_in_no_advance_s_way():
    seen = of_complaints(10, 14)
    [_, _, guard] = compare(gather(seen, PLAN, now=NOW), PLAN)

    assert (guard.metric, guard.verdict) == ("NoComplaint", "hold")
    assert decided(seen).action == "advance"


def test_runs_that_fail_take_the_candidate_back_although_they_say_nothing_of_approval():
    fine = [*customers("baseline", 500, ApprovalRate=1.0), *customers("candidate", 300, ApprovalRate=1.0)]
    decision = decided([*fine, *customers("candidate", 200)])

    assert decision.outcome == "rolled_back"
    assert decision.reason.startswith("RunsWithOutcome is worse")


@pytest.mark.parametrize(
    ("metric", "reason"),
    [
        ("CostMicros", "mean cost is 2.0 times the baseline's, at most 1.5 is allowed"),
        ("GenerationTime", "95th percentile of latency is 2.0 times the baseline's, at most 1.5 is allowed"),
    ],
)
def test_a_limit_that_is_passed_takes_the_candidate_back(metric, reason):
    baseline, candidate = (
        approved(arm, 50, 5, **({"CostMicros": 100.0, "GenerationTime": 700.0} | more))
        for arm, more in (("baseline", {}), ("candidate", {metric: {"CostMicros": 200.0}.get(metric, 1_400.0)}))
    )

    assert decided([*baseline, *candidate]).reason == reason
    assert decided([*baseline, *candidate[:49]]).action == "hold", (
        "of fewer than the minimum sample a limit says nothing"
    )


def amounts(arm, cost, *, share=5_000, number=100, **more):
    return customers(arm, number, share=share, ApprovalRate=1.0, CostMicros=cost, **more)


def test_what_became_dearer_with_time_is_no_harm_of_the_candidate():
    """Both arms cost twice as much at each step; at 100 % there is no baseline that could show it."""
    steps = [
        *amounts("baseline", 100.0, share=1_000, number=900), *amounts("candidate", 100.0, share=1_000),
        *amounts("baseline", 200.0), *amounts("candidate", 200.0),
        *amounts("candidate", 400.0, share=10_000, number=500),
    ]  # fmt: skip

    assert decided(steps, share=10_000).outcome != "rolled_back"


def test_a_limit_that_is_passed_in_one_step_counts_whatever_the_others_are():
    steps = [
        *amounts("baseline", 100.0, share=1_000, number=900), *amounts("candidate", 160.0, share=1_000),
        *amounts("baseline", 900.0, number=2_000), *amounts("candidate", 900.0, number=2_000),
    ]  # fmt: skip

    assert decided(steps).reason == "mean cost is 1.6 times the baseline's, at most 1.5 is allowed"


def test_one_amount_of_which_little_is_known_switches_no_other_limit_off():
    seen = [*amounts("baseline", 100.0), *amounts("candidate", 200.0, number=99)]
    timed = [*amounts("baseline", 100.0, number=1, GenerationTime=7.0), *seen]

    for each in (seen, timed):
        assert decided(each).reason == "mean cost is 2.0 times the baseline's, at most 1.5 is allowed"


def test_a_split_that_is_not_the_share_s_stops_the_rollout_whatever_else_is_seen():
    lost = [*approved("baseline", 900, 100), *approved("candidate", 700, 0)]
    decision = decided(lost)

    assert (decision.action, decision.outcome) == ("end", "stopped")
    assert decision.reason.startswith("sample-ratio mismatch: the candidate was given 700 of 1700 customers")


def test_every_declared_metric_must_be_shown():
    plan = replace(PLAN, metrics=("ApprovalRate", "JudgeScore"))
    some = [*approved("baseline", 1_900, 100), *approved("candidate", 1_900, 100)]
    scored = [*approved("baseline", 1_900, 100, JudgeScore=4.0), *approved("candidate", 1_900, 100, JudgeScore=4.0)]

    assert decided(some, plan).reason == "JudgeScore may still be worse by 10.0% or more"
    assert decided(scored, plan).action == "advance"


def test_a_metric_of_which_nothing_is_known_is_compared_all_the_same_and_a_guard_is_not():
    [only] = compare(gather([], PLAN, now=NOW), PLAN)

    assert (only.metric, only.low, only.high, only.verdict) == ("ApprovalRate", -1.0, 1.0, "hold")


def test_the_log_has_what_limits_and_split_are_read_from():
    dear = [*customers("candidate", 30, CostMicros=4.0), *customers("candidate", 30, share=10_000, CostMicros=9.0)]
    seen = figures(gather([*ALIKE, *dear], PLAN, now=NOW))

    assert seen["customers"] == {"baseline": 1_000, "candidate": 1_060}
    assert seen["meanCostMicros"] == {"5000": {"baseline": None, "candidate": 4.0}}
    assert seen["p95LatencyMs"] == {}
    assert seen["split"] == {"5000": 1.0}


def test_a_split_is_never_logged_as_less_probable_than_dynamodb_can_hold():
    lost = gather(customers("baseline", 2_000, share=5_000), PLAN, now=NOW)

    assert figures(lost)["split"] == {"5000": 1e-99}
