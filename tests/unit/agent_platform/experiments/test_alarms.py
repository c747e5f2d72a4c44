"""When the alarm on approvals rings: what is put into CloudWatch is evaluated here as CloudWatch evaluates it."""

import random
import re

import pytest
from agent_platform.experiments.alarms import Alarms
from agent_platform.experiments.plans import Plan

PERIODS_OF_14_DAYS = 14 * 24 * 12


class CloudWatch:
    """Alarms by the last part of their names; `rings` does with expressions and missing data what AWS documents."""

    def __init__(self):
        self.alarms = {}

    def put_metric_alarm(self, *, AlarmName, **alarm):  # noqa: N803 - the service's own word
        self.alarms[AlarmName.rpartition(".")[2]] = alarm

    def rings(self, periods):
        """Whether the alarm on approvals goes off, given the verdicts (100 or 0) of each period."""
        alarm = self.alarms["approval"]
        assert (alarm["ComparisonOperator"], alarm["TreatMissingData"]) == ("LessThanThreshold", "notBreaching")
        in_a_row = 0
        for verdicts in periods:
            breaching = bool(verdicts) and self._value(alarm["Metrics"], verdicts) < alarm["Threshold"]
            in_a_row = in_a_row + 1 if breaching else 0
            if in_a_row == alarm["EvaluationPeriods"]:
                return True
        return False

    @staticmethod
    def _value(queries, verdicts):
        statistics = {"Average": sum(verdicts) / len(verdicts), "SampleCount": len(verdicts)}
        values = {each["Id"]: statistics[each["MetricStat"]["Stat"]] for each in queries if "MetricStat" in each}
        [returned] = [each for each in queries if each["ReturnData"]]
        tested, least, then, otherwise = re.fullmatch(
            r"IF\((\w+) >= (\d+), (\w+), (\d+)\)", returned["Expression"]
        ).groups()
        return values[then] if values[tested] >= int(least) else int(otherwise)


@pytest.fixture
def cloudwatch():
    made = CloudWatch()
    Alarms(stack="the-stack", cloudwatch=made).put(
        "platform#outreach-writer", 1, workflow="outreach", candidate=2, plan=Plan()
    )
    return made


@pytest.mark.parametrize("messages", [1, 3, 19, 20, 100])
def test_a_good_candidate_rings_at_no_traffic(cloudwatch, messages):
    drawn = random.Random(messages)
    for _ in range(1 if messages > 3 else 20):
        verdicts = [drawn.choices([100, 0], [0.85, 0.15], k=messages) for _ in range(PERIODS_OF_14_DAYS)]
        assert not cloudwatch.rings(verdicts)


def test_a_bad_candidate_rings_within_three_periods(cloudwatch):
    assert cloudwatch.rings([[0] * 16 + [100] * 4] * 3)


@pytest.mark.parametrize(
    "periods",
    [
        [[0] * 19] * 10,
        [[0] * 20] * 2,
        [[0] * 20, [0] * 20, [], [0] * 20],
        [[0] * 10 + [100] * 10] * 10,
    ],
    ids=["too few", "too short", "with a gap", "at the threshold"],
)
def test_what_shows_too_little_does_not_ring(cloudwatch, periods):
    assert not cloudwatch.rings(periods)


def test_both_alarms_read_the_candidate_s_own_metrics(cloudwatch):
    own = {"workflow": "outreach", "agent": "platform#outreach-writer", "version": "2"}
    approval, errors = cloudwatch.alarms["approval"], cloudwatch.alarms["errors"]
    read = [each["MetricStat"]["Metric"] for each in approval["Metrics"] if "MetricStat" in each]

    assert {metric["MetricName"] for metric in read} == {"ApprovalRate"}
    for metric in (*read, errors):
        assert metric["Namespace"] == "ReferralSystem"
        assert {each["Name"]: each["Value"] for each in metric["Dimensions"]} == own
