"""The door's decision about one request: verify, check the contract, record once, publish, answer.

After a 2xx nothing is lost; after a 4xx nothing was stored; after a 503 the event may be recorded, and then runs once,
whoever publishes it again.
"""

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from agent_platform import aws, correlation, telemetry
from agent_platform.errors import TransientError
from agent_platform.ingest.bus import Bus
from agent_platform.ingest.events import EventRecords
from agent_platform.ingest.sources import Sources, authenticate
from agent_platform.problems import problem
from agent_platform.references import EventReference
from agent_platform.tenants import TenantContext, keyed_hash

MAX_BODY_BYTES = 128 * 1024


class _Problem(Protocol):
    @property
    def pointer(self) -> str: ...

    @property
    def expected(self) -> str: ...


type Validate = Callable[[Any], Sequence[_Problem]]


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


class Refusal(Exception):  # noqa: N818 - an answer, raised to leave early; it never leaves this module
    """A request that is turned away, with the answer it gets."""

    def __init__(self, answer: dict[str, Any]) -> None:
        super().__init__(answer["statusCode"])
        self.answer = answer


@dataclass(frozen=True)
class Door:
    """What decides about a request: the sources, the contract, the record and the bus."""

    sources: Sources
    validate: Validate
    records: EventRecords
    bus: Bus
    key: Callable[[], bytes]

    def answer(self, offered: Offered, *, now: datetime) -> dict[str, Any]:
        """The API's answer to one request, as a proxy response; the log has the event's receipt once there is one."""
        with correlation.one_document():
            return self._answer(offered, now=now)

    def _answer(self, offered: Offered, *, now: datetime) -> dict[str, Any]:
        try:
            text = _readable(offered)
            context = self._authenticated(offered, text)
            event = self._contract_kept(text)
            reference = EventReference(context.tenant, offered.source, offered.headers["webhook-id"], event["type"])
            correlation.name(asdict(reference))
            self._record_and_publish(reference, text, now=now)
        except Refusal as refusal:
            telemetry.log().info("refused", extra={"status": refusal.answer["statusCode"]})
            return refusal.answer
        except (ClientError, BotoCoreError, TransientError) as error:
            name = str(error) if isinstance(error, TransientError) else str(aws.named(error))
            telemetry.log().error("could not record or publish", extra={"error": name})
            detail = "The event could not be taken just now. Send it again with the same webhook-id."
            return problem(503, detail, headers={"Retry-After": "5"})
        telemetry.log().info("accepted", extra={"event_type": reference.event_type})
        return {
            "statusCode": 202,
            "headers": {"Content-Type": "application/json"},
            "body": json.dumps({"receipt": reference.receipt}),
        }

    def _authenticated(self, offered: Offered, text: str) -> TenantContext:
        context = authenticate(*self.sources.find(offered.source), offered.headers, text)
        if context is None:
            # The secret may have been rotated since it was cached; an unknown source is looked up again as well.
            context = authenticate(*self.sources.find(offered.source, fresh=True), offered.headers, text)
        if context is None:
            raise Refusal(problem(
                401,
                "The request could not be verified. Sign it as Standard Webhooks does (webhook-id, webhook-timestamp "
                "within 5 minutes, webhook-signature) with the source's secret.",
            ))  # fmt: skip
        return context

    def _contract_kept(self, text: str) -> dict[str, Any]:
        try:
            event = json.loads(text, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            raise Refusal(problem(400, "The body is not JSON (NaN and Infinity are not either).")) from None
        problems = self.validate(event)
        if problems:
            errors = [{"pointer": each.pointer, "expected": each.expected} for each in problems]
            raise Refusal(problem(422, "The event doesn't keep its contract; every problem is listed.", errors=errors))
        kept: dict[str, Any] = event
        return kept

    def _record_and_publish(self, reference: EventReference, text: str, *, now: datetime) -> None:
        digest = keyed_hash(text.encode(), key=self.key())
        recorded = self.records.record(reference, text, payload_hash=digest, now=now)
        if recorded.status == "conflict":
            raise Refusal(problem(409, "This webhook-id was used for another body. A new event needs a new id."))
        if not recorded.started:
            self.bus.publish(reference.event_type, asdict(reference))


def _readable(offered: Offered) -> str:
    if len(offered.body) > MAX_BODY_BYTES:
        raise Refusal(problem(413, f"The body may have at most {MAX_BODY_BYTES} bytes. Send fewer history lines."))
    kind = offered.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Refusal(problem(415, "Send Content-Type: application/json."))
    try:
        return offered.body.decode()
    except UnicodeDecodeError:
        raise Refusal(problem(400, "The body is not UTF-8.")) from None


def _no_constant(name: str) -> float:
    raise ValueError(name)
