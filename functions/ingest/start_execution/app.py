"""From a workflow's queue to its state machine: one execution for each run of an event, however often delivered."""

import json
from dataclasses import dataclass
from typing import Any

from agent_platform import aws, settings, telemetry
from agent_platform.ingest.events import event_records
from agent_platform.ingest.runs import execution_arn, runs
from agent_platform.references import EventReference
from botocore.exceptions import BotoCoreError, ClientError


@dataclass(frozen=True)
class _Settings:
    state_machine_arn: str


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Start what each message names; only the messages that failed go back to the queue, and in time to the DLQ."""
    failed = []
    for message in event["Records"]:
        try:
            _start(EventReference.of(json.loads(message["body"])["detail"]))
        except (ClientError, BotoCoreError, ValueError, KeyError, TypeError) as error:
            cause = str(aws.named(error)) if isinstance(error, ClientError | BotoCoreError) else type(error).__name__
            telemetry.log().error("not started", extra={"queue_message": message["messageId"], "error": cause})
            failed.append({"itemIdentifier": message["messageId"]})
    return {"batchItemFailures": failed}


def _start(reference: EventReference) -> None:
    machine = settings.read(_Settings).state_machine_arn
    runs().start(machine, reference)
    event_records().mark_started(reference, execution_arn(machine, reference))
