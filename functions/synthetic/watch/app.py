"""Watch: what came of a run of the schedule, as the two metrics that an alarm reads; no run, no metric."""

from datetime import UTC, datetime
from typing import Any

from agent_platform import aws, telemetry
from agent_platform.registry.manifests import manifests
from agent_platform.synthetic.watching import look
from agent_platform.tenants import SYNTHETIC
from aws_lambda_powertools.metrics import MetricUnit
from botocore.exceptions import BotoCoreError, ClientError


def lambda_handler(event: dict[str, Any], context: Any) -> None:
    """Look at the message of one `synthetic.stored`; SyntheticOk is 1, or 0 if anything is wrong with it."""
    try:
        seen = look(event["detail"], manifests(), dynamodb=aws.client("dynamodb"), now=datetime.now(UTC))
    except (ClientError, BotoCoreError) as error:
        raise aws.named(error) from None
    if seen is None:
        return
    telemetry.emit({
        "SyntheticOk": (MetricUnit.Count, 0 if seen.problems else 1),
        "SyntheticTime": (MetricUnit.Milliseconds, seen.milliseconds),
    })  # fmt: skip
    told = telemetry.log().warning if seen.problems else telemetry.log().info
    about = {"tenant": SYNTHETIC, "correlation_id": seen.receipt}
    told("watched", extra=about | {"problems": seen.problems, "milliseconds": seen.milliseconds})
