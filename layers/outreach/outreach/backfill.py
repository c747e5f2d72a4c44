"""A service of the past, from one line of what a CRM exports: checked and prepared as the events of a CRM are."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from agent_platform.features.entries import Entry
from agent_platform.moments import iso
from agent_platform.references import EventReference

from outreach.brands import Brand
from outreach.features.entries import Content, services_said
from outreach.preparation import Preparation, people_in, prepare_event
from outreach.preparation.history import FIELDS
from outreach.preparation.parts import SET_ASIDE

_EVENT_TYPE = "service.completed"
# Where each field of a line stands in an event of that type. Nothing else of a line is looked at.
POINTERS = {
    "customer_id": "/data/customer/id",
    "locale": "/data/customer/locale",
    "time_zone": "/data/customer/time_zone",
    "country": "/data/customer/address/country",
    **{name: f"/data/service/{name}" for name in (*FIELDS, "currency", "satisfaction_scale")},
}
_BY_POINTER = {pointer: name for name, pointer in POINTERS.items()}
# No source is called so: a source's name has no #.
_SOURCE = "#backfill"


class ContractProblem(Protocol):
    """Where an event breaks its contract, and what is expected there."""

    @property
    def pointer(self) -> str:
        """A JSON pointer into the event."""

    @property
    def expected(self) -> str:
        """What is expected there, in words."""


@dataclass(frozen=True)
class PastService:
    """What a line says: the CRM's id of the customer, the entry, and in words which fields were set aside."""

    customer_id: str
    entry: Entry
    set_aside: list[str]


def read_past_service(
    fields: Mapping[str, Any],
    *,
    tenant: str,
    brand: Brand,
    as_of: datetime,
    validate: Callable[[Any], Iterable[ContractProblem]],
) -> PastService | list[str]:
    """One line as an entry that was known since the service's date; every reason, if it can't be one.

    The same service gives the same entry, whenever and however often it is read. It is something that events repeat:
    what an event says about its own service outranks it.
    """
    given = {name: value for name, value in fields.items() if value not in (None, "")}
    broken = [(_BY_POINTER.get(each.pointer, each.pointer), each.expected) for each in validate(_event(given, as_of))]
    refused = [f"{name}: {expected}" for name, expected in broken]
    # What is wrong with the rest is said as well.
    sound = {"customer_id": "-"} | {name: value for name, value in given.items() if name not in dict(broken)}
    event = _event(sound, as_of)
    if broken and any(validate(event)):
        return refused
    preparation = prepare_event(event, brand=brand, as_of=as_of)
    refused += _missing_date(preparation, known="date" in dict(broken))
    if refused or preparation.trigger is None or preparation.trigger["date"] is None:
        return refused
    entry = _entry(preparation, preparation.trigger["date"], tenant=tenant, brand=brand)
    set_aside = [f"{name}: {what}" for name, what in _lost(preparation)]
    return PastService(preparation.customer.customer_id, entry, set_aside)


def _missing_date(preparation: Preparation, *, known: bool) -> list[str]:
    """Why there is no day to put the service on, unless that is known."""
    if known or (preparation.trigger and preparation.trigger["date"]):
        return []
    why = [f"{name}: {what}" for name, what in _lost(preparation) if name == "date"]
    return why or ["date: when the service was (missing)"]


def _lost(preparation: Preparation) -> list[tuple[str, str]]:
    """The fields that were set aside, and why."""
    return [(_BY_POINTER.get(each["pointer"], "service"), each["what"]) for each in preparation.repairs
            if each["change"].endswith(f"→ {SET_ASIDE}")]  # fmt: skip


def _event(fields: Mapping[str, Any], as_of: datetime) -> dict[str, Any]:
    data: dict[str, Any] = {"customer": {}, "service": {}}
    for name, pointer in POINTERS.items():
        if name in fields:
            *parents, last = pointer.removeprefix("/data/").split("/")
            place = data
            for parent in parents:
                place = place.setdefault(parent, {})
            place[last] = fields[name]
    return {"type": _EVENT_TYPE, "version": 1, "timestamp": iso(as_of), "data": data}


def _entry(preparation: Preparation, date: str, *, tenant: str, brand: Brand) -> Entry:
    customer = preparation.customer
    names = people_in(customer, preparation.history)
    content: Content = {"services": services_said(preparation.history, brand=brand, names=names)}
    [service_id] = content["services"]
    event_id = f"{customer.customer_id}#{service_id}"
    event = EventReference(tenant, _SOURCE, event_id, _EVENT_TYPE).digest
    return Entry(event, event_time=date, known_from=date, content=content)
