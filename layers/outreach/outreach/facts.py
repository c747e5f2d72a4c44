"""The facts that a message may speak of, by slot: each exists only if its value is known."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from outreach.brands import Brand, Offer
from outreach.contracts import Fact, FactKind
from outreach.preparation import Preparation, people_in
from outreach.prepared import HistoryLine, Identity
from outreach.services import past_services, service_name
from outreach.slots import DOCUMENT_SLOTS, IDENTITY_SLOTS


@dataclass(frozen=True)
class FactSheet:
    """The facts of one request: those that travel in the document, and those that stay with the event record."""

    document: list[Fact]
    identity: list[Fact]


def facts_for(*, brand: Brand, offer: Offer | None, preparation: Preparation, as_of: datetime) -> FactSheet:
    """Everything that is known about the company, the offer, the customer and their services."""
    person, people = preparation.customer, people_in(preparation.customer, preparation.history)
    past = past_services(preparation.history, as_of=as_of)
    last = _last(past, preparation.trigger)
    values = {
        "customer.first_name": person.first_name,
        "customer.city": person.city,
        "service.crew": last and last["crew"],
        "company.name": brand.company.name,
        "company.phone": brand.company.phone,
        "company.website": brand.company.website,
        "sender.name": brand.sender.name,
        "sender.title": brand.sender.title,
        **(_offer_values(offer) if offer else {}),
        "service.last_type": last and service_name(last["type"], catalogue=brand.services, names=people),
        **_service_values(past, last, time_zone=ZoneInfo(person.time_zone)),
    }
    return FactSheet(document=_known(DOCUMENT_SLOTS, values), identity=_known(IDENTITY_SLOTS, values))


def _known(slots: Mapping[str, FactKind], values: Mapping[str, Any]) -> list[Fact]:
    return [
        {"slot": slot, "kind": kind, "value": values[slot]}
        for slot, kind in slots.items()
        if values.get(slot) not in (None, "")
    ]


def _last(past: list[HistoryLine], trigger: HistoryLine | None) -> HistoryLine | None:
    """The latest service, by date; of several at one time, and if it has no date, the one that the event is about."""
    if trigger and not trigger["date"]:
        return trigger
    dated = [line for line in past if line["date"]]
    return max(dated, key=lambda line: (line["date"], line == trigger), default=None)


def _offer_values(offer: Offer) -> dict[str, Any]:
    return {
        "offer.name": offer.name,
        "offer.amount": offer.amount,
        "offer.friend_amount": offer.friend_amount,
        "offer.percent": offer.percent,
        "offer.link": offer.link,
        "offer.valid_until": offer.valid_until and offer.valid_until.isoformat(),
        "offer.service": offer.service,
    }


def _service_values(past: list[HistoryLine], last: HistoryLine | None, *, time_zone: ZoneInfo) -> dict[str, Any]:
    days = sorted(_local_day(line["date"], time_zone) for line in past if line["date"])
    last_day = _local_day(last["date"], time_zone) if last and last["date"] else None
    return {
        "service.last_date": last_day,
        "service.count": len(past) or None,
        # With a single day of service, one date under two names would leave it open which one a draft means.
        "service.since": days[0] if days and days[0] != last_day else None,
    }


def _local_day(moment: str, time_zone: ZoneInfo) -> str:
    """The customer's day of a moment: an evening's work in Chicago is already tomorrow in UTC."""
    return datetime.fromisoformat(moment).astimezone(time_zone).date().isoformat()


def names_in(identity: Identity) -> list[str]:
    """The names that a text about this customer may hold: the customer's own, and a crew's."""
    people = [fact["value"] for fact in identity["facts"] if fact["slot"] in {"customer.first_name", "service.crew"}]
    return [*people, identity["full_name"]] if identity["full_name"] else people
