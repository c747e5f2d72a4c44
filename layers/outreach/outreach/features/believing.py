"""Whom to believe of a customer's services, of all that events state: a function of the set of statements.

A statement of an event about its own service outranks what the histories in other events repeat, then the later one is
believed. What the believed one leaves open, a later one may fill: a rating often comes after the service; what an
earlier one said was taken back.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast

from outreach.features.entries import SERVICE_FIELDS, ServiceSaid
from outreach.preparation.history import MADE_ID, MADE_OF_DAY
from outreach.prepared import PastService
from outreach.services import in_order, service_key

# A day reads as its noon, and until then, on the day itself, as the moment at which it is told.
_BEFORE_NOON = timedelta(hours=12)


class Statement(NamedTuple):
    """What one event says of one service; None: it never was. The larger is believed.

    `direct` if the event is about that service; `order` begins with the event's time.
    """

    direct: bool
    order: tuple[str, int, str]
    said: ServiceSaid | None


type Statements = Mapping[str, Sequence[Statement]]


def joined(statements: Statements) -> dict[str, list[Statement]]:
    """Statements by service: a line without an id joins the services that it can be about, if there are any.

    These are the ones that are now believed to be of its date, type and price, else those that ever were said to be,
    else, if it has but a day, those that were told on that day: so it is corrected and voided with them. Two services
    that the CRM tells apart are never joined: if one was entered twice and one of both is voided, the other stays.
    """
    by_service = {service: list(each) for service, each in statements.items() if not _is_made(service)}
    now = {service: {_likeness(believed(each))} for service, each in by_service.items()}
    ever = {service: {_likeness(one.said) for one in each} for service, each in by_service.items()}
    for line in sorted(filter(_is_made, statements)):
        likenesses = {_likeness(one.said) for one in statements[line]} - {None}
        about = _alike(likenesses, now) or _alike(likenesses, ever)
        if line.startswith(MADE_OF_DAY):
            about = about or _of_that_day(likenesses, ever)
        for service in about or [line]:
            by_service.setdefault(service, []).extend(statements[line])
    return by_service


def believed(statements: Sequence[Statement]) -> ServiceSaid | None:
    """What is the case of one service after all that was said of it; None: it never was."""
    best = max(statements, key=lambda each: (each.direct, each.order))
    if best.said is None:
        return None
    later = sorted((each for each in statements if each.order > best.order), key=lambda each: each.order, reverse=True)
    told: list[Mapping[str, Any]] = [best.said, *(each.said for each in later if each.said)]
    filled = {name: next((each[name] for each in told if each[name] is not None), None) for name in SERVICE_FIELDS}
    return cast("ServiceSaid", filled)


def services_of(by_service: Statements) -> list[PastService]:
    """The services that there were, oldest first, each once."""
    there = {service: believed(by_service[service]) for service in sorted(by_service, key=_given_first)}
    return in_order(_each_once([{"id": service, **said} for service, said in there.items() if said is not None]))


def rated_at(services: Sequence[PastService], by_service: Statements) -> dict[str, str]:
    """When an event first told the rating of each service that has one and no date."""
    return {
        service["id"]: min(
            each.order[0]
            for each in by_service[service["id"]]
            if each.said and each.said["satisfaction"] == service["satisfaction"]
        )
        for service in services
        if service["satisfaction"] is not None and service["date"] is None
    }


def _is_made(service: str) -> bool:
    return service.startswith(MADE_ID)


def _given_first(service: str) -> tuple[bool, str]:
    return _is_made(service), service


def _alike(likenesses: set[Any], known: Mapping[str, set[Any]]) -> list[str]:
    return [service for service, each in known.items() if each & likenesses]


def _of_that_day(likenesses: set[Any], known: Mapping[str, set[Any]]) -> list[str]:
    return [
        service
        for service, each in known.items()
        if any(_is_before_noon(one, noon) for one in each - {None} for noon in likenesses)
    ]


def _is_before_noon(service: Any, noon: Any) -> bool:
    if service[1:] != noon[1:]:
        return False
    return timedelta(0) <= datetime.fromisoformat(noon[0]) - datetime.fromisoformat(service[0]) < _BEFORE_NOON


def _likeness(said: ServiceSaid | PastService | None) -> Any:
    """What a service is recognised by without an id; None if too little is known of it."""
    if said is None or not (said["date"] and said["type"]):
        return None
    price = said["price"]
    return said["date"], service_key(said["type"]), price and (price["minor"], price["currency"])


def _each_once(services: Sequence[PastService]) -> list[PastService]:
    """Services of one time, type and price are one, as within one event's history; a rating of either is its own."""
    once: dict[Any, PastService] = {}
    for service in services:
        alike = _likeness(service) if service["price"] else None
        first = once.setdefault(alike or service["id"], service)
        if first["satisfaction"] is None:
            once[alike or service["id"]] = {**first, "satisfaction": service["satisfaction"]}
    return list(once.values())
