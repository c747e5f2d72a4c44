"""What a run's verdict is in numbers."""

import pytest
from outreach.outcomes.runs import outcomes_of


def usage(latency, cost):
    return {"latency_ms": latency, "cost_micros": cost}


def attempt(*results):
    findings = [{"result": result} for result in results]
    return {"findings": findings, "generate": usage(700, 30), "judge": usage(500, 20)}


def test_a_message_that_was_approved_at_once():
    verdict = {"approved": True, "score": 4.6, "attempts": [attempt("slot", "equals")]}

    assert outcomes_of(verdict) == {
        "ApprovalRate": 1.0,
        "JudgeScore": 4.6,
        "RetryRate": 0.0,
        "GenerationTime": 700,
        "CostMicros": 50,
        "ContradictedClaims": 0,
    }


def test_what_was_contradicted_in_any_attempt_counts_and_so_does_what_it_cost():
    attempts = [attempt("contradicted", "unsupported"), attempt("contradicted", "slot")]
    outcomes = outcomes_of({"approved": False, "score": 2.0, "attempts": attempts})

    assert (outcomes["ApprovalRate"], outcomes["RetryRate"]) == (0.0, 1.0)
    assert (outcomes["ContradictedClaims"], outcomes["CostMicros"], outcomes["GenerationTime"]) == (2, 100, 1_400)


@pytest.mark.parametrize("metric", ["ApprovalRate", "RetryRate"])
def test_rates_are_of_one_customer(metric):
    assert outcomes_of({"approved": True, "score": 5, "attempts": [attempt()]})[metric] in {0.0, 1.0}
