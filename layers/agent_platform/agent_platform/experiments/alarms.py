"""The alarms on a rollout's candidate: made when it starts, deleted at its end; one that rings takes it back at once.

They are faster and cruder than a look: they hear of failed calls and of approvals within minutes, and compare with
nothing. Where messages are few, the approval alarm is silent: a handful of refusals shows nothing, and the looks, which
know how little they have seen, decide alone.
"""

from typing import Any

from botocore.exceptions import ClientError

from agent_platform import aws
from agent_platform.experiments.plans import Plan
from agent_platform.telemetry import NAMESPACE

_PERIOD_SECONDS = 300
# A candidate whose messages are approved 85 times in 100 falls below half of 20 in three periods in a row with a
# probability of 6e-14; of three single messages, each refused, with one of 3e-3, and a rollout has 4,000 periods.
_FEWEST_MESSAGES = 20
_ALL_APPROVED = 100


class Alarms:
    """The alarms of one stack's rollouts; their names say whose they are."""

    def __init__(self, *, stack: str, cloudwatch: Any) -> None:
        self._prefix, self._cloudwatch = f"{stack}-rollout", cloudwatch

    def put(self, agent_id: str, rollout: int, *, workflow: str, candidate: int, plan: Plan) -> None:
        """Make a rollout's alarms; making them again changes nothing."""
        named = {"workflow": workflow, "agent": agent_id, "version": str(candidate)}
        dimensions = [{"Name": name, "Value": value} for name, value in named.items()]
        shared = {
            "TreatMissingData": "notBreaching",
            "AlarmDescription": f"Rollout {rollout} of {agent_id} is taken back when this rings.",
        }
        approval, errors = self._names(agent_id, rollout)
        self._cloudwatch.put_metric_alarm(
            AlarmName=approval, Metrics=_approval_of_enough(dimensions), EvaluationPeriods=3,
            Threshold=plan.alarm_approval, ComparisonOperator="LessThanThreshold", **shared,
        )  # fmt: skip
        self._cloudwatch.put_metric_alarm(
            AlarmName=errors, Namespace=NAMESPACE, MetricName="Errors", Dimensions=dimensions, Statistic="Sum",
            Period=_PERIOD_SECONDS, EvaluationPeriods=1,
            Threshold=plan.alarm_errors, ComparisonOperator="GreaterThanOrEqualToThreshold", **shared,
        )  # fmt: skip

    def delete(self, agent_id: str, rollout: int) -> None:
        """Delete a rollout's alarms, if they are there."""
        # One by one: of several names CloudWatch deletes none if one is unknown.
        for name in self._names(agent_id, rollout):
            try:
                self._cloudwatch.delete_alarms(AlarmNames=[name])
            except ClientError as error:
                if aws.code_of(error) not in {"ResourceNotFound", "ResourceNotFoundException"}:
                    raise

    def rollout_of(self, alarm: str) -> tuple[str, int]:
        """The agent and the rollout that an alarm of ours is about."""
        _, owner, name, rollout, _ = alarm.removeprefix(self._prefix).split(".")
        return f"{owner}#{name}", int(rollout)

    def _names(self, agent_id: str, rollout: int) -> list[str]:
        owner, _, name = agent_id.partition("#")
        return [f"{self._prefix}.{owner}.{name}.{rollout}.{what}" for what in ("approval", "errors")]


def _approval_of_enough(dimensions: list[dict[str, str]]) -> list[dict[str, Any]]:
    """The percentage of approvals in a period, as a metric that is at its best where a period has too few messages."""
    metric = {"Namespace": NAMESPACE, "MetricName": "ApprovalRate", "Dimensions": dimensions}
    read = {"approval": "Average", "messages": "SampleCount"}
    return [
        {
            "Id": "approval_of_enough",
            "Expression": f"IF(messages >= {_FEWEST_MESSAGES}, approval, {_ALL_APPROVED})",
            "ReturnData": True,
        },
        *(
            {
                "Id": name,
                "MetricStat": {"Metric": metric, "Period": _PERIOD_SECONDS, "Stat": statistic},
                "ReturnData": False,
            }
            for name, statistic in read.items()
        ),
    ]
