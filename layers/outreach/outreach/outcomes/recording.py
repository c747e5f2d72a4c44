"""What an `outcome.recorded` leads to: attached to its message, told to whoever goes by it, and its event concluded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agent_platform.errors import EventUnavailable
from agent_platform.experiments.outcomes import Outcomes
from agent_platform.features.store import FeatureStore
from agent_platform.ingest.bus import Bus
from agent_platform.ingest.events import EventRecords
from agent_platform.references import EventReference
from agent_platform.tenants import SYNTHETIC

from outreach.contacts import Contacts
from outreach.features.customer import materialize
from outreach.features.entries import response_entry
from outreach.outcomes.attaching import MessageOutcomes
from outreach.outcomes.kinds import HARM, METRICS, Outcome
from outreach.outcomes.news import news_of
from outreach.outcomes.rollouts import tell_rollout

ATTACHED = "attached to its message"
NOTHING_COMES_OF_IT = "nothing comes of a synthetic message"
SUPPRESSED = "its customer is suppressed; the message isn't kept any more"
_UNKNOWN = "this company has no message with the id that the event names, or its retention is over"
_UNREADABLE = "the event's body was gone before it could be attached"


@dataclass(frozen=True)
class Recorder:
    """What an outcome is told to."""

    records: EventRecords
    messages: MessageOutcomes
    contacts: Contacts
    features: FeatureStore
    rollouts: Outcomes
    bus: Bus

    def record(self, reference: EventReference, *, now: datetime) -> None:
        """Take in what one event tells, from whatever step an earlier try came to; its order among others is free.

        What can't be attached is kept as the event's failure: the sender may send it again once the message is there.
        What is told of a synthetic message is attached to nothing: from here it would be counted and made a case.
        """
        if reference.tenant == SYNTHETIC:
            self.records.note(reference, NOTHING_COMES_OF_IT)
            return
        try:
            event, received_at = self.records.body(reference, now=now), self.records.received_at(reference)
        except EventUnavailable:
            self._fail(reference, "EventUnavailable", _UNREADABLE, now=now)
            return
        message = self.messages.find(reference.tenant, event["data"]["message_id"], now=now)
        if message is None and self._suppress_by_stub(reference, event, received_at, now=now):
            self.records.note(reference, SUPPRESSED)
            return
        if message is None:
            self._fail(reference, "UnknownMessage", _UNKNOWN, now=now)
            return
        self._take_in(reference, event, message, received_at, now=now)
        self.records.note(reference, ATTACHED)

    def _take_in(
        self,
        reference: EventReference,
        event: dict[str, Any],
        message: Mapping[str, Any],
        received_at: datetime,
        *,
        now: datetime,
    ) -> None:
        outcome = Outcome.told(event["data"], message, event=reference.digest, received_at=received_at)
        if outcome.kind in HARM:
            # Before anything else: the next message may be on its way.
            self.contacts.suppress(message["tenant"], message["customer"], reason=outcome.kind, at=outcome.at)
        self._tell_of_harm(message, outcome)
        current = self.messages.attach(message, outcome)
        for news in news_of(current, outcome.kind):
            self.bus.publish(news, {"tenant": message["tenant"], "message_id": message["messageId"]})
        response = response_entry(
            reference, event, message_id=message["messageId"], kind=outcome.kind, at=outcome.at, received_at=received_at
        )
        materialize(
            message["tenant"], message["customer"], [response],
            store=self.features, now=now, expires_at=self.records.expiry(received_at),
        )  # fmt: skip

    def _suppress_by_stub(
        self, reference: EventReference, event: Mapping[str, Any], received_at: datetime, *, now: datetime
    ) -> bool:
        """Suppress who wants no more by a message that isn't kept any more; False if nothing says whose it was."""
        data = event["data"]
        if data["outcome"] not in HARM:
            return False
        stub = self.contacts.addressee(reference.tenant, data["message_id"], now=now)
        if stub is None:
            return False
        outcome = Outcome.told(data, stub, event=reference.digest, received_at=received_at)
        self.contacts.suppress(reference.tenant, stub["customer"], reason=outcome.kind, at=outcome.at)
        return True

    def _tell_of_harm(self, message: Mapping[str, Any], outcome: Outcome) -> None:
        """Whatever is told of a message says that it was sent: from then on its customer counts as one without harm.

        Harm is told at once, so those without must be known at once as well: else all who are known early were harmed.
        """
        none = {metric: 0.0 for metric, kind in METRICS.items() if kind in HARM}
        harm = {metric: 1.0 for metric in none if METRICS[metric] == outcome.kind}
        for values, raises in ((harm, True), (none, False)):
            if values:
                tell_rollout(
                    message.get("agents", {}).get("writer"), message["tenant"], message["customer"], values,
                    outcomes=self.rollouts, matured_at=datetime.fromisoformat(outcome.at), raises=raises,
                )  # fmt: skip

    def _fail(self, reference: EventReference, error: str, cause: str, *, now: datetime) -> None:
        failure = {"execution": None, "status": "NOT_ATTACHED", "state": None, "error": error, "cause": cause}
        self.records.record_failure(reference, failure, now=now)
