"""The door's answer to one request: read and verify it, have its event accepted, and say in HTTP what became of it.

After a 2xx nothing is lost; after a 4xx nothing was stored; after a 503 the event may be recorded, and then runs once,
whoever publishes it again.
"""

import base64
import binascii
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from botocore.exceptions import BotoCoreError, ClientError

from agent_platform import aws, correlation, telemetry
from agent_platform.errors import TransientError
from agent_platform.ingest.acceptance import Acceptance, Accepted, Refused, readable
from agent_platform.ingest.admission import Admission
from agent_platform.ingest.sources import Sources
from agent_platform.problems import problem


@dataclass(frozen=True)
class Offered:
    """A request as it came over the wire: the source in its path, headers by lower-case name, the body's bytes."""

    source: str
    headers: Mapping[str, str]
    body: bytes

    @classmethod
    def from_proxy_event(cls, event: Mapping[str, Any]) -> "Offered | None":
        """Read API Gateway's proxy event; None if it calls its body base64 and the body is not."""
        headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
        text = event.get("body") or ""
        try:
            body = base64.b64decode(text, validate=True) if event.get("isBase64Encoded") else text.encode()
        except (binascii.Error, ValueError):
            return None
        return cls((event.get("pathParameters") or {}).get("source") or "", headers, body)


@dataclass(frozen=True)
class Door:
    """Who decides about a request: sources whether it is genuine, admission whether now, acceptance about its event."""

    sources: Sources
    admission: Admission
    acceptance: Acceptance

    def answer(self, offered: Offered, *, now: datetime) -> dict[str, Any]:
        """The API's answer to one request, as a proxy response; the log has the event's receipt once there is one."""
        with correlation.one_document():
            try:
                made = self._decide(offered, now=now)
            except (ClientError, BotoCoreError, TransientError) as error:
                name = str(error) if isinstance(error, TransientError) else str(aws.named(error))
                telemetry.log().error("could not record or publish", extra={"error": name})
                detail = "The event could not be taken just now. Send it again with the same webhook-id."
                return problem(503, detail, headers={"Retry-After": "5"})
            if isinstance(made, Refused):
                telemetry.log().info("refused", extra={"status": made.status})
                return _refusal(made)
            telemetry.log().info("accepted", extra={"event_type": made.reference.event_type})
            return _receipt(made)

    def _decide(self, offered: Offered, *, now: datetime) -> Accepted | Refused:
        text = _text_of(offered)
        if isinstance(text, Refused):
            return text
        context = self.sources.authenticated(offered.source, offered.headers, text)
        if context is None:
            return Refused(
                401,
                "The request could not be verified. Sign it as Standard Webhooks does (webhook-id, webhook-timestamp "
                "within 5 minutes, webhook-signature) with the source's secret.",
            )
        wait = self.admission.take(context.tenant, 1, now=now)
        if wait is not None:
            telemetry.emit({"NotAdmitted": (MetricUnit.Count, 1)}, tenant=context.tenant)
            detail = "More events than this company may send at a time. Send slower, with the same webhook-id."
            return Refused(429, detail, retry_after=math.ceil(wait))
        return self.acceptance.accept(context, offered.source, offered.headers["webhook-id"], text, now=now)


def _text_of(offered: Offered) -> str | Refused:
    kind = offered.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        return Refused(415, "Send Content-Type: application/json.")
    return readable(offered.body)


def _refusal(refused: Refused) -> dict[str, Any]:
    headers = {"Retry-After": str(refused.retry_after)} if refused.retry_after else None
    members = {"errors": refused.errors} if refused.errors else {}
    return problem(refused.status, refused.detail, headers=headers, **members)


def _receipt(accepted: Accepted) -> dict[str, Any]:
    return {
        "statusCode": 202,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps({"receipt": accepted.reference.receipt}),
    }
