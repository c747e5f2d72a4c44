"""Preparing a builder's event for GreenEdge, in the words of the tests."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from event_contracts import validate
from outreach.brands import parse_brand
from outreach.preparation import Preparation, prepare_event
from outreach.prepared import HistoryLine

from tests.builders import Event, customer, outreach_requested, service

AS_OF = datetime(2026, 6, 1, 15, 30, tzinfo=UTC)
BRAND = parse_brand((Path(__file__).parents[3] / "brands/greenedge/brand.json").read_bytes())


def prepared(event: Event, **collaborators: Any) -> Preparation:
    """What preparation makes of an event that its contract accepts."""
    assert validate(event) == []
    return prepare_event(event, brand=BRAND, as_of=AS_OF, **collaborators)


def prepared_customer(**changes: Any) -> Preparation:
    """What it makes of a customer who differs in this."""
    return prepared(outreach_requested(customer=customer(**changes)))


def prepared_line(person: dict[str, Any] | None = None, /, **changes: Any) -> HistoryLine:
    """What it makes of one service that differs in this, of a customer who differs in that."""
    [line] = prepared(outreach_requested(customer=customer(service(**changes)) | (person or {}))).history
    return line


def repaired(preparation: Preparation) -> list[tuple[str, str]]:
    """Where something was mended, and from what to what."""
    return [(repair["pointer"], repair["change"]) for repair in preparation.repairs]
