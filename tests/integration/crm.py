"""A CRM that sends signed events, as API Gateway hands them to the webhook."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from standardwebhooks import Webhook


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
