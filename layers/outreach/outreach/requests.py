"""From a recorded event to the request that a run works on, and to what stays with the event record."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agent_platform.moments import iso
from agent_platform.references import EventReference
from agent_platform.registry.versions import Registry, Resolved
from agent_platform.tenants import customer_reference

from outreach.brands import Brand
from outreach.contacts import Contact
from outreach.contracts import AgentReference, BrandReference, Repair, Request
from outreach.eligibility import decide, law_for
from outreach.erasure.returning import as_forgotten
from outreach.facts import facts_for
from outreach.preparation import Preparation, prepare_event
from outreach.preparation.event import event_time
from outreach.prepared import Identity, Prepared

WRITER, JUDGE = "outreach-writer", "outreach-judge"
_MOST_REPAIRS = 50


@dataclass(frozen=True)
class Collaborators:
    """What making a request needs to know beyond the event."""

    find_contact: Callable[..., Contact]
    registry: Registry
    key: Callable[[], bytes]


def make_request(
    reference: EventReference,
    event: dict[str, Any],
    brand: Brand,
    brand_reference: BrandReference,
    *,
    with_: Collaborators,
    as_of: datetime,
) -> tuple[Request, Prepared]:
    """Prepare an event, decide whether to write, and choose the agents: the request, and what stays with the record."""
    preparation = prepare_event(event, brand=brand, as_of=as_of)
    person = preparation.customer
    customer = customer_reference(reference.tenant, person.customer_id, key=with_.key())
    contact = with_.find_contact(reference.tenant, customer, receipt=reference.receipt)
    decision = decide(reference.event_type, preparation, brand=brand, contact=contact, as_of=as_of)
    sheet = facts_for(brand=brand, offer=decision.offer, preparation=preparation, as_of=as_of)
    request: Request = {
        "as_of": iso(as_of),
        "decision": "skip" if decision.skip else "write",
        "skip": decision.skip,
        "customer": customer,
        "locale": person.locale,
        "time_zone": person.time_zone,
        "country": person.country,
        "purpose": decision.purpose,
        "offer_id": decision.offer.id if decision.offer else None,
        "brand": brand_reference,
        "law": law_for(person, brand),
        "facts": sheet.document,
        "identity_slots": [fact["slot"] for fact in sheet.identity],
        "has_comment": preparation.comment is not None,
        "history_length": len(preparation.history),
        "repairs": _bounded(preparation.repairs),
    }
    if not decision.skip:
        _choose_agents(request, reference.tenant, with_.registry)
    prepared = _prepared(preparation, sheet.identity, happened=event_time(event, as_of=as_of))
    return as_forgotten(request, prepared) if contact.forgotten else (request, prepared)


def _bounded(repairs: list[Repair]) -> list[Repair]:
    """What fits the document: the first repairs, and how many more there are."""
    if len(repairs) <= _MOST_REPAIRS:
        return repairs
    more: Repair = {"pointer": "", "what": f"{len(repairs) - _MOST_REPAIRS} further repairs", "change": "not listed"}
    return [*repairs[:_MOST_REPAIRS], more]


def _choose_agents(request: Request, tenant: str, registry: Registry) -> None:
    """Add the versions that write and judge, and what the writer's wants a person to see: all the run's from here."""
    writer, judge = (registry.resolve(name, tenant=tenant, routing_key=request["customer"]) for name in (WRITER, JUDGE))
    request["agents"] = {"writer": _reference(writer), "judge": _reference(judge)}
    if policy := writer.version.config.get("review"):
        request["review"] = policy


def _reference(resolved: Resolved) -> AgentReference:
    agent: AgentReference = {"agent_id": resolved.version.agent_id, "version": resolved.version.version}
    if resolved.rollout is not None and resolved.bucket is not None and resolved.share is not None:
        agent |= {
            "rollout": resolved.rollout,
            "arm": resolved.arm,
            "bucket": resolved.bucket,
            "share": resolved.share,
        }
    return agent


def _prepared(preparation: Preparation, identity_facts: list[Any], *, happened: str) -> Prepared:
    person = preparation.customer
    identity: Identity = {
        "facts": identity_facts,
        "customer_id": person.customer_id,
        "email": person.email,
        "full_name": person.full_name,
        "phone": person.phone,
        "address": person.address,
    }
    return {
        "event_time": happened,
        "identity": identity,
        "history": preparation.history,
        "property": preparation.property,
        "comment": preparation.comment,
    }
