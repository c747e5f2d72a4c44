"""What becomes of one event, by whichever way it came in: its contract is checked, it is recorded once and published.

What is accepted is never lost; of what is refused nothing was stored. After an error the event may be recorded, and
then runs once, whoever publishes it again.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from agent_platform import aws, correlation, telemetry
from agent_platform.errors import ConfigurationError, TransientError
from agent_platform.ingest.bus import Bus
from agent_platform.ingest.events import EventRecords
from agent_platform.references import EventReference
from agent_platform.tenants import TenantContext, keyed_hash

MAX_BODY_BYTES = 128 * 1024
# Errors that have nothing to do with an event: the next one would fare no better.
OF_AWS = (ClientError, BotoCoreError, TransientError, ConfigurationError)


class _Problem(Protocol):
    @property
    def pointer(self) -> str: ...

    @property
    def expected(self) -> str: ...


type Validate = Callable[[Any], Sequence[_Problem]]


@dataclass(frozen=True)
class Accepted:
    """An event that is recorded and published, or was before: then it is a duplicate, with the same receipt."""

    reference: EventReference
    duplicate: bool


@dataclass(frozen=True)
class Refused:
    """An event that is turned away: the HTTP status it gets, why in words, and every problem with its contract.

    What may be offered again later may be so after these seconds.
    """

    status: int
    detail: str
    errors: tuple[dict[str, str], ...] = ()
    retry_after: int | None = None


@dataclass(frozen=True)
class Acceptance:
    """What decides about an event: the contract, the record and the bus."""

    validate: Validate
    records: EventRecords
    bus: Bus
    key: Callable[[], bytes]

    def accept(
        self, context: TenantContext, source: str, event_id: str, text: str, *, now: datetime
    ) -> Accepted | Refused:
        """Take an event in, once: a `readable` text whose tenant, source and id somebody vouches for.

        From where its type is known, each log line names the event. TransientError and AWS errors are raised as they
        are; the same event may be offered again.
        """
        event = self._contract_kept(text)
        if isinstance(event, Refused):
            return event
        reference = EventReference(context.tenant, source, event_id, event["type"])
        correlation.name(asdict(reference))
        digest = keyed_hash(text.encode(), key=self.key())
        recorded = self.records.record(reference, text, payload_hash=digest, now=now)
        if recorded.status == "conflict":
            return Refused(409, "This webhook-id was used for another body. A new event needs a new id.")
        if not recorded.started:
            self.bus.publish(reference.event_type, asdict(reference))
        return Accepted(reference, duplicate=recorded.status == "duplicate")

    def _contract_kept(self, text: str) -> dict[str, Any] | Refused:
        try:
            event = json.loads(text, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            return Refused(400, "The body is not JSON (NaN and Infinity are not either).")
        problems = self.validate(event)
        if problems:
            errors = tuple({"pointer": each.pointer, "expected": each.expected} for each in problems)
            return Refused(422, "The event doesn't keep its contract; every problem is listed.", errors)
        kept: dict[str, Any] = event
        return kept


def decided(decide: Callable[[], Accepted | Refused]) -> Accepted | Refused:
    """What was decided about one event of many; a defect of ours is a refusal, since it would be the same again.

    Errors `OF_AWS` are raised as they are.
    """
    try:
        return decide()
    except OF_AWS:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, it must not hold up the others
        telemetry.log().error("not decided", extra={"error": aws.told(error)})
        return Refused(500, f"{aws.told(error)}: a defect of ours.")


def readable(body: bytes) -> str | Refused:
    """The text of a body, for `accept`, or why there is none: too large, or not UTF-8."""
    if len(body) > MAX_BODY_BYTES:
        return Refused(413, f"The body may have at most {MAX_BODY_BYTES} bytes. Send fewer history lines.")
    try:
        return body.decode()
    except UnicodeDecodeError:
        return Refused(400, "The body is not UTF-8.")


def _no_constant(name: str) -> float:
    raise ValueError(name)
