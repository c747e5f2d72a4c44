"""From an accepted event to what outreach works with: everything normalised, and every repair said."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agent_platform.guardrails.instructions import instruction_in
from agent_platform.guardrails.redaction import redact as redact_personal_data
from agent_platform.moments import iso
from agent_platform.patterns import lazy_pattern

from outreach.brands import Brand
from outreach.contracts import Repair
from outreach.preparation.contact import read_consent, read_email, read_phone
from outreach.preparation.conventions import Conventions
from outreach.preparation.dates import read_moment
from outreach.preparation.history import Service, merge, read_history, read_line
from outreach.preparation.home import read_home
from outreach.preparation.names import read_name, read_names
from outreach.preparation.parts import Part, cut
from outreach.preparation.places import (
    read_address,
    read_country,
    read_language_and_region,
    read_locale,
    read_time_zone,
)
from outreach.prepared import HistoryLine

# Their own service is described in them, whole.
TELLS_OF_A_SERVICE = frozenset({"service.completed", "service.corrected"})
TAKES_BACK = frozenset({"service.corrected", "service.voided"})
MAY_WANT_AN_OFFER = frozenset({"service.completed", "outreach.requested"})
LEAST_SATISFIED = 4
LONGEST_COMMENT = 300
# Words in a crew's name that customers say of any crew.
_NO_NAME = lazy_pattern(r"\b(?:team|crew|squad|group|the|equipo|[0-9]+)\b", re.IGNORECASE)


@dataclass(frozen=True)
class PreparedCustomer:
    """The customer, normalised; what was missing or set aside is None."""

    customer_id: str
    full_name: str | None
    first_name: str | None
    email: str | None
    phone: str | None
    address: dict[str, str] | None
    city: str | None
    country: str | None
    locale: str
    time_zone: str
    consent: dict[str, Any] | None


@dataclass(frozen=True)
class Preparation:
    """What became of an event: `history` is oldest first and holds the `trigger`, `comment` is redacted.

    `about` is the id of the service that the event itself is about, also of one that never was.
    """

    customer: PreparedCustomer
    history: list[HistoryLine]
    property: dict[str, Any]
    comment: str | None
    offer_wanted: dict[str, Any] | None
    trigger: HistoryLine | None
    repairs: list[Repair]
    about: str | None = None


def prepare_event(
    event: dict[str, Any], *, brand: Brand, as_of: datetime, redact: Callable[..., str] = redact_personal_data
) -> Preparation:
    """Prepare an event that its contract accepted, without fail; what was prepared before comes out as it went in."""
    repairs: list[Repair] = []
    data = Part(event, "", repairs).within("data")
    person = data.within("customer")
    language, region = read_language_and_region(person)
    time_zone, country = read_time_zone(person), read_country(person)
    conventions = Conventions.of(language=language, region=country or region, time_zone=time_zone, as_of=as_of)
    customer = _customer(person, conventions, brand=brand, country=country, time_zone=time_zone)
    past, told = read_history(person, conventions), _told_service(event, data, conventions)
    history, trigger = merge([*told, *past])
    _note_duplicates(person, past)
    return Preparation(
        customer=customer,
        history=history,
        property=read_home(person, conventions),
        comment=_satisfied_comment(data, customer, history, trigger, redact=redact),
        offer_wanted=_offer_wanted(event, data),
        trigger=trigger,
        repairs=repairs,
        about=trigger["id"] if trigger else _named_service(event, data),
    )


def event_time(event: dict[str, Any], *, as_of: datetime) -> str:
    """When an accepted event happened, in UTC; never later than `as_of`, which stands in for a day no calendar has."""
    conventions = Conventions.of(language=None, region=None, time_zone="UTC", as_of=as_of)
    return read_moment(Part(event, "", []), "timestamp", conventions) or iso(as_of)


def _customer(
    person: Part, conventions: Conventions, *, brand: Brand, country: str | None, time_zone: str
) -> PreparedCustomer:
    full_name, first_name = read_names(person)
    return PreparedCustomer(
        customer_id=_customer_id(person),
        full_name=full_name,
        first_name=first_name,
        email=read_email(person),
        phone=read_phone(person),
        address=read_address(person),
        # The address noted what was mended in it; here only the city's name is looked at.
        city=read_name(Part(person.within("address").values, "", []), "city", digits=True),
        country=country,
        locale=read_locale(person, supported=brand.locales, default=brand.default_locale),
        time_zone=time_zone,
        consent=read_consent(person, conventions),
    )


def _customer_id(person: Part) -> str:
    """The CRM's own id, in which nothing but blanks around it is mended: it is what the CRM asks by."""
    given = person.values["id"]
    if isinstance(given, str):
        return given.strip()
    person.note("id", "number where text belongs", "number", "text")
    return f"{given:.0f}"


def _told_service(event: dict[str, Any], data: Part, conventions: Conventions) -> list[Service]:
    # In any other event a field of this name is one that the contract doesn't know, and may be anything.
    if event["type"] not in TELLS_OF_A_SERVICE:
        return []
    line = read_line(data.within("service"), conventions)
    return [Service(line, is_trigger=True)] if line else []


def _named_service(event: dict[str, Any], data: Part) -> str | None:
    """The id of a service of which nothing else is told, in an event that takes back what was."""
    return Part(data.within("service").values, "", []).text("id") if event["type"] in TAKES_BACK else None


def _note_duplicates(person: Part, past: list[Service]) -> None:
    kept, _ = merge(past)
    if len(kept) < len(past):
        person.note("service_history", "duplicates merged", f"{len(past)} services", f"{len(kept)} services")


def _offer_wanted(event: dict[str, Any], data: Part) -> dict[str, Any] | None:
    if event["type"] not in MAY_WANT_AN_OFFER:
        return None
    wanted = data.within("offer_wanted")
    return {"purpose": wanted.values["purpose"], "offer_id": wanted.text("offer_id")} if wanted.values else None


def _satisfied_comment(
    data: Part,
    customer: PreparedCustomer,
    history: list[HistoryLine],
    trigger: HistoryLine | None,
    *,
    redact: Callable[..., str],
) -> str | None:
    """What the customer said when they were satisfied: of the completed service, else of the latest, redacted.

    What speaks to a machine tells nothing of a service, and is set aside whole.
    """
    latest_first = [*([trigger] if trigger else []), *reversed(history)]
    said = (line["comment"] for line in latest_first if (line["satisfaction"] or 0) >= LEAST_SATISFIED)
    comment = next(filter(None, said), None)
    if comment is None:
        return None
    if kind := instruction_in(comment):
        data.note("", f"comment that instructs a machine ({kind})", "text")
        return None
    # Redacted before it is cut: half an address is still an address, and no longer recognised as one.
    return cut(redact(comment, names=people_in(customer, history)), LONGEST_COMMENT)


def people_in(customer: PreparedCustomer, history: list[HistoryLine]) -> list[str]:
    """The names that a text about this customer may hold: the customer's own, and those of the crews."""
    crews = {_NO_NAME.sub("", line["crew"] or "").strip() for line in history}
    return sorted(filter(None, {customer.full_name or "", customer.first_name or ""} | crews))
