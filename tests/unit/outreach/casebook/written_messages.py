"""A message to a canary, as Store keeps it, with the run before it: made by the product from a CRM's event."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from agent_platform.recordings import Recording
from agent_platform.references import EventReference
from outreach.casebook.writing import Case, segment_of, write_case
from outreach.contacts import Contact
from outreach.contracts import Purpose
from outreach.requests import Collaborators, make_request

from tests.builders import customer, service, service_completed
from tests.canaries import Canary, canary
from tests.unit.outreach.preparing import BRAND

AS_OF = datetime(2026, 6, 1, 15, 30, tzinfo=UTC)
TENANT = "greenedge"
CLEAN = (
    "Thank you for your trust in our team, {{customer.first_name}}.",
    "It was a pleasure to work for you on {{service.last_date}}.",
    "If a neighbor has ever asked who does your edges, here is an easy way to tell them: {{offer.link}}",
    "With {{offer.name}} both of you receive a credit.",
)
HOME = {"type": "house", "lot_size": 8517, "lot_size_unit": "sqft", "features": ["walled orchard", "bocce court"]}


def features(**values: Any) -> dict[str, dict[str, Any]]:
    known = {
        "service_count": 17,
        "satisfaction_average": 4.63,
        "satisfaction_trend": 0.37,
        "days_since_last_service": 43,
        "overdue_factor": 2.71,
        "lifetime_value": {"USD": 71329},
        "property_type": "house",
        "lot_size": 8517,
        "lot_size_unit": "sqft",
        "property_features": HOME["features"],
    } | values
    return {name: {"value": value, "reason": None} for name, value in known.items()}


def event_of(person: Canary) -> dict[str, Any]:
    """A completed service of a canary's, with a price, a date and a comment like no other's."""
    made = service_completed(
        customer=customer(service(id="job-2", date="2024-03-19T14:00:00Z", price=613.29), property=HOME),
        service=service(date="2026-04-23T14:00:00Z", price=613.29, type="weekly mow"),
    )
    return person.in_place_of_the_customer(made)


def made_of(
    body: str,
    *,
    subject: str = "A small thank-you from {{company.name}}",
    person: Canary | None = None,
    outcome: str = "referred",
    answered: str = "2026-06-09T10:00:00Z",
    known: dict[str, dict[str, Any]] | None = None,
    tenure: str = "1 to 3 years",
    purpose: Purpose = "referral",
    as_of: datetime = AS_OF,
) -> Case | None:
    """The case of a message with this text."""
    event = event_of(person or canary(1))
    version = SimpleNamespace(agent_id="platform#outreach-writer", version=3, config={})
    registry = SimpleNamespace(resolve=lambda *_, **__: SimpleNamespace(version=version, rollout=None, bucket=None,
                                                                        share=None, arm="production"))  # fmt: skip
    collaborators = Collaborators(lambda *_, **__: Contact(), registry, lambda: b"k")  # type: ignore[arg-type]
    request, prepared = make_request(
        EventReference(TENANT, "crm", "1", event["type"]), event, BRAND, {"key": "k", "version_id": "1"},
        with_=collaborators, as_of=as_of,
    )  # fmt: skip
    material = {"request": request, "features": {"values": known or features()}, "comment": prepared["comment"],
                "slices": {"tenure": tenure}}  # fmt: skip
    recording = Recording(TENANT, "outreach", purpose, request["as_of"], "m1", material)
    message = {
        "messageId": "m1",
        "asOf": request["as_of"],
        "slots": {"subject": subject, "body": body},
        "agents": request["agents"],
        "outcomes": {"sent": {"at": "2026-06-02T10:00:00Z"}, outcome: {"at": answered}},
    }
    return write_case(message, recording, prepared, segment_of(recording, BRAND), brand=BRAND)
