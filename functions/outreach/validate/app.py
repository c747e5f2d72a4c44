"""Validate: make the event a request, or say why nothing is written to this customer now."""

from datetime import UTC, datetime
from typing import Any

import event_contracts
from agent_platform.errors import InvalidEvent
from agent_platform.experiments.exposures import exposures
from agent_platform.ingest.contents import contents
from agent_platform.ingest.events import event_records
from agent_platform.reference_key import reference_key
from agent_platform.references import EventReference
from agent_platform.registry.versions import registry
from agent_platform.tasks import task
from outreach.brand_files import brand_in_force
from outreach.contacts import contacts
from outreach.contracts import Request, Started
from outreach.erasure.returning import let_go
from outreach.requests import Collaborators, make_request


@task("Validate")
def lambda_handler(state: Started, context: Any) -> Request:
    """Add $.request; what identifies the customer stays with the event record."""
    reference, now = EventReference.of(state), datetime.now(UTC)
    event = event_records().body(reference, now=now)
    if problems := event_contracts.validate(event):
        raise InvalidEvent(f"{len(problems)} problems, the first at {problems[0].pointer}")
    collaborators = Collaborators(contacts().find, registry(), reference_key)
    request, prepared = make_request(
        reference, event, *brand_in_force(reference.tenant), with_=collaborators, as_of=now
    )
    event_records().keep_prepared(reference, prepared, now=now)
    if "forgotten" in prepared:
        let_go(reference, contents=contents(), now=now)
    if "agents" in request:
        # The last thing, so that only who is about to be written to counts; and before anything can have come of it.
        exposures().record(
            request["agents"]["writer"], tenant=reference.tenant, customer=request["customer"], now=now,
            expires_at=event_records().expiry(now),
        )  # fmt: skip
    return request
