"""P4: the webhook's handler, warm, ÷ the three AWS calls it can't do without; and what a refusal costs.

The handler runs in this process on a stack of its own, with the deployed function's settings. The rule that would start
a run is off, so that nothing else works meanwhile.
"""

import contextlib
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from agent_platform.ingest.sources import new_secret
from agent_platform.ingest.sources import sources as stack_sources
from standardwebhooks import Webhook

from operations import events, sources
from operations.seed import FIRST_SOURCE
from operations.stack import Stack
from tests.bench.pairs import Figure, measured
from tests.bench.warm import Calls, loaded, seconds, seeded_stack

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
    with _stack() as (stack, secret), loaded(stack, FUNCTION) as app:

        def handler(event: dict[str, Any]) -> dict[str, Any]:
            return app.lambda_handler(event, None)  # type: ignore[no-any-return]

        calls = Calls.made_by(lambda: _expect(202, handler(_request(secret))), "dynamodb", "events")
        yield measured(
            f"webhook accepts ÷ its {len(calls.noted)} calls alone",
            lambda: seconds(lambda event: _expect(202, handler(event)), lambda: _request(secret), times=REQUESTS),
            lambda: seconds(calls.make, lambda: _renewed(calls), times=REQUESTS),
            pairs=PAIRS,
            limit=LIMIT,
        )
        for when, forget in (("at first sight", _forget_sources), ("again", None)):
            yield measured(
                f"webhook refuses a known source ÷ an unknown, {when}",
                lambda forget=forget: _refusal(handler, FIRST_SOURCE, forget),
                lambda forget=forget: _refusal(handler, UNKNOWN_SOURCE, forget),
                pairs=PAIRS,
            )


def _refusal(handler: Handler, source: str, forget: Callable[[], None] | None) -> float:
    def refuse(event: dict[str, Any]) -> None:
        if forget:
            forget()
        _expect(401, handler(event))

    return seconds(refuse, lambda: _request(FORGED, source=source), times=REQUESTS)


def _renewed(calls: Calls) -> list[tuple[str, str, dict[str, Any]]]:
    """The same calls for an event never seen, of a tenant never seen, whose bucket is full as the handler's is."""
    taken, recorded = (parameters for service, _, parameters in calls.noted if service == "dynamodb")
    known = recorded["TransactItems"][0]["Put"]["Item"]["record"]["S"][-32:]
    return calls.renewed({known: uuid.uuid4().hex, taken["Key"]["series"]["S"]: f"{uuid.uuid4().hex}#rate"})


@contextlib.contextmanager
def _stack() -> Iterator[tuple[Stack, str]]:
    with seeded_stack() as stack:
        client, bus = stack.client("events"), stack.outputs["EventBusName"]
        for rule in client.list_rules(EventBusName=bus)["Rules"]:
            client.disable_rule(Name=rule["Name"], EventBusName=bus)
        yield stack, sources.signing_secret(stack, FIRST_SOURCE)


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
