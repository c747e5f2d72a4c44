"""What came of an exposure: a number for each metric, written once, whenever it becomes known.

The first value of a metric stays, so that a repeated writer changes nothing and a second run for the same customer adds
nothing; metrics that become known later are added beside those that are there. What only ever grows worse, as harm
does, is 0 until it is raised, whichever of the two is told first, and by whichever of a customer's runs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from agent_platform import aws, settings
from agent_platform.experiments.exposures import RolloutArm, exposure_key
from agent_platform.items import to_item
from agent_platform.moments import iso


@dataclass(frozen=True)
class _Settings:
    experiments_table: str


class Outcomes:
    """The table of experiments, as who learns what became of a customer sees it."""

    def __init__(self, *, table: str, dynamodb: Any) -> None:
        self._table, self._dynamodb = table, dynamodb

    def record(
        self,
        agent_id: str,
        rollout: int,
        tenant: str,
        customer: str,
        values: Mapping[str, float],
        *,
        arm: RolloutArm,
        matured_at: datetime,
    ) -> bool:
        """Add a customer's values by metric; they count from `matured_at` on.

        False if the customer has no exposure to this arm: what an arm did is never counted for the other.
        """
        metrics = sorted(values)
        changes = (f"outcomes.#m{number} = if_not_exists(outcomes.#m{number}, :v{number})"
                   for number in range(len(metrics)))  # fmt: skip
        recorded = {f":v{number}": {"value": values[metric], "maturedAt": iso(matured_at)}
                    for number, metric in enumerate(metrics)}  # fmt: skip
        return aws.condition_held(
            self._dynamodb.update_item,
            TableName=self._table,
            Key=exposure_key(agent_id, rollout, tenant, customer),
            UpdateExpression="SET " + ", ".join(changes),
            ConditionExpression="arm = :arm",
            ExpressionAttributeNames={f"#m{number}": metric for number, metric in enumerate(metrics)},
            ExpressionAttributeValues=to_item(recorded | {":arm": arm}),
        )

    def raise_to(
        self,
        agent_id: str,
        rollout: int,
        tenant: str,
        customer: str,
        values: Mapping[str, float],
        *,
        arm: RolloutArm,
        matured_at: datetime,
    ) -> bool:
        """Set each of a customer's values that was lower, or unknown; a value that is as high already stays.

        False if none was raised.
        """
        raised = [
            aws.condition_held(
                self._dynamodb.update_item,
                TableName=self._table,
                Key=exposure_key(agent_id, rollout, tenant, customer),
                UpdateExpression="SET outcomes.#metric = :outcome",
                ConditionExpression="arm = :arm AND"
                " (attribute_not_exists(outcomes.#metric) OR outcomes.#metric.#value < :value)",
                ExpressionAttributeNames={"#metric": metric, "#value": "value"},
                ExpressionAttributeValues=to_item(
                    {":outcome": {"value": value, "maturedAt": iso(matured_at)}, ":value": value, ":arm": arm}
                ),
            )
            for metric, value in values.items()
        ]
        return any(raised)


@cache
def outcomes() -> Outcomes:
    """The stack's outcomes, as the function's environment names them."""
    return Outcomes(table=settings.read(_Settings).experiments_table, dynamodb=aws.client("dynamodb"))
