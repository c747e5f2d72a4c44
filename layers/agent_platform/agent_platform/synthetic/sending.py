"""Sending a synthetic event as a company's system does: signed per Standard Webhooks, through the public URL."""

from collections.abc import Callable, Mapping
from typing import Any

import urllib3
from standardwebhooks import Webhook

from agent_platform.errors import ConfigurationError, TransientError
from agent_platform.synthetic.runs import SyntheticRun

# Less than the function's own timeout, with time to spare for what it reads before.
PATIENCE_SECONDS = 12.0
_ACCEPTED, _TOO_MANY, _FAILED = 202, 429, 500


def send(
    run: SyntheticRun, event: Mapping[str, Any], *, url: str, secret: str,
    post: Callable[..., urllib3.BaseHTTPResponse] = urllib3.request,
) -> str:  # fmt: skip
    """Post the run's event; its receipt.

    TransientError if nothing answers, or if it is to be sent later; ConfigurationError if the event is refused.
    """
    body = run.body_of(event)
    headers = {
        "Content-Type": "application/json",
        "webhook-id": run.event_id,
        "webhook-timestamp": str(int(run.sent_at.timestamp())),
        "webhook-signature": Webhook(secret).sign(run.event_id, run.sent_at, body),
    }
    try:
        answer = post("POST", url, body=body.encode(), headers=headers, timeout=PATIENCE_SECONDS, retries=False)
    except urllib3.exceptions.HTTPError as error:
        raise TransientError(f"the webhook did not answer: {type(error).__name__}") from None
    if answer.status == _ACCEPTED:
        return str(answer.json()["receipt"])
    later = answer.status == _TOO_MANY or answer.status >= _FAILED
    raise (TransientError if later else ConfigurationError)(f"the webhook answered {answer.status}")
