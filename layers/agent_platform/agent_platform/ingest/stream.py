"""The stream's way in: records that systems put there in order, each an envelope around an event they signed.

    {"source": "…", "headers": {"webhook-id": "…", "webhook-timestamp": "…", "webhook-signature": "…"}, "body": "…"}

What makes an event genuine and what makes it acceptable is the same as at the webhook. A record that is refused is
told to the queue of refusals, by its place in the stream, and the next one has its turn: it holds nobody up. Where AWS
fails, or the stack isn't set up, reading stops and begins there again, so that a customer's events are recorded in
their order.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from agent_platform import aws, correlation, telemetry
from agent_platform.ingest.acceptance import OF_AWS, Acceptance, Accepted, Refused, decided, readable
from agent_platform.ingest.refusals import Refusals
from agent_platform.ingest.sources import Sources

_PARTS = {"source": str, "headers": dict, "body": str}


@dataclass(frozen=True)
class Record:
    """One record of the stream: where it lies, when it came, and what somebody put there."""

    shard: str
    sequence_number: str
    arrived_at: datetime
    data: bytes

    @classmethod
    def of(cls, delivered: Mapping[str, Any]) -> "Record":
        """Read a record as Lambda delivers it."""
        kinesis = delivered["kinesis"]
        shard, _, sequence_number = delivered["eventID"].partition(":")
        arrived_at = datetime.fromtimestamp(kinesis["approximateArrivalTimestamp"], UTC)
        return cls(shard, sequence_number, arrived_at, base64.b64decode(kinesis["data"]))


@dataclass(frozen=True)
class Stream:
    """What decides about a record: the sources whether it is genuine, acceptance about its event."""

    sources: Sources
    acceptance: Acceptance
    refusals: Refusals

    def read(self, records: Sequence[Record], *, now: datetime) -> Record | None:
        """Take in one record after the other; the one to begin with again, or None if each had its turn."""
        for record in records:
            with correlation.one_document():
                try:
                    self._take_in(record, now=now)
                except OF_AWS as error:
                    failed = {"error": aws.told(error), "sequence_number": record.sequence_number}
                    telemetry.log().error("could not record or publish", extra=failed)
                    return record
        return None

    def _take_in(self, record: Record, *, now: datetime) -> None:
        made = decided(lambda: self._decide(record, now=now))
        if isinstance(made, Accepted):
            telemetry.log().info("accepted", extra={"event_type": made.reference.event_type})
            return
        self.refusals.keep(made, shard=record.shard, sequence_number=record.sequence_number, at=record.arrived_at)
        refused = {"status": made.status, "sequence_number": record.sequence_number}
        telemetry.log().info("refused", extra=refused)

    def _decide(self, record: Record, *, now: datetime) -> Accepted | Refused:
        envelope = _opened(record.data)
        if isinstance(envelope, Refused):
            return envelope
        # What JSON can escape and UTF-8 can't say is not readable either.
        text = readable(envelope["body"].encode(errors="surrogatepass"))
        if isinstance(text, Refused):
            return text
        source, headers = envelope["source"], envelope["headers"]
        context = self.sources.authenticated(source, headers, text, arrived_at=record.arrived_at)
        if context is None:
            return Refused(
                401,
                "The record could not be verified. Sign its body as Standard Webhooks does, within 5 minutes of "
                "putting it there, with the source's secret.",
            )
        return self.acceptance.accept(context, source, headers["webhook-id"], text, now=now)


def _opened(data: bytes) -> dict[str, Any] | Refused:
    """The envelope with its headers by lower-case name."""
    try:
        envelope = json.loads(data)
    except (ValueError, RecursionError):
        return Refused(400, "The record is not JSON.")
    found = envelope if isinstance(envelope, dict) else {}
    wrong = {f"/{name}": kind for name, kind in _PARTS.items() if not isinstance(found.get(name), kind)}
    headers = found.get("headers") if "/headers" not in wrong else {}
    wrong |= {f"/headers/{name}": str for name, value in (headers or {}).items() if not isinstance(value, str)}
    if wrong:
        errors = tuple({"pointer": pointer, "expected": _told(kind)} for pointer, kind in wrong.items())
        return Refused(400, "The record is no envelope of source, headers and body; every problem is listed.", errors)
    return found | {"headers": {name.lower(): value for name, value in found["headers"].items()}}


def _told(kind: type) -> str:
    return "an object of strings" if kind is dict else "a string"
