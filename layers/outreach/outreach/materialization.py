"""Keeping what events say of customers: in their history, and in the row that runs read."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from agent_platform.features.store import FeatureStore
from agent_platform.ingest.contents import Contents
from agent_platform.ingest.events import EventRecords
from agent_platform.references import EventReference
from agent_platform.retrieval.neighbours import Neighbours
from agent_platform.tenants import customer_reference

from outreach.brands import Brand
from outreach.contacts import Contacts
from outreach.erasure.returning import let_go
from outreach.features.customer import CUSTOMER, materialize
from outreach.features.entries import told_by
from outreach.likeness import look_around

# Of the events that say something of a customer, those that nobody is written to for.
STARTS_NO_RUN = frozenset({"service.corrected", "service.voided", "customer.updated"})
NOTED = "features updated"
NOT_KEPT = "its customer is forgotten"


@dataclass(frozen=True)
class Materialization:
    """What it takes to take in an event: its record, its tenant's brand, the stores, and the key behind references."""

    records: EventRecords
    brand_of: Callable[[str], Brand]
    store: FeatureStore
    key: Callable[[], bytes]
    profiles: Neighbours
    contacts: Contacts
    contents: Contents

    def take_in(self, reference: EventReference, *, now: datetime) -> str:
        """Keep what a recorded event says, conclude it if it starts no run, and look around; the customer's reference.

        It reads the same whenever it is taken in, because it is read as of its receipt. Of a customer who was forgotten
        nothing is kept. EventUnavailable if its record isn't kept any more.
        """
        event, received_at = self.records.body(reference, now=now), self.records.received_at(reference)
        brand = self.brand_of(reference.tenant)
        customer_id, entry = told_by(reference, event, brand=brand, received_at=received_at)
        customer = customer_reference(reference.tenant, customer_id, key=self.key())
        if self.contacts.find(reference.tenant, customer).forgotten:
            self._keep_nothing(reference, now)
            return customer
        expires_at = self.records.expiry(received_at)
        rows = materialize(reference.tenant, customer, [entry], store=self.store, now=now, expires_at=expires_at)
        if reference.event_type in STARTS_NO_RUN:
            self.records.note(reference, NOTED)
        # Last: while there is no embedding, what fails here comes again, and holds up neither the row nor the event.
        if row := rows.get(CUSTOMER.view.key):
            look_around(reference.tenant, customer, row, profiles=self.profiles, store=self.store, now=now)
        return customer

    def _keep_nothing(self, reference: EventReference, now: datetime) -> None:
        let_go(reference, contents=self.contents, now=now)
        if reference.event_type in STARTS_NO_RUN:
            self.records.note(reference, NOT_KEPT)
