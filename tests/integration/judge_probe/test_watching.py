"""Every night the judges in production are probed by a sample; one that slips is told of."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from agent_platform.sweeps import IncompleteSweepError

from tests.integration.judge_probe.conftest import JUDGE
from tests.integration.permissions import made_by, noting, refused, unused
from tests.probings import probing

NIGHTLY = {"detail-type": "Scheduled Event"}


@pytest.fixture
def emitted(capsys):
    """What was emitted since it was last asked: each metric with its last value."""

    def emitted():
        lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"_aws"' in line]
        return {name: value for line in lines for name, value in line.items()}

    return emitted


def told(stack, name, yes, no, *, version="1"):
    """Let the judge's version have said yes and no so often yesterday."""
    named = {"workflow": "outreach", "agent": JUDGE, "version": version}
    at = datetime.now(UTC).replace(hour=12) - timedelta(days=1)
    for value, times in ((100, yes), (0, no)):
        stack.clients("cloudwatch").put_metric_data(
            Namespace="ReferralSystem",
            MetricData=[
                {"MetricName": name, "Dimensions": [{"Name": key, "Value": each} for key, each in named.items()],
                 "Value": value, "Timestamp": at}
            ] * times,
        )  # fmt: skip


def test_a_sample_of_the_judge_in_production_is_asked_and_told(judge, emitted):
    judge.invoke("WatchJudgesFunction", NIGHTLY)
    metrics = emitted()

    assert {document["agents"]["judge"]["version"] for document in judge.asked.documents} == {1}
    assert len(judge.asked.documents) == 2 * 43 + 20
    assert (metrics["JudgeSlips"], metrics["JudgeSensitivity"], metrics["JudgeSpecificity"]) == ([0], [100], [100])
    assert judge.probings().on(JUDGE, 1, "nightly")["good"]["n"] == 43


def test_a_judge_that_slips_is_told_of(judge, emitted):
    judge.asked.approves_all = True
    judge.invoke("WatchJudgesFunction", NIGHTLY)

    assert emitted()["JudgeSlips"] == [1]


def test_a_night_that_is_repeated_pays_for_nothing_twice(judge):
    for _ in range(2):
        judge.invoke("WatchJudgesFunction", NIGHTLY)

    assert len(judge.asked.documents) == 2 * 43 + 20


def test_yesterday_s_approval_is_told_with_the_judge_s_error_taken_out(judge, emitted):
    told(judge, "JudgeApproval", 74, 26)
    told(judge, "JudgeApproval", 0, 50, version="2")
    judge.probings().keep(JUDGE, 1, "asked", probing())
    judge.invoke("WatchJudgesFunction", NIGHTLY)
    metrics = emitted()

    assert metrics["CorrectedApproval"] == [pytest.approx(80)]
    assert metrics["CorrectedApprovalLow"][0] < 74 < 80 < metrics["CorrectedApprovalHigh"][0]


def test_people_s_decisions_of_the_last_weeks_make_it_surer_and_leave_the_alarm_to_the_probes(judge, emitted):
    def width():
        judge.invoke("WatchJudgesFunction", NIGHTLY)
        metrics = emitted()
        assert (metrics["JudgeSlips"], metrics["JudgeSpecificity"]) == ([0], [100])
        return metrics["CorrectedApprovalHigh"][0] - metrics["CorrectedApprovalLow"][0]

    told(judge, "JudgeApproval", 740, 260)
    judge.probings().keep(JUDGE, 1, "asked", probing())
    by_probes = width()
    # Of all messages these were drawn for people; they are as good as any.
    told(judge, "JudgeDrawn", 185, 65)
    told(judge, "JudgeUpheld", 180, 5)

    assert width() < by_probes


def test_of_a_day_without_messages_nothing_is_told(judge, emitted):
    judge.invoke("WatchJudgesFunction", NIGHTLY)

    assert "CorrectedApproval" not in emitted()


def test_a_judge_that_can_t_be_probed_fails_the_night(judge):
    judge.clients("s3").delete_object(Bucket="evaluationsbucket", Key="probes/outreach-judge.jsonl")

    with pytest.raises(IncompleteSweepError, match="1 of 1 judges failed: there are no probes"):
        judge.invoke("WatchJudgesFunction", NIGHTLY)


def test_each_role_allows_what_its_function_does_and_no_table_more(judge, monkeypatch):
    told(judge, "JudgeApproval", 1, 1)
    asked = noting(judge, monkeypatch)
    judge.invoke("WatchJudgesFunction", NIGHTLY)
    judge.invoke("ProbeJudgeFunction", {"agent_id": JUDGE, "version": 2, "seed": "a", "half_width": 0.3})
    done = made_by({"judge_probe"}, noted=asked)

    assert refused(done) == {}
    assert unused(done) == {}
