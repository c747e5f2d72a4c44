import json
from datetime import UTC, datetime

import pytest
from agent_platform.errors import TransientError
from agent_platform.ingest.acceptance import MAX_BODY_BYTES, Acceptance, Accepted, Refused, readable
from agent_platform.ingest.events import Recorded
from agent_platform.references import EventReference
from agent_platform.tenants import TenantContext

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
REFERENCE = EventReference("greenedge", "greenedge-crm", "msg_1", "service.completed")
TEXT = json.dumps({"type": "service.completed"})


class Stores:
    """A record and a bus that answer as they are told."""

    def __init__(self, recorded=None, failure=None):
        self.recorded = recorded or Recorded("new", started=False)
        self.failure, self.kept, self.published = failure, [], []

    def record(self, reference, body, *, payload_hash, now):
        self.kept.append((reference, body))
        return self.recorded

    def publish(self, detail_type, detail):
        if self.failure:
            raise self.failure
        self.published.append(detail)


def accepted(stores, text=TEXT, problems=()):
    acceptance = Acceptance(lambda event: problems, stores, stores, lambda: b"k")
    return acceptance.accept(TenantContext("greenedge"), "greenedge-crm", "msg_1", text, now=NOW)


pytestmark = pytest.mark.usefixtures("telemetry")


@pytest.mark.parametrize("started", [False, True])
@pytest.mark.parametrize("status", ["new", "duplicate"])
def test_what_was_known_is_told_and_only_what_never_started_is_published(status, started):
    stores = Stores(Recorded(status, started=started))

    assert accepted(stores) == Accepted(REFERENCE, duplicate=status == "duplicate")
    assert len(stores.published) == (0 if started else 1)


def test_another_body_under_a_known_id_is_refused_and_not_published():
    stores = Stores(Recorded("conflict", started=False))

    assert accepted(stores).status == 409
    assert stores.published == []


class Problem:
    pointer, expected = "/data", "an object"


@pytest.mark.parametrize(
    ("text", "problems", "status", "errors"),
    [("{", (), 400, ()), (TEXT, (Problem,), 422, ({"pointer": "/data", "expected": "an object"},))],
)
def test_what_is_refused_reaches_neither_the_record_nor_the_bus(text, problems, status, errors):
    stores = Stores()

    refused = accepted(stores, text, problems)

    assert (refused.status, refused.errors) == (status, errors)
    assert stores.kept == []
    assert stores.published == []


def test_an_event_that_could_not_be_published_is_the_callers_to_offer_again():
    with pytest.raises(TransientError):
        accepted(Stores(failure=TransientError("PutEvents: ThrottlingException")))


def test_a_body_is_readable_up_to_its_limit():
    assert readable(b"x" * MAX_BODY_BYTES) == "x" * MAX_BODY_BYTES
    assert isinstance(readable(b"x" * (MAX_BODY_BYTES + 1)), Refused)
    assert readable(b"\xff\xfe").status == 400
