"""A service of the past, from one line of what a CRM exports: checked and prepared as the events of a CRM are."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from agent_platform.features.entries import Entry
from agent_platform.moments import iso
from agent_platform.nested import nested
from agent_platform.references import EventReference

from outreach.brands import Brand
from outreach.features.entries import Content, services_said
from outreach.preparation import Preparation, people_in, prepare_event
from outreach.preparation.history import FIELDS
from outreach.preparation.parts import SET_ASIDE

_EVENT_TYPE = "service.completed"
# Where each field of a line stands in an event of that type. Nothing else of a line is looked at. The name is only
# looked for in what a service is called, which must be about nobody.
POINTERS = {
    "customer_id": "/data/customer/id",
    "customer_name": "/data/customer/name",
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
    """What a line says: the customer's reference, the entry, and in words which fields were set aside."""

    customer: str
    entry: Entry
    set_aside: list[str]


def read_past_service(
    fields: Mapping[str, Any],
    *,
    tenant: str,
    brand: Brand,
    as_of: datetime,
    validate: Callable[[Any], Iterable[ContractProblem]],
    reference_of: Callable[[str], str],
) -> PastService | list[str]:
    """One line as an entry that was known since the service's date; every reason, if it can't be one.

    The same service gives the same entry, whenever and however often it is read. It is something that events repeat:
    what an event says about its own service outranks it. `reference_of` gives what stands for a CRM's id of a customer.
    """
    given = {name: value for name, value in fields.items() if value not in (None, "")}
    broken = [(_BY_POINTER.get(each.pointer, each.pointer), each.expected) for each in validate(_event(given, as_of))]
    refused = [f"{name}: {expected}" for name, expected in broken]
    # What is wrong with the rest is said as well.
    sound = {"customer_id": "-"} | {name: value for name, value in given.items() if name not in dict(broken)}
    event = _event(sound, as_of)
    if broken and any(validate(event)):
        return refused
    preparation = _prepared(event, brand=brand, as_of=as_of)
    refused += _missing_date(preparation, known="date" in dict(broken))
    if refused or preparation.trigger is None or preparation.trigger["date"] is None:
        return refused
    customer = reference_of(preparation.customer.customer_id)
    entry = _entry(preparation, preparation.trigger["date"], tenant=tenant, customer=customer, brand=brand)
    return PastService(customer, entry, [f"{name}: {what}" for name, what in _lost(preparation)])


def _prepared(event: dict[str, Any], *, brand: Brand, as_of: datetime) -> Preparation:
    preparation = prepare_event(event, brand=brand, as_of=as_of)
    if preparation.trigger is None or preparation.trigger["date"] != iso(as_of):
        return preparation
    # The service's time is after this moment, which was put in its place: today's noon, if only the day is told. On the
    # next day it is read as it is, and as every other run of the same day has it.
    return prepare_event(event, brand=brand, as_of=as_of + timedelta(days=1))


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
    placed = [(pointer.removeprefix("/data/").split("/"), fields[name])
              for name, pointer in POINTERS.items() if name in fields]  # fmt: skip
    data = {"customer": {}, "service": {}} | nested(placed)
    return {"type": _EVENT_TYPE, "version": 1, "timestamp": iso(as_of), "data": data}


def _entry(preparation: Preparation, date: str, *, tenant: str, customer: str, brand: Brand) -> Entry:
    names = people_in(preparation.customer, preparation.history)
    content: Content = {"services": services_said(preparation.history, brand=brand, names=names)}
    [service_id] = content["services"]
    # By the keyed reference: the CRM's id could be guessed from a hash that everybody can compute.
    event = EventReference(tenant, _SOURCE, f"{customer}#{service_id}", _EVENT_TYPE).digest
    return Entry(event, event_time=date, known_from=date, content=content)


def differences(entry: Entry, known: Entry) -> list[str]:
    """The fields in which a line says something else of a service than the line of it that was taken in."""
    [(service, told)] = entry.content["services"].items()
    before = known.content["services"].get(service) or {}
    return [name for name, value in told.items() if before.get(name) != value]
