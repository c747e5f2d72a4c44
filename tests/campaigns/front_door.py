"""The door with stand-ins for the stores behind it: fast enough for ten thousand requests."""

import base64
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import event_contracts
import pytest
from agent_platform import telemetry
from agent_platform.ingest.acceptance import Acceptance
from agent_platform.ingest.door import Door, Offered
from agent_platform.ingest.events import Recorded
from agent_platform.ingest.sources import Sources, new_secret
from agent_platform.references import EventReference
from standardwebhooks import Webhook

SOURCE, TENANT = "greenedge-crm", "greenedge"


@dataclass(frozen=True)
class Request:
    """What a CRM sends, part by part: the secret it signs with is all that nobody sees."""

    event_id: str
    timestamp: str
    signature: str
    body: bytes


def signed(body: str, *, event_id: str, secret: str, late: timedelta = timedelta(0)) -> Request:
    """A request signed with this secret."""
    moment = datetime.now(UTC) - late
    signature = Webhook(secret).sign(event_id, moment, body)
    return Request(event_id, str(int(moment.timestamp())), signature, body.encode())


class StoresStandIn:
    """The sources' table and Secrets Manager, the events' record, the bus, and admission without a limit; it remembers
    what was kept.
    """

    def __init__(self, secrets: list[str]) -> None:
        self._secrets = secrets
        self.recorded: dict[str, tuple[str, str]] = {}
        self.published: list[dict[str, Any]] = []

    def get_item(self, **asked: Any) -> dict[str, Any]:
        if asked["Key"] != {"source": {"S": SOURCE}}:
            return {}
        return {"Item": {"source": {"S": SOURCE}, "tenant": {"S": TENANT}, "secretArn": {"S": "arn"}}}

    def get_secret_value(self, **asked: Any) -> dict[str, Any]:
        return {"SecretString": json.dumps({"secrets": self._secrets}) if asked["SecretId"] == "arn" else new_secret()}

    def take(self, tenant: str, events: int, *, now: datetime) -> None:
        assert tenant == TENANT

    def record(self, reference: EventReference, body: str, *, payload_hash: str, now: datetime) -> Recorded:
        known, _ = self.recorded.setdefault(reference.record, (payload_hash, body))
        return Recorded("new" if known == payload_hash else "conflict", started=False)

    def publish(self, detail_type: str, detail: dict[str, Any]) -> None:
        self.published.append(detail)


class FrontDoor:
    """A door whose one source has two secrets, as in a rotation."""

    def __init__(self) -> None:
        self.secrets = [new_secret(), new_secret()]
        self.stores = StoresStandIn(self.secrets)
        sources = Sources(table="t", dummy_secret_arn="d", dynamodb=self.stores, secrets_manager=self.stores)
        acceptance = Acceptance(event_contracts.validate, self.stores, self.stores, lambda: b"k")  # type: ignore[arg-type]
        self._door = Door(sources, self.stores, acceptance)  # type: ignore[arg-type]

    def status(self, request: Request) -> int:
        """How a request is answered that API Gateway hands over in base64."""
        offered = Offered.from_proxy_event({
            "pathParameters": {"source": SOURCE},
            "headers": {
                "Content-Type": "application/json",
                "Webhook-Id": request.event_id,
                "Webhook-Timestamp": request.timestamp,
                "Webhook-Signature": request.signature,
            },
            "body": base64.b64encode(request.body).decode(),
            "isBase64Encoded": True,
        })  # fmt: skip
        assert offered
        return int(self._door.answer(offered, now=datetime.now(UTC))["statusCode"])

    def kept(self) -> tuple[int, int]:
        """How many events were recorded, and how many published."""
        return len(self.stores.recorded), len(self.stores.published)


@pytest.fixture
def make_front_door(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Callable[[], FrontDoor]]:
    """Doors that log as the webhook does."""

    def forget() -> None:
        telemetry.workflow.cache_clear()
        telemetry.log.cache_clear()
        # A logger outlives the object that set it up, with the stdout it was set up for.
        logging.Logger.manager.loggerDict.pop("ingest", None)

    monkeypatch.setenv("WORKFLOW", "ingest")
    forget()
    yield FrontDoor
    forget()
