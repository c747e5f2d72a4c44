"""Send: one synthetic event of a workflow, signed, through the URL that every company's events come by."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

from agent_platform import aws, settings, telemetry
from agent_platform.registry.manifests import manifests
from agent_platform.synthetic.plans import plan_of
from agent_platform.synthetic.runs import SyntheticRun
from agent_platform.synthetic.sending import send
from agent_platform.tenants import SYNTHETIC
from botocore.exceptions import BotoCoreError, ClientError


@dataclass(frozen=True)
class _Settings:
    webhook_url: str
    source_secret: str
    # Only on the local AWS, which has one address for everything: WEBHOOK_URL is a path of it there.
    aws_endpoint_url: str = ""


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, str]:
    """Send the event of {workflow, by_hand?}; the answer has its id and receipt. The next period is the retry."""
    own = settings.read(_Settings)
    try:
        plan = plan_of(manifests(), event["workflow"])
        kept = aws.client("secretsmanager").get_secret_value(SecretId=own.source_secret)
    except (ClientError, BotoCoreError) as error:
        raise aws.named(error) from None
    run = SyntheticRun.begin(datetime.now(UTC), by_hand=event.get("by_hand", False))
    newest = json.loads(kept["SecretString"])["secrets"][0]
    receipt = send(run, plan["event"], url=urljoin(own.aws_endpoint_url, own.webhook_url), secret=newest)
    telemetry.log().info("sent", extra={"tenant": SYNTHETIC, "correlation_id": receipt, "event": run.event_id})
    return {"event_id": run.event_id, "receipt": receipt}
