"""What Validate made of an event and keeps with its record: identity, comment and raw history never travel.

No state's document holds any of it; each state that needs it reads it there.
"""

from collections.abc import Sequence
from typing import Any, NotRequired, TypedDict

from outreach.contracts import Fact, Money


class Identity(TypedDict):
    """The values behind `identity_slots`, and where the message would go; kept with the event record only."""

    facts: list[Fact]
    customer_id: str
    email: str | None
    full_name: str | None
    phone: str | None
    address: dict[str, str] | None


class PastService(TypedDict):
    """One past service: date in ISO 8601 UTC, price in minor units, satisfaction on 1-5 (None: unknown)."""

    id: str
    date: str | None
    type: str | None
    price: Money | None
    satisfaction: float | None


class HistoryLine(PastService):
    """One past service as an event tells it, with the people in it."""

    crew: str | None
    comment: str | None


class Prepared(TypedDict):
    """What Validate made of the event, kept with its record: Enrich reads the history, Generate and Store the rest."""

    event_time: str
    identity: Identity
    history: list[HistoryLine]
    property: dict[str, Any]
    comment: str | None
    # Of a customer who was forgotten, of whom nothing is prepared.
    forgotten: NotRequired[bool]


def of_nobody(customer: str, *, event_time: str, identity: Sequence[Fact] = (), comment: str | None = None) -> Prepared:
    """What is kept of an event without anybody's identity: of a past run, of a probe, of who was forgotten."""
    return {
        "event_time": event_time,
        "identity": {
            "facts": list(identity),
            "customer_id": customer,
            "email": None,
            "full_name": None,
            "phone": None,
            "address": None,
        },
        "history": [],
        "property": {},
        "comment": comment,
    }
