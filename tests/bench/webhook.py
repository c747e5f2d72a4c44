"""P4: the webhook's handler, warm, ÷ the two AWS calls it can't do without; and what a refusal costs.

The handler runs in this process on a stack of its own, with the deployed function's settings. The rule that would start
a run is off, so that nothing else works meanwhile.
"""

import contextlib
import copy
import importlib.util
import io
import json
import os
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from unittest import mock

from agent_platform import aws
from agent_platform.ingest.sources import new_secret
from agent_platform.ingest.sources import sources as stack_sources
from botocore import xform_name
from standardwebhooks import Webhook

from local_aws import client_environment, service
from operations import deployment, events, sources
from operations.invoke import configured
from operations.seed import FIRST_SOURCE, seed
from operations.stack import ROOT, Stack
from tests.bench.pairs import Figure, measured

PAIRS = 15
REQUESTS = 20
LIMIT = 1.25
FUNCTION = "ReceiveWebhookFunction"
BODY = events.sample("good-referral")
UNKNOWN_SOURCE = "nobody-crm-12"
FORGED = new_secret()

type Handler = Callable[[dict[str, Any]], dict[str, Any]]


def figures() -> Iterator[Figure]:
    """Accepting, and refusing a source that exists beside one that doesn't."""
    with _stack() as (stack, secret), _handler(stack) as handler:
        calls = _Calls.made_by(lambda: _expect(202, handler(_request(secret))))
        yield measured(
            "webhook accepts",
            lambda: _seconds(lambda event: _expect(202, handler(event)), lambda: _request(secret)),
            lambda: _seconds(calls.make, calls.renewed),
            pairs=PAIRS,
            limit=LIMIT,
        )
        for when, forget in (("at first sight", _forget_sources), ("again", None)):
            yield measured(
                f"webhook refuses a known source, against an unknown, {when}",
                lambda forget=forget: _refusal(handler, FIRST_SOURCE, forget),
                lambda forget=forget: _refusal(handler, UNKNOWN_SOURCE, forget),
                pairs=PAIRS,
            )


def _refusal(handler: Handler, source: str, forget: Callable[[], None] | None) -> float:
    def refuse(event: dict[str, Any]) -> None:
        if forget:
            forget()
        _expect(401, handler(event))

    return _seconds(refuse, lambda: _request(FORGED, source=source))


def _seconds(act: Callable[[Any], None], prepare: Callable[[], Any]) -> float:
    """One act's share of REQUESTS in a row; what it takes is prepared before."""
    prepared = [prepare() for _ in range(REQUESTS)]
    began = time.perf_counter()
    for each in prepared:
        act(each)
    return (time.perf_counter() - began) / REQUESTS


@dataclass
class _Calls:
    """The AWS calls of one request, to be made again by themselves."""

    noted: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)

    @classmethod
    def made_by(cls, act: Callable[[], None]) -> "_Calls":
        """Every write that the handler makes once it is warm: the source and its secret are cached by then."""
        calls = cls()
        act()
        with contextlib.ExitStack() as noting:
            for service_name in ("dynamodb", "events"):
                noting.enter_context(calls._note(service_name))
            act()
        return calls

    @contextlib.contextmanager
    def _note(self, service_name: str) -> Iterator[None]:
        client = aws.client(service_name)

        def note(params: dict[str, Any], model: Any, **_: Any) -> None:
            self.noted.append((service_name, xform_name(model.name), copy.deepcopy(params)))

        client.meta.events.register_first("provide-client-params", note)
        yield
        client.meta.events.unregister("provide-client-params", note)

    def renewed(self) -> list[tuple[str, str, dict[str, Any]]]:
        """The same calls, to the byte, but for the event's key: that of an event never seen."""
        old = self.noted[0][2]["TransactItems"][0]["Put"]["Item"]["record"]["S"]
        new = old[:-32] + uuid.uuid4().hex
        return json.loads(json.dumps(self.noted).replace(old, new))  # type: ignore[no-any-return]

    @staticmethod
    def make(calls: list[tuple[str, str, dict[str, Any]]]) -> None:
        """Make them with the handler's own clients."""
        for service_name, operation, parameters in calls:
            getattr(aws.client(service_name), operation)(**parameters)


@contextlib.contextmanager
def _stack() -> Iterator[tuple[Stack, str]]:
    with tempfile.TemporaryDirectory() as home, mock.patch.dict(os.environ, {"LOCAL_AWS_HOME": home}):
        service.up("offline")
        try:
            deployment.deploy("local")
            stack = Stack("local")
            list(seed(stack))
            client, bus = stack.client("events"), stack.outputs["EventBusName"]
            for rule in client.list_rules(EventBusName=bus)["Rules"]:
                client.disable_rule(Name=rule["Name"], EventBusName=bus)
            yield stack, sources.signing_secret(stack, FIRST_SOURCE)
        finally:
            service.down()


@contextlib.contextmanager
def _handler(stack: Stack) -> Iterator[Handler]:
    """The function's handler as a warm process has it; its log goes nowhere."""
    assert stack.local
    settings = configured(stack, FUNCTION)["Environment"]["Variables"]
    spec = importlib.util.spec_from_file_location("webhook", ROOT / "functions/ingest/receive_webhook/app.py")
    assert spec
    assert spec.loader
    app = importlib.util.module_from_spec(spec)
    environment = settings | client_environment.variables(stack.local)
    with mock.patch.dict(os.environ, environment), contextlib.redirect_stdout(io.StringIO()):
        spec.loader.exec_module(app)
        yield lambda event: app.lambda_handler(event, None)


def _request(secret: str, *, source: str = FIRST_SOURCE) -> dict[str, Any]:
    event_id, now = f"msg_{uuid.uuid4().hex}", datetime.now(UTC)
    headers = {
        "Content-Type": "application/json",
        "webhook-id": event_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(event_id, now, BODY),
    }
    return {"pathParameters": {"source": source}, "headers": headers, "body": BODY, "isBase64Encoded": False}


def _forget_sources() -> None:
    """As if the process had seen no source yet; its clients and connections stay."""
    vars(stack_sources())["_cached"].clear()


def _expect(status: int, answer: dict[str, Any]) -> None:
    if answer["statusCode"] != status:
        raise RuntimeError(f"{status} expected: {answer}")
