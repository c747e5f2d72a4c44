"""Daily: the profiles whose retention is over are deleted."""

from datetime import UTC, datetime
from typing import Any

from agent_platform import aws, telemetry
from agent_platform.retrieval.expiry import delete_expired
from agent_platform.retrieval.vectors import profiles_index
from botocore.exceptions import BotoCoreError, ClientError


def lambda_handler(event: dict[str, Any], context: Any) -> None:
    """Delete them all; what a failure leaves, the next day deletes."""
    try:
        deleted = delete_expired(profiles_index(), now=datetime.now(UTC))
    except (ClientError, BotoCoreError) as error:
        raise aws.named(error) from None
    telemetry.log().info("expired", extra={"profiles": deleted})
