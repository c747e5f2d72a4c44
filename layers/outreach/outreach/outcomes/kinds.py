"""What may become of a message after it left: what is good, what harms, and for how long it counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, Self, get_args

from agent_platform.moments import iso

from outreach.contracts import Purpose

type Kind = Literal["sent", "opened", "clicked", "booked", "referred", "unsubscribed", "complained"]

KINDS: tuple[Kind, ...] = get_args(Kind.__value__)
GOOD: frozenset[Kind] = frozenset({"booked", "referred"})
# After these a customer is not written to any more.
HARM: frozenset[Kind] = frozenset({"unsubscribed", "complained"})
# From when a message was sent: who answers an offer of this purpose has mostly done it by then.
MATURES_AFTER: Mapping[Purpose, timedelta] = {"referral": timedelta(days=30), "upsell": timedelta(days=14)}
# How long after that one waits for what a sender tells late.
GRACE = timedelta(days=3)
# What a rollout calls them.
METRICS: Mapping[str, Kind] = {
    "Referred": "referred", "Booked": "booked", "Complaint": "complained", "Unsubscribe": "unsubscribed",
}  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """One outcome of a message: what, when, the digest of the event that told it, and what it was worth."""

    kind: Kind
    at: str
    event: str
    value: float | None = None

    @classmethod
    def told(cls, data: Mapping[str, Any], message: Mapping[str, Any], *, event: str, received_at: datetime) -> Self:
        """The outcome that an event's data tells of a message.

        Clocks differ: it is neither before the message was written nor after the event was received, which also stands
        in for a day that no calendar has.
        """
        received = iso(received_at)
        at = min(max(_moment(data["time"]) or received, message["asOf"]), received)
        value = data.get("value")
        return cls(data["outcome"], at, event, None if value is None else round(value, 2))

    def comes_before(self, known: Mapping[str, Any] | None) -> bool:
        """Whether it stands rather than the one of its kind that is attached: the earlier one, whichever came first."""
        return known is None or (self.at, self.event) < (known["at"], known["event"])

    def attached(self) -> dict[str, Any]:
        """What the message keeps of it, under its kind."""
        kept: dict[str, Any] = {"at": self.at, "event": self.event}
        return kept if self.value is None else kept | {"value": self.value}


def _moment(text: str) -> str | None:
    try:
        return iso(datetime.fromisoformat(text).astimezone(UTC))
    except (ValueError, OverflowError):
        # A thirtieth of February, or the first or last day there is, moved out of the calendar by its zone.
        return None


def window_ends(message: Mapping[str, Any]) -> datetime | None:
    """Until when what good came of a message counts; None while nothing is known of it.

    What nobody said was sent was sent at the latest when something else became of it.
    """
    known = message.get("outcomes", {})
    if not known:
        return None
    sent = known["sent"]["at"] if "sent" in known else min(each["at"] for each in known.values())
    return datetime.fromisoformat(sent) + MATURES_AFTER[message["purpose"]]


def due_at(message: Mapping[str, Any]) -> str | None:
    """When a message is to be counted next: at once if it harmed, and again when it is mature; None if it isn't."""
    settled, ends = message.get("settled"), window_ends(message)
    harm: list[str] = [each["at"] for kind, each in message.get("outcomes", {}).items() if kind in HARM]
    if harm and not (settled and settled["harmed"]):
        return min(harm)
    if ends is None or (settled and settled["at"] >= iso(ends + GRACE)):
        return None
    return iso(ends + GRACE)


def has_succeeded(message: Mapping[str, Any]) -> bool:
    """Whether a message was sent and something good came of it, in whichever order that became known."""
    known = message.get("outcomes", {}).keys()
    return "sent" in known and not GOOD.isdisjoint(known)
