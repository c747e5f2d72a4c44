"""From what many events say of a customer to what is the case: a function of the set of entries, in no order.

A statement of an event about its own service outranks what the histories in other events repeat, then the later event
is believed, then the larger digest. What the believed statement leaves open, a later one may fill: a rating often
comes after the service; what an earlier one said was taken back.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from agent_platform.features.entries import Entry

from outreach.contracts import PastService
from outreach.features.entries import SERVICE_FIELDS, ServiceSaid
from outreach.features.responses import Responses
from outreach.services import in_order, service_key


@dataclass(frozen=True)
class State:
    """A customer's services, oldest first; their home by field; what they did with each message; each with its time.

    The time is that of the latest event that says anything of it.
    """

    services: Sequence[PastService]
    services_at: str | None
    home: Mapping[str, Any]
    home_at: Mapping[str, str]
    responses: Responses
    responses_at: str | None


class _Statement(NamedTuple):
    """What one entry says of one service; None: it never was. The larger is believed."""

    direct: bool
    order: tuple[str, str]
    said: ServiceSaid | None


def state_of(entries: Iterable[Entry]) -> State:
    """What is the case after these entries."""
    ordered = sorted(entries, key=lambda entry: entry.order)
    home, home_at = _home(ordered)
    return State(
        services=_services(ordered),
        services_at=_latest(ordered, "services"),
        home=home,
        home_at=home_at,
        responses=_responses(ordered),
        responses_at=_latest(ordered, "responses"),
    )


def _latest(ordered: Sequence[Entry], part: str) -> str | None:
    return next((entry.event_time for entry in reversed(ordered) if entry.content.get(part)), None)


def _services(ordered: Sequence[Entry]) -> list[PastService]:
    statements: dict[str, list[_Statement]] = defaultdict(list)
    for entry in ordered:
        direct = set(entry.content.get("direct", ()))
        for service_id, said in entry.content.get("services", {}).items():
            statements[service_id].append(_Statement(service_id in direct, entry.order, said))
    believed = {service_id: _believed(each) for service_id, each in statements.items()}
    services = [_past(service_id, said) for service_id, said in sorted(believed.items()) if said is not None]
    return in_order(_each_once(services))


def _believed(statements: Sequence[_Statement]) -> ServiceSaid | None:
    best = max(statements, key=lambda each: (each.direct, each.order))
    if best.said is None:
        return None
    later = sorted((each for each in statements if each.order > best.order), key=lambda each: each.order, reverse=True)
    told: list[Mapping[str, Any]] = [best.said, *(each.said for each in later if each.said)]
    filled = {name: next((each[name] for each in told if each[name] is not None), None) for name in SERVICE_FIELDS}
    return cast("ServiceSaid", filled)


def _past(service_id: str, said: ServiceSaid) -> PastService:
    return {"id": service_id, **said}


def _each_once(services: Sequence[PastService]) -> list[PastService]:
    """Services of one time, type and price are one, as within one event's history; a rating of either is its own."""
    once: dict[Any, PastService] = {}
    for service in services:
        alike = _likeness(service)
        first = once.setdefault(alike, service)
        if first["satisfaction"] is None:
            once[alike] = {**first, "satisfaction": service["satisfaction"]}
    return list(once.values())


def _likeness(service: PastService) -> Any:
    price = service["price"]
    if not (service["date"] and service["type"] and price):
        return service["id"]
    return service["date"], service_key(service["type"]), price["minor"], price["currency"]


def _home(ordered: Sequence[Entry]) -> tuple[dict[str, Any], dict[str, str]]:
    home: dict[str, Any] = {}
    at: dict[str, str] = {}
    for entry in ordered:
        stated = entry.content.get("home", {})
        if "lot_size" in stated:
            # A size without its unit is not in the unit of an earlier one.
            home.pop("lot_size_unit", None)
        home |= stated
        at |= dict.fromkeys(stated, entry.event_time)
    return home, at


def _responses(ordered: Sequence[Entry]) -> dict[str, dict[str, str]]:
    earliest: dict[str, dict[str, str]] = defaultdict(dict)
    for entry in ordered:
        for message, kinds in entry.content.get("responses", {}).items():
            for kind, at in kinds.items():
                earliest[message][kind] = min(at, earliest[message].get(kind, at))
    return dict(earliest)
