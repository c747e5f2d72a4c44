"""The alarms on a rollout's candidate: made when it starts, deleted at its end; one that rings takes it back at once.

They are faster and cruder than a look: they hear of failed calls and of approvals within minutes, and compare with
nothing.
"""

from typing import Any

from botocore.exceptions import ClientError

from agent_platform import aws
from agent_platform.experiments.plans import Plan
from agent_platform.telemetry import NAMESPACE

_PERIOD_SECONDS = 300


class Alarms:
    """The alarms of one stack's rollouts; their names say whose they are."""

    def __init__(self, *, stack: str, cloudwatch: Any) -> None:
        self._prefix, self._cloudwatch = f"{stack}-rollout", cloudwatch

    def put(self, agent_id: str, rollout: int, *, workflow: str, candidate: int, plan: Plan) -> None:
        """Make a rollout's alarms; making them again changes nothing."""
        dimensions = {"workflow": workflow, "agent": agent_id, "version": str(candidate)}
        shared = {
            "Namespace": NAMESPACE,
            "Dimensions": [{"Name": name, "Value": value} for name, value in dimensions.items()],
            "Period": _PERIOD_SECONDS,
            "TreatMissingData": "notBreaching",
            "AlarmDescription": f"Rollout {rollout} of {agent_id} is taken back when this rings.",
        }
        approval, errors = self._names(agent_id, rollout)
        self._cloudwatch.put_metric_alarm(
            AlarmName=approval, MetricName="ApprovalRate", Statistic="Average", EvaluationPeriods=3,
            Threshold=plan.alarm_approval, ComparisonOperator="LessThanThreshold", **shared,
        )  # fmt: skip
        self._cloudwatch.put_metric_alarm(
            AlarmName=errors, MetricName="Errors", Statistic="Sum", EvaluationPeriods=1,
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
