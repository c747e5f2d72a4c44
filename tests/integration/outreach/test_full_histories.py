"""A customer of whom a CRM tells as much as it may: what is stored of them stays small, and is written."""

import json
from datetime import UTC, datetime, timedelta

from agent_platform.features.store import FeatureStore
from agent_platform.moments import epoch, iso
from agent_platform.references import EventReference
from outreach.features.customer import customer_of, materialize
from outreach.features.entries import told_by

from tests.builders import customer, customer_updated
from tests.unit.outreach.preparing import BRAND

NOW = datetime(2026, 5, 12, 15, tzinfo=UTC)
EVENTS, MOST_LINES, LONGEST_NAME = 20, 500, 60


def full_event(number):
    """An event with as many services as one may hold, each of a kind of its own."""
    names = (f"{number:02}{line:03}".ljust(LONGEST_NAME, "ä") for line in range(MOST_LINES))
    history = [{"id": f"job-{number}-{line}", "type": name, "price": 45} for line, name in enumerate(names)]
    return customer_updated(customer=customer(*history)) | {"timestamp": iso(NOW + timedelta(hours=number))}


def test_of_a_customer_with_thousands_of_services_the_row_stays_small(stack):
    store = FeatureStore(table=stack.table("FeatureStoreTable"), dynamodb=stack.clients("dynamodb"))
    for number in range(EVENTS):
        now = NOW + timedelta(hours=number)
        reference = EventReference("greenedge", "crm", f"msg-{number}", "customer.updated")
        _, entry = told_by(reference, full_event(number), brand=BRAND, received_at=now)
        materialize("greenedge", "c-1", [entry], store=store, now=now, expires_at=epoch(now, days=365))

    row = store.read("greenedge", "c-1", customer_of(BRAND), now=now)
    assert row.values["service_count"]["value"] == EVENTS * MOST_LINES
    assert len(json.dumps(row.values)) < 64 * 1024
    assert len(row.values["service_shares"]["value"]) == 51
    assert row.values["services_never_bought"]["reason"] == "too_many_services"
