"""The stream at the terminal: putting a signed event there as a system does, and what of it was refused."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

from agent_platform.ingest.refusals import Refusal
from standardwebhooks import Webhook

from operations.stack import Stack
from operations.terminal import Problem

# While they are read, nobody else receives them.
_HIDDEN_SECONDS = 60
_AT_A_TIME = 10


def put(stack: Stack, source: str, secret: str, body: str, *, event_id: str) -> str:
    """Sign a body per Standard Webhooks and put it into the stream; the record's place."""
    now = datetime.now(UTC)
    envelope = {
        "source": source,
        "headers": {
            "webhook-id": event_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(secret).sign(event_id, now, body),
        },
        "body": body,
    }
    answer = stack.client("kinesis").put_record(
        StreamName=_name(stack), Data=json.dumps(envelope).encode(), PartitionKey=_partition_key(body, event_id)
    )
    return f"{answer['ShardId']}:{answer['SequenceNumber']}"


def refused(stack: Stack, *, forget: bool = False) -> Iterator[Refusal]:
    """What was refused, in no order; it stays there, unless it is to be forgotten once it was told."""
    sqs, url = stack.client("sqs"), stack.outputs["StreamRefusalsUrl"]
    told: dict[str, str] = {}
    while True:
        found = sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=_AT_A_TIME, WaitTimeSeconds=1, VisibilityTimeout=_HIDDEN_SECONDS
        )
        messages = [each for each in found.get("Messages", []) if each["MessageId"] not in told]
        if not messages:
            break
        for message in messages:
            told[message["MessageId"]] = message["ReceiptHandle"]
            yield Refusal.of(json.loads(message["Body"]))
    for handle in told.values():
        if forget:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=handle)
        else:
            sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=0)


def _name(stack: Stack) -> str:
    if "EventStreamName" not in stack.outputs:
        raise Problem(
            "This stack has no stream. Add StreamIngest=on to the profile's parameter_overrides in samconfig.toml, and "
            f"deploy: scripts/deploy --account {stack.account}"
        )
    return stack.outputs["EventStreamName"]


def _partition_key(body: str, event_id: str) -> str:
    """The customer's id, so that a customer's events stay in their order; what has none has a place of its own."""
    try:
        return str(json.loads(body)["data"]["customer"]["id"])[:256] or event_id
    except (ValueError, KeyError, TypeError):
        return event_id
