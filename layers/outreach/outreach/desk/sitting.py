"""A reviewer's sitting: the next message that waits, with all that there is to see, and a decision on it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import Any

from agent_platform import settings
from agent_platform.errors import EventUnavailable, Refused
from agent_platform.experiments.outcomes import Outcomes, outcomes
from agent_platform.ingest.bus import Bus, bus
from agent_platform.ingest.events import EventRecords, event_records
from agent_platform.recordings import Recordings, recordings
from agent_platform.registry.versions import Registry, registry
from agent_platform.reviews.desk import NotConcluded, ReviewDesk, review_desk
from agent_platform.reviews.items import Decision, ReviewItem

from outreach.brand_files import brand_at
from outreach.brands import Brand
from outreach.contacts import Contacts, contacts
from outreach.contracts import BrandReference
from outreach.desk.concluding import PENDING, Tables, conclusion_of
from outreach.desk.drafts import Waiting, numbered, reference_to
from outreach.desk.objections import decision_of, form_problems, unseen
from outreach.desk.showing import shown
from outreach.desk.telling import count, tell
from outreach.eligibility import unwelcome
from outreach.messages import Messages, messages
from outreach.recorded import WORKFLOW


@dataclass(frozen=True)
class _Settings:
    messages_table: str
    events_table: str


@dataclass(frozen=True)
class Sitting:
    """The desk of one tenant's messages, with what is needed to show one and to make a decision so."""

    desk: ReviewDesk
    tables: Tables
    messages: Messages
    recordings: Recordings
    records: EventRecords
    brand_at: Callable[[BrandReference], Brand]
    registry: Registry
    contacts: Contacts
    bus: Bus
    outcomes: Outcomes

    def next(self, tenant: str, reviewer: str, *, now: datetime) -> dict[str, Any] | None:
        """The message that waits the longest for this person, as they see it; None if none does.

        Before that, whatever was concluded and isn't told yet is told: a process may have ended in between.
        """
        for untold in self.desk.records.news(tenant, WORKFLOW):
            self._tell(untold, now)
        while item := self.desk.next(tenant, WORKFLOW, reviewer, now=now):
            if waiting := self._waiting(item, now):
                judge = waiting.request["agents"]["judge"]
                rubric = self.registry.version(judge["agent_id"], judge["version"]).config["rubric"]
                return shown(waiting, item, reviewer=reviewer, rubric=rubric)
            self.desk.withdraw(tenant, item.message_id, now=now)
        return None

    def decide(self, tenant: str, message_id: str, reviewer: str, given: Any, *, now: datetime) -> dict[str, Any]:
        """Keep this person's decision; what the message is now, and whether others decide on it too.

        Refused lists everything that speaks against it. Said again it changes nothing.
        """
        if problems := form_problems(given):
            raise Refused(problems)
        decision = decision_of(given)
        item = self.desk.records.find(tenant, message_id)
        waiting = self._waiting(item, now) if item and item.outcome is None else None
        if item and item.outcome is None and waiting is None:
            self.desk.withdraw(tenant, message_id, now=now)
        if waiting and reviewer not in (item.verdicts if item else ()):
            self._check(waiting, decision, now)
        kept = partial(self.desk.decide, tenant, message_id, reviewer, decision, now=now)
        after = self._concluded(kept, waiting, now) if waiting else kept()
        if after.outcome:
            self._tell(after, now)
        return {"id": message_id, "outcome": after.outcome, "decisions": len(after.verdicts), "asked": after.asked}

    def _concluded(self, kept: Callable[..., ReviewItem], waiting: Waiting, now: datetime) -> ReviewItem:
        """The item with a decision kept, and with the last one the message made what was decided."""
        conclude = partial(conclusion_of, waiting, tables=self.tables, contacts=self.contacts, now=now)
        try:
            return kept(concluding=conclude)
        except NotConcluded as refused:
            if refused.parts != ["contact"]:
                self.desk.withdraw(waiting.message["tenant"], waiting.message["messageId"], now=now)
                raise Refused(["a later run of the event has replaced the message; take the next one"]) from None
        return kept(concluding=partial(conclude, skip=self._unwelcome(waiting, now)))

    def _check(self, waiting: Waiting, decision: Decision, now: datetime) -> None:
        if decision.verdict == "reject":
            return
        parts, claims = waiting.parts, waiting.claims()
        if decision.edit:
            parts, book = waiting.edited(decision.edit)
            claims = numbered(book["ledger"])
        problems = unseen(claims, decision) or waiting.unlawful(parts)
        if ended := waiting.offer_ended(now):
            problems.append(f"the offer {ended} has ended; reject the message (not_wanted)")
        if problems:
            raise Refused(problems)

    def _waiting(self, item: ReviewItem, now: datetime) -> Waiting | None:
        """The message that an item is about, with its material; None if nothing waits any more."""
        message = self.messages.find(item.tenant, item.message_id)
        if message is None or message["status"] != PENDING:
            return None
        try:
            material = self.recordings.read(item.tenant, item.message_id, now=now).material
            prepared = self.records.prepared(reference_to(message), now=now)
        except EventUnavailable:
            return None
        request, features = material["request"], material["features"]
        return Waiting(message, request, features, prepared, self.brand_at(request["brand"]))

    def _unwelcome(self, waiting: Waiting, now: datetime) -> Mapping[str, str]:
        message = waiting.message
        contact = self.contacts.find(message["tenant"], message["customer"], receipt=message["receipt"])
        skip: Any = unwelcome(contact, brand=waiting.brand, as_of=now)
        if skip is None:
            raise Refused(["somebody else wrote to the customer at this moment; decide again"])
        return {"reason": skip["reason"], "detail": skip["detail"]}

    def _tell(self, item: ReviewItem, now: datetime) -> None:
        """Say on the bus and to the rollout what came of a message, at least once, and count it, at most once."""
        if item.told:
            return
        message = self.messages.find(item.tenant, item.message_id)
        if message:
            tell(message, bus=self.bus, outcomes=self.outcomes, now=now)
        if self.desk.told(item) and message:
            count(message)


@cache
def sitting() -> Sitting:
    """The stack's, as the function's environment names its parts."""
    own = settings.read(_Settings)
    return Sitting(
        desk=review_desk(),
        tables=Tables(own.messages_table, own.events_table),
        messages=messages(),
        recordings=recordings(),
        records=event_records(),
        brand_at=brand_at,
        registry=registry(),
        contacts=contacts(),
        bus=bus(),
        outcomes=outcomes(),
    )
