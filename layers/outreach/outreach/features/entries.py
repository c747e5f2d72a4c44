"""What one event says of a customer, as the feature history keeps it: no name, no comment, no crew.

Services by id, None where the event says that there never was one; `direct` names those that the event itself is about.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypedDict

from agent_platform.features.entries import Entry
from agent_platform.guardrails.redaction import redact
from agent_platform.moments import iso
from agent_platform.references import EventReference

from outreach.brands import Brand
from outreach.contracts import Money
from outreach.features.home import emptied, impersonal_home
from outreach.preparation import Preparation, event_time, people_in, prepare_event
from outreach.prepared import PastService
from outreach.services import service_name


class ServiceSaid(TypedDict):
    """One service as an event tells it; None where it doesn't."""

    date: str | None
    type: str | None
    price: Money | None
    satisfaction: float | None


CORRECTED = "service.corrected"
SERVICE_FIELDS = tuple(ServiceSaid.__annotations__)


class Content(TypedDict, total=False):
    """What an entry holds; `responses` are times by message and kind.

    `corrects` if the event takes back what was said of its service; `emptied` are fields of the home that have become
    empty.
    """

    services: dict[str, ServiceSaid | None]
    direct: list[str]
    corrects: bool
    home: dict[str, Any]
    emptied: list[str]
    responses: dict[str, dict[str, str]]


def told_by(
    reference: EventReference, event: dict[str, Any], *, brand: Brand, received_at: datetime
) -> tuple[str, Entry]:
    """The CRM's id of the customer that an accepted event is about, and its entry: the same whenever it is read."""
    preparation = prepare_event(event, brand=brand, as_of=received_at)
    happened = event_time(event, as_of=received_at)
    content = content_of(preparation, brand=brand)
    if event["type"] == CORRECTED:
        content["corrects"] = True
    entry = Entry(reference.digest, happened, max(happened, iso(received_at)), content)
    return preparation.customer.customer_id, entry


def content_of(preparation: Preparation, *, brand: Brand) -> Content:
    """What an event says, as far as it may be kept beside no event record."""
    names = people_in(preparation.customer, preparation.history)
    services = services_said(preparation.history, brand=brand, names=names)
    content: Content = {"services": services}
    if preparation.about is not None:
        own = kept_id(preparation.about)
        content["direct"] = [own]
        if preparation.trigger is None:
            services[own] = None
    if home := impersonal_home(preparation.property, names=names):
        content["home"] = home
    if empty := emptied(preparation.property):
        content["emptied"] = empty
    return content


def services_said(
    history: Iterable[PastService], *, brand: Brand, names: Iterable[str] = ()
) -> dict[str, ServiceSaid | None]:
    """Services by id, in the catalogue's spelling; a type that holds a person's data is left out."""
    people = tuple(names)
    return {
        kept_id(line["id"]): {
            "date": line["date"],
            "type": service_name(line["type"], catalogue=brand.services, names=people),
            "price": line["price"],
            "satisfaction": line["satisfaction"],
        }
        for line in history
    }


def kept_id(service_id: str) -> str:
    """A service's id, or its digest if redaction would change it: some CRMs identify a service by an address."""
    if redact(service_id) == service_id:
        return service_id
    return "id-" + hashlib.sha256(service_id.encode()).hexdigest()[:16]


def response_entry(
    reference: EventReference, event: dict[str, Any], *, message_id: str, kind: str, at: str, received_at: datetime
) -> Entry:
    """The entry of an accepted event that says what a customer did with a message, and when (ISO 8601 in UTC)."""
    happened = event_time(event, as_of=received_at)
    content: Content = {"responses": {message_id: {kind: at}}}
    return Entry(reference.digest, happened, max(happened, iso(received_at)), content)


def says_something(entry: Entry) -> bool:
    """Whether an entry tells anything of the customer."""
    return any(entry.content.get(part) for part in ("services", "home", "emptied", "responses"))
