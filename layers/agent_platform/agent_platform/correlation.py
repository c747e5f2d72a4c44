"""What log lines are found by: one correlation id from the webhook to the message, the receipt that the sender has.

Powertools adds X-Ray's trace id to each line by itself (`xray_trace_id`, from _X_AMZN_TRACE_ID).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from typing import Any

from agent_platform import telemetry
from agent_platform.references import EventReference

_OF_AN_EVENT = frozenset(field.name for field in fields(EventReference))
# An evaluation works on no event, nor does the news of a message: their documents have one of these.
_OF_ANOTHER = ("evaluation", "recording", "probe", "agent_id", "message_id")
_OF_A_RUN = ("correlation_id", "event", "execution")
_OF_THE_WORK = ("function", "state", "agent", "version")
NAMES = ("tenant", *_OF_A_RUN, *_OF_ANOTHER, *_OF_THE_WORK)


@contextmanager
def one_document() -> Iterator[None]:
    """Forget at the end what was named inside: a process serves one document after the other."""
    try:
        yield
    finally:
        telemetry.log().remove_keys(NAMES)
        telemetry.debug_if_sampled(None)


def name(document: Mapping[str, Any], **more: object) -> None:
    """Have each log line from now on name the run of an event, or what else a document is about, and `more`.

    What a document lacks is for its own handler to refuse.
    """
    keys = _found_by(document)
    telemetry.debug_if_sampled(keys.get("correlation_id"))
    telemetry.log().append_keys(**keys, **more)


def name_agent(agent: Mapping[str, Any]) -> None:
    """Have each log line from now on name the agent's version that is at work."""
    telemetry.log().append_keys(agent=agent["agent_id"], version=agent["version"])


def _found_by(document: Mapping[str, Any]) -> dict[str, Any]:
    about = document.get("pair", document)
    keys = {name: about[name] for name in ("tenant", *_OF_ANOTHER) if name in about}
    if keys.keys() > {"tenant"} or not about.keys() >= _OF_AN_EVENT:
        return keys
    reference = EventReference.of(about)
    return keys | {
        "correlation_id": reference.receipt,
        "event": reference.event_id,
        "execution": reference.execution_name,
    }
