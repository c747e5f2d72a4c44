"""What a queue delivers of the bus's events: each is worked on by itself, and only those that failed go back."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from agent_platform import aws, correlation, telemetry


def work_through(event: Mapping[str, Any], work: Callable[[Any], None], *, failed: str) -> dict[str, Any]:
    """Do the work for the detail of each message; the answer names those that come again, and in time lie dead.

    The log has what `failed` says, under the message's id: there scripts/redrive finds why it lies among the dead.
    """
    again = []
    for message in event["Records"]:
        with correlation.one_document():
            try:
                detail = json.loads(message["body"])["detail"]
                correlation.name(detail)
                work(detail)
                telemetry.log().info("done", extra={"queue_message": message["messageId"]})
            except Exception as error:  # noqa: BLE001 - whatever it is, the others still have their turn
                telemetry.log().error(failed, extra={"queue_message": message["messageId"], "error": aws.told(error)})
                again.append({"itemIdentifier": message["messageId"]})
    return {"batchItemFailures": again}
