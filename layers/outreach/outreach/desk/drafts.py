"""The draft of a message that waits for people, with everything that it is held against."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, cast
from zoneinfo import ZoneInfo

from agent_platform.references import EventReference

from outreach import claims
from outreach.bookkeeping import ledger_of
from outreach.brand_rules import breaches
from outreach.brands import Brand
from outreach.briefing import readable
from outreach.claims import Evidence
from outreach.composing import compose
from outreach.contracts import BestDraft, Fact, Features, Request
from outreach.evidence import evidence_for
from outreach.findings import LedgerEntry, stops
from outreach.mail_law import mails as mail_law
from outreach.mail_law.mails import Mail
from outreach.mail_law.standing import law_in
from outreach.prepared import Prepared

type Parts = Mapping[str, str]


@dataclass(frozen=True)
class NumberedClaim:
    """One claim under the number by which a decision names it; `entry` has at least kind, result, where and text."""

    number: str
    entry: Mapping[str, Any]

    @property
    def stops(self) -> bool:
        """Whether nobody but a person who sees it can approve it."""
        return stops(self.entry["result"])


@dataclass(frozen=True)
class Waiting:
    """A message, and what its run had before it."""

    message: Mapping[str, Any]
    request: Request
    features: Features
    prepared: Prepared
    brand: Brand

    @property
    def facts(self) -> list[Fact]:
        """All facts that the draft may speak of."""
        return [*self.request["facts"], *self.prepared["identity"]["facts"]]

    @property
    def parts(self) -> dict[str, str]:
        """The draft as it was written, with its slots."""
        slots = self.message["slots"]
        body = slots["body"].removesuffix(f"\n\n{slots['call_to_action']}")
        return {"subject": slots["subject"], "body": body, "call_to_action": slots["call_to_action"]}

    def claims(self) -> list[NumberedClaim]:
        """The claims of the draft, and what was found in it as a whole."""
        return numbered(self.message["ledger"])

    def edited(self, parts: Parts) -> tuple[dict[str, str], dict[str, Any]]:
        """Other words, their literals turned into slots, and their ledger: a person's are held against the same."""
        traced = claims.trace(parts, **self._evidence)
        slots = {"subject": traced.subject, "body": traced.body, "call_to_action": traced.call_to_action}
        found = breaches(slots, self.brand, readable(self.facts, locale=self.request["locale"]))
        unread = [entry["text"] for entry in self.message["ledger"] if entry["kind"] == "statement"]
        return slots, ledger_of(cast("BestDraft", slots), self._evidence, findings=found, unread=unread)

    def mail(self, parts: Parts) -> Mail:
        """The message as it would be sent with these words; an open placeholder in them is an error."""
        best = cast("BestDraft", {**parts, "approved": True})
        return compose(best, self.facts, self.request, self.brand, message_id=self.message["messageId"])

    def unlawful(self, parts: Parts) -> list[str]:
        """What the law of the reader's country finds missing in the mail with these words."""
        return mail_law.breaches(self.mail(parts), self.brand, law_in(self.request))

    def offer_ended(self, now: datetime) -> str | None:
        """The offer's name, if it can't be made any more where the customer lives."""
        offer = self.brand.offer(self.request["offer_id"]) if self.request["offer_id"] else None
        day = now.astimezone(ZoneInfo(self.request["time_zone"])).date()
        return offer.name if offer and not offer.valid_on(day) else None

    @cached_property
    def _evidence(self) -> Evidence:
        return evidence_for(self.request, self.features, prepared=self.prepared, brand=self.brand)


def reference_to(message: Mapping[str, Any]) -> EventReference:
    """The run that a message came of; the event's type, which the message doesn't have, names no record."""
    return EventReference(message["tenant"], message["source"], message["eventId"], "", message["run"])


def numbered(ledger: Sequence[LedgerEntry]) -> list[NumberedClaim]:
    """The claims of a ledger, by the numbers that decisions name them by."""
    return [NumberedClaim(str(number), entry) for number, entry in enumerate(ledger, start=1)]
