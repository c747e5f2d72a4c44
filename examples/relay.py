"""Relays a CRM's webhooks to the stack, for a CRM that can't sign them as Standard Webhooks does.

One file, Python's standard library and `standardwebhooks`. On AWS it is a Lambda function (`relay.lambda_handler`)
behind a function URL that the CRM posts to; `python relay.py` serves the same on this machine. Three settings:

    CRM_SECRET     what the CRM signs with: its own HMAC, checked by `is_from_the_crm`
    SOURCE_SECRET  what the stack gave you for the source: scripts/source add NAME --tenant TENANT
    WEBHOOK_URL    where events go: https://…/webhook/NAME

The CRM gets the stack's own answer, so it tries again after 429 and 503. No log line holds a body, a header or a
secret.
"""

import base64
import hashlib
import hmac
import json
import logging
import os
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from standardwebhooks import Webhook

log = logging.getLogger("relay")
log.setLevel(logging.INFO)

# ── Your CRM: these three functions are the part to edit ─────────────────────────────────────────────────────────────


def is_from_the_crm(headers: Mapping[str, str], body: bytes, secret: str) -> bool:
    """Whether the CRM signed this body: here `X-Crm-Signature: sha256=<hex HMAC-SHA256 of the body>`."""
    expected = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    given = headers.get("x-crm-signature", "")
    return hmac.compare_digest(expected.encode(), given.encode(errors="replace"))


def event_key(sent: dict[str, Any]) -> str:
    """What the CRM calls this event, the same when it sends it again: one key is one e-mail at most."""
    return str(sent["delivery_id"])


def to_event(sent: dict[str, Any]) -> dict[str, Any] | None:
    """The CRM's fields in the words of the contract `service.completed`; None for what is of no interest here.

    Pass on what there is, as it is: dates, amounts, names and phones are put in order later. Take every value from
    what was sent, none from a clock or a counter: the same event sent again must become the same text.
    """
    if sent["event"] != "job.completed":
        return None
    client, job = sent["client"], sent["job"]
    return {
        "type": "service.completed",
        "version": 1,
        "timestamp": sent["occurred_at"],
        "data": {
            "customer": {
                "id": client["id"],
                "name": client.get("display_name"),
                "email": client.get("email"),
                "phone": client.get("mobile"),
                "address": {
                    "line1": client.get("street"),
                    "city": client.get("town"),
                    "region": client.get("state"),
                    "postal_code": client.get("zip"),
                    "country": client.get("country"),
                },
                "locale": client.get("language"),
                "time_zone": client.get("time_zone"),
                # Nobody is written to without a consent and its date. Say only what your CRM knows.
                "consent": {"channel": "email", "given_at": client.get("opted_in_at"), "source": "crm"}
                if client.get("opted_in")
                else None,
                "service_history": [_service(past) for past in client.get("past_jobs", [])],
            },
            "service": _service(job),
        },
    }


def _service(job: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": job.get("number"),
        "date": job.get("finished_at"),
        "type": job.get("title"),
        "price": job.get("total"),
        "currency": job.get("currency"),
        "crew": job.get("technician"),
        "satisfaction": job.get("stars"),
        "satisfaction_scale": "1-5",
        "comment": job.get("review"),
    }


# ── The relay: nothing below knows a CRM ─────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Answer:
    """What the CRM is told."""

    status: int
    body: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Relay:
    """The way from one CRM to one source of the stack."""

    crm_secret: str
    source_secret: str
    url: str

    def answer(self, headers: Mapping[str, str], body: bytes) -> Answer:
        """Check, map, sign and post one request of the CRM; `headers` by lower-case name."""
        if not is_from_the_crm(headers, body, self.crm_secret):
            return _said(401, "The CRM's signature does not fit.")
        try:
            sent = json.loads(body)
            event = to_event(sent)
            # A hash, because an event's id has no dots and at most 128 characters, whatever the CRM's own looks like.
            event_id = "crm-" + hashlib.sha256(event_key(sent).encode()).hexdigest() if event else ""
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            # The error's message may quote what was sent; its name can't.
            return _said(422, f"The event could not be mapped: {type(error).__name__}.")
        if event is None:
            return _said(200, "Nothing to do for this event.")
        return self._post(event_id, json.dumps(event))

    def _post(self, event_id: str, text: str) -> Answer:
        now = datetime.now(UTC)
        request = urllib.request.Request(  # noqa: S310 - the address is the owner's own setting
            self.url,
            data=text.encode(),
            headers={
                "Content-Type": "application/json",
                "webhook-id": event_id,
                "webhook-timestamp": str(int(now.timestamp())),
                "webhook-signature": Webhook(self.source_secret).sign(event_id, now, text),
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as said:  # noqa: S310 - as above
                return _passed_on(event_id, said)
        except urllib.error.HTTPError as refused:
            with refused:
                return _passed_on(event_id, refused)
        except OSError as error:
            return _said(503, f"The stack could not be reached: {type(error).__name__}.")


def _passed_on(event_id: str, said: Any) -> Answer:
    log.info("%s: %s", event_id, said.status)
    if said.status in {401, 403, 404}:
        # The relay's fault and not the event's: after a 503 the CRM sends it again, to a relay that was mended.
        return _said(503, f"The stack answered {said.status}: SOURCE_SECRET or WEBHOOK_URL is not its own.")
    kept = {name: said.headers[name] for name in ("Content-Type", "Retry-After") if said.headers[name]}
    return Answer(said.status, said.read().decode(errors="replace"), kept)


def _said(status: int, detail: str) -> Answer:
    log.info("%s: %s", status, detail)
    return Answer(status, json.dumps({"detail": detail}), {"Content-Type": "application/json"})


def from_environment() -> Relay:
    """The relay that the three variables describe; LookupError names those that are missing."""
    names = ("CRM_SECRET", "SOURCE_SECRET", "WEBHOOK_URL")
    if missing := [name for name in names if not os.environ.get(name)]:
        raise LookupError("missing environment variables: " + ", ".join(missing))
    return Relay(*(os.environ[name] for name in names))


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ARG001 - Lambda passes it
    """Answer one request to the function's URL."""
    text = event.get("body") or ""
    body = base64.b64decode(text) if event.get("isBase64Encoded") else text.encode()
    headers = {name.lower(): value for name, value in event["headers"].items()}
    answer = from_environment().answer(headers, body)
    return {"statusCode": answer.status, "headers": dict(answer.headers), "body": answer.body}


class _OnThisMachine(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        answer = from_environment().answer({name.lower(): value for name, value in self.headers.items()}, body)
        self.send_response(answer.status)
        for name, value in {**answer.headers, "Content-Length": str(len(answer.body.encode()))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body.encode())

    def log_message(self, *_: Any) -> None:
        """The relay's own lines are enough; the server's would repeat paths."""


if __name__ == "__main__":
    logging.basicConfig(format="%(message)s")
    from_environment()
    server = HTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8765"))), _OnThisMachine)
    log.info("serving on http://127.0.0.1:%s", server.server_port)
    server.serve_forever()
