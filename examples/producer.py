"""Puts events into the stack's stream, for a system that sends much and whose events must be taken in in their order.

One file, `boto3` and `standardwebhooks`. The stack has a stream if it was deployed with StreamIngest=on; its outputs
name what is needed: EventStreamName, and EventProducerPolicyArn for the role that this runs under.

A record is an envelope around the event's text, signed as for the webhook. The stream takes whatever it is given; what
the stack refuses of it is shown by `scripts/source refused`.

    producer = Producer(boto3.client("kinesis"), "the stream's name", "my-source", "whsec_…")
    producer.put(event, event_id="evt_4711", customer="77")

Events of one customer stay in the order in which they are put there, one after the other: wait for each answer before
the next. Those of different customers may be put there at the same time.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from standardwebhooks import Webhook


@dataclass(frozen=True)
class Producer:
    """A source of events with its stream; boto3's client tries again what Kinesis throttles."""

    kinesis: Any
    stream: str
    source: str
    secret: str

    def put(self, event: dict[str, Any], *, event_id: str, customer: str) -> str:
        """Put one event there; its sequence number.

        Put it there again, with the same id and the same content, if it isn't known whether it arrived: an event
        happens once. It is signed each time, since a signature is valid for five minutes.
        """
        body, now = json.dumps(event), datetime.now(UTC)
        envelope = {
            "source": self.source,
            "headers": {
                "webhook-id": event_id,
                "webhook-timestamp": str(int(now.timestamp())),
                "webhook-signature": Webhook(self.secret).sign(event_id, now, body),
            },
            "body": body,
        }
        answer = self.kinesis.put_record(
            StreamName=self.stream, Data=json.dumps(envelope).encode(), PartitionKey=customer
        )
        return str(answer["SequenceNumber"])
