"""Valid CRM events, whole and the same in every run; a test changes what it is about."""

from copy import deepcopy
from datetime import date, timedelta
from typing import Any

type Event = dict[str, Any]

_SERVICE: dict[str, Any] = {
    "id": "job-1001",
    "date": "2026-05-12T14:00:00Z",
    "type": "weekly mow",
    "price": 45.0,
    "currency": "USD",
    "crew": "Team Clover",
    "satisfaction": 5,
    "satisfaction_scale": "1-5",
    "comment": "The edges look great and the crew was friendly.",
}
_CUSTOMER: dict[str, Any] = {
    "id": "crm-77",
    "name": "Maria Oliveira",
    "first_name": "Maria",
    "email": "maria.oliveira@example.com",
    "phone": "+15550100177",
    "address": {
        "line1": "9 Elm Court",
        "line2": None,
        "city": "Springfield",
        "region": "IL",
        "postal_code": "62701",
        "country": "US",
    },
    "locale": "en-US",
    "time_zone": "America/Chicago",
    "consent": {"channel": "email", "given_at": "2024-02-01T12:00:00Z", "source": "website"},
    "property": {"type": "house", "lot_size": 8500, "lot_size_unit": "sqft", "features": ["fence", "sprinklers"]},
    "service_history": [],
}
_BRITISH: dict[str, Any] = {
    "id": "crm-81",
    "name": "Oliver Hughes",
    "first_name": "Oliver",
    "email": "oliver.hughes@example.co.uk",
    "phone": "+441632960081",
    "address": {"line1": "3 Mill Lane", "city": "York", "postal_code": "YO1 7HH", "country": "GB"},
    "locale": "en-GB",
    "time_zone": "Europe/London",
}
_SPANISH: dict[str, Any] = {
    "id": "crm-85",
    "name": "Lucía Fernández",
    "first_name": "Lucía",
    "email": "lucia.fernandez@example.es",
    "phone": "+34600000085",
    "address": {"line1": "Calle Mayor 5", "city": "Alcalá", "postal_code": "28801", "country": "ES"},
    "locale": "es-ES",
    "time_zone": "Europe/Madrid",
}
_UNKNOWN: dict[str, Any] = dict.fromkeys(_CUSTOMER) | {"id": "crm-90"}


def service(**changes: Any) -> dict[str, Any]:
    """One service line: a weekly mow, rated 5 of 5."""
    return deepcopy(_SERVICE) | changes


def customer(*history: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A satisfied customer in the United States who may be written to, with this history."""
    return deepcopy(_CUSTOMER) | {"service_history": list(history)} | changes


def varied_customers() -> list[dict[str, Any]]:
    """An American, a British and a Spanish customer, one with a long history, and one of whom only the id is known."""
    return [
        customer(service()),
        customer(service(currency="GBP"), **deepcopy(_BRITISH)),
        customer(service(price="45,50", currency="EUR"), **deepcopy(_SPANISH)),
        customer(*long_history(60)),
        deepcopy(_UNKNOWN),
    ]


def long_history(length: int) -> list[dict[str, Any]]:
    """So many services, a week apart, the last in May 2026."""
    last = date(2026, 5, 5)
    days = [last - timedelta(weeks=number) for number in range(length)]
    return [service(id=f"job-{number}", date=f"{day}T14:00:00Z") for number, day in enumerate(days)]


def service_completed(**data: Any) -> Event:
    """A valid `service.completed`; `customer`, `service` or `offer_wanted` replace what it says of them."""
    return _event(
        "service.completed",
        {"customer": customer(service(id="job-990", date="2026-04-14T14:00:00Z")), "service": service()} | data,
    )


def outreach_requested(**data: Any) -> Event:
    """A valid `outreach.requested`; `customer` or `offer_wanted` replace what it says of them."""
    wanted = {"purpose": "upsell", "offer_id": "fall-aeration"}
    return _event("outreach.requested", {"customer": customer(service()), "offer_wanted": wanted} | data)


def outcome_recorded(**data: Any) -> Event:
    """A valid `outcome.recorded`: a message was sent, five days after the builders' other events."""
    told = {"message_id": "0" * 64, "outcome": "sent", "time": "2026-05-17T09:00:00Z"}
    return _event("outcome.recorded", told | data)


def service_corrected(**data: Any) -> Event:
    """A valid `service.corrected`: the mow of `service_completed` cost more; `customer` or `service` replace theirs."""
    return _event("service.corrected", {"customer": customer(), "service": service(price=55.0)} | data)


def service_voided(**data: Any) -> Event:
    """A valid `service.voided`: the mow of `service_completed` never was; `customer` or `service` replace theirs."""
    return _event("service.voided", {"customer": {"id": _CUSTOMER["id"]}, "service": {"id": _SERVICE["id"]}} | data)


def customer_updated(**data: Any) -> Event:
    """A valid `customer.updated`: the customer as they are now; `customer` replaces them."""
    return _event("customer.updated", {"customer": customer()} | data)


MAKERS = (service_completed, outreach_requested, service_corrected, service_voided, customer_updated)


def varied_events() -> list[Event]:
    """Every type for every kind of customer."""
    return [make(customer=each) for each in varied_customers() for make in MAKERS]


def _event(kind: str, data: dict[str, Any]) -> Event:
    return {"type": kind, "version": 1, "timestamp": "2026-05-12T15:02:11Z", "data": data}
