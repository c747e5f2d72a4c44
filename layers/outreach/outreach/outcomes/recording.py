"""What an `outcome.recorded` leads to: attached to its message, told to whoever goes by it, and its event concluded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agent_platform.errors import EventUnavailable
from agent_platform.experiments.outcomes import Outcomes
from agent_platform.ingest.bus import Bus
from agent_platform.ingest.events import EventRecords
from agent_platform.references import EventReference

from outreach.contacts import Contacts
from outreach.outcomes.attaching import MessageOutcomes
from outreach.outcomes.kinds import GOOD, HARM, METRICS, Outcome, has_succeeded
from outreach.outcomes.rollouts import tell_rollout

ATTACHED = "attached to its message"
_UNKNOWN = "this company has no message with the id that the event names, or its retention is over"
_UNREADABLE = "the event's body was gone before it could be attached"


@dataclass(frozen=True)
class Recorder:
    """What an outcome is told to."""

    records: EventRecords
    messages: MessageOutcomes
    contacts: Contacts
    rollouts: Outcomes
    bus: Bus

    def record(self, reference: EventReference, *, now: datetime) -> None:
        """Take in what one event tells, from whatever step an earlier try came to; its order among others is free.

        What can't be attached is kept as the event's failure: the sender may send it again once the message is there.
        """
        try:
            told = self.records.body(reference, now=now)["data"]
        except EventUnavailable:
            self._fail(reference, "EventUnavailable", _UNREADABLE, now=now)
            return
        message = self.messages.find(reference.tenant, told["message_id"], now=now)
        if message is None:
            self._fail(reference, "UnknownMessage", _UNKNOWN, now=now)
            return
        self._attach(message, self._outcome(told, message, reference))
        self.records.note(reference, ATTACHED)

    def _outcome(self, told: Mapping[str, Any], message: Mapping[str, Any], reference: EventReference) -> Outcome:
        receipt = self.records.receipt(reference.record)
        assert receipt is not None  # noqa: S101 - written with the body, and kept for longer
        digest = reference.record.partition("#")[2]
        return Outcome.told(told, message, event=digest, received_at=receipt["receivedAt"])

    def _attach(self, message: Mapping[str, Any], outcome: Outcome) -> None:
        if outcome.kind in HARM:
            # Before anything else: the next message may be on its way.
            self.contacts.suppress(message["tenant"], message["customer"], reason=outcome.kind, at=outcome.at)
        current = self.messages.attach(message, outcome)
        if outcome.kind in HARM:
            self._tell_harm(message, outcome)
        if outcome.kind in GOOD | {"sent"} and has_succeeded(current):
            self.bus.publish("message.succeeded", {"tenant": message["tenant"], "message_id": message["messageId"]})

    def _tell_harm(self, message: Mapping[str, Any], outcome: Outcome) -> None:
        """Harm counts for its rollout at once; that there was none, only when the message is mature."""
        tell_rollout(
            message.get("agents", {}).get("writer"),
            message["tenant"],
            message["customer"],
            {metric: 1.0 for metric, kind in METRICS.items() if kind == outcome.kind},
            outcomes=self.rollouts,
            matured_at=datetime.fromisoformat(outcome.at),
        )

    def _fail(self, reference: EventReference, error: str, cause: str, *, now: datetime) -> None:
        failure = {"execution": None, "status": "NOT_ATTACHED", "state": None, "error": error, "cause": cause}
        self.records.record_failure(reference, failure, now=now)
