"""A CRM that sends signed events, as API Gateway hands them to the webhook and Kinesis to the stream's reader."""

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from standardwebhooks import Webhook

SHARD = "shardId-000000000001"


@dataclass
class Crm:
    """A system with a source's name and secret."""

    source: str
    secret: str

    def post(
        self,
        event: Any,
        *,
        event_id: str = "msg_1",
        late: timedelta = timedelta(0),
        content_type: str | None = "application/json",
        **changes: Any,
    ) -> dict[str, Any]:
        """A proxy event with this event (or this text) as its signed body; headers in AWS's mixed case."""
        body = event if isinstance(event, str) else json.dumps(event)
        moment = datetime.now(UTC) - late
        headers = {
            "Accept": "*/*",
            "Host": "abc.execute-api.us-east-1.amazonaws.com",
            "Webhook-Id": event_id,
            "webhook-timestamp": str(int(moment.timestamp())),
            "WEBHOOK-SIGNATURE": Webhook(self.secret).sign(event_id, moment, body),
            "X-Forwarded-For": "203.0.113.7",
        }
        if content_type:
            headers["Content-Type"] = content_type
        return {
            "resource": "/webhook/{source}",
            "path": f"/webhook/{self.source}",
            "httpMethod": "POST",
            "headers": headers,
            "multiValueHeaders": {name: [value] for name, value in headers.items()},
            "queryStringParameters": None,
            "pathParameters": {"source": self.source},
            "requestContext": {"stage": "test", "requestId": "1"},
            "body": body,
            "isBase64Encoded": False,
        } | changes


class Producer:
    """A system that puts signed events into a stream of one shard."""

    def __init__(self, source: str, secret: str) -> None:
        self.source, self.secret, self._records = source, secret, 0

    def record(
        self,
        event: Any,
        *,
        event_id: str | None = None,
        waited: timedelta = timedelta(0),
        late: timedelta = timedelta(0),
        **changes: Any,
    ) -> dict[str, Any]:
        """A record as Lambda delivers it: it lay there for so long, and was signed so long before it came there."""
        event_id = event_id or f"msg_{self._records + 1}"
        body = event if isinstance(event, str) else json.dumps(event)
        arrived = datetime.now(UTC) - waited
        headers = {
            "Webhook-Id": event_id,
            "webhook-timestamp": str(int((arrived - late).timestamp())),
            "webhook-signature": Webhook(self.secret).sign(event_id, arrived - late, body),
        }
        envelope = {"source": self.source, "headers": headers, "body": body} | changes
        return self.raw(json.dumps(envelope), arrived)

    def raw(self, data: str | bytes, arrived: datetime | None = None) -> dict[str, Any]:
        """A record with just these data."""
        self._records += 1
        return {
            "eventID": f"{SHARD}:{self._records:05}",
            "kinesis": {
                "sequenceNumber": f"{self._records:05}",
                "approximateArrivalTimestamp": (arrived or datetime.now(UTC)).timestamp(),
                "data": base64.b64encode(data if isinstance(data, bytes) else data.encode()).decode(),
            },
        }
