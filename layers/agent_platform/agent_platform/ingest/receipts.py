"""What a receipt tells of its event: the run that is its latest, and what it came to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from agent_platform.references import EventReference


@dataclass(frozen=True)
class Outcome:
    """What an event came to: the kind, the run, and the message's id and key where there is one.

    An event that starts no run, such as a correction, is `noted`: the status says what for, and `execution` is empty.
    """

    kind: Literal["message", "failure", "noted"]
    run: int
    status: str
    execution: str


def reference_of(receipt: Mapping[str, Any]) -> EventReference:
    """The reference to the latest run of a receipt's event; to its first, if none began."""
    return EventReference(
        tenant=receipt["tenant"],
        source=receipt["source"],
        event_id=receipt["eventId"],
        event_type=receipt["eventType"],
        run=receipt.get("run", 1),
    )


def outcome_in(receipt: Mapping[str, Any]) -> Outcome | None:
    """The current outcome that a receipt tells."""
    return Outcome(**receipt["outcome"]) if receipt.get("outcome") else None


def noted_in(receipt: Mapping[str, Any]) -> Outcome | None:
    """The outcome of a receipt's event if it is one that starts no run, and was taken in."""
    outcome = outcome_in(receipt)
    return outcome if outcome and outcome.kind == "noted" else None
