import pytest
from agent_platform.drift.concluding import conclude
from agent_platform.sweeps import IncompleteSweepError


def test_verdicts_are_counted():
    answers = [{"verdict": "steady"}, {"verdict": "drifted"}, {"verdict": "steady"}]

    assert conclude(answers) == {"verdicts": {"steady": 2, "drifted": 1}}


def test_a_comparison_that_failed_is_told_when_all_are_done():
    with pytest.raises(IncompleteSweepError, match=r"2 of 3 comparisons failed: TransientError \(2\)"):
        conclude([{"verdict": "steady"}, {"error": "TransientError"}, {"error": "TransientError"}])
