"""What preparation gives of a satisfied customer of GreenEdge who may be written to."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from outreach.preparation import Preparation, PreparedCustomer
from outreach.prepared import HistoryLine

AS_OF = datetime(2026, 6, 1, 15, 30, tzinfo=UTC)

CUSTOMER = PreparedCustomer(
    customer_id="crm-77",
    full_name="Maria Oliveira",
    first_name="Maria",
    email="maria@example.com",
    phone="+15550100177",
    address={"line1": "9 Elm Court", "city": "Springfield"},
    city="Springfield",
    country="US",
    locale="en-US",
    time_zone="America/Chicago",
    consent={"channel": "email", "given_at": "2024-02-01T12:00:00Z", "source": "website"},
)


def service(day: str, **known: Any) -> HistoryLine:
    """A weekly mow at noon of a day, rated 5, unless said otherwise."""
    line: HistoryLine = {
        "id": f"service-{day}",
        "date": f"{day}T17:00:00Z",
        "type": "weekly mow",
        "price": {"minor": 4500, "currency": "USD"},
        "crew": "Team Clover",
        "satisfaction": 5,
        "comment": None,
    }
    return line | known  # type: ignore[return-value]


def prepared(*history: HistoryLine, trigger: HistoryLine | None = None, **changes: Any) -> Preparation:
    """A preparation with this history, which has the trigger in it; what else is given changes the customer."""
    offer_wanted = changes.pop("offer_wanted", None)
    return Preparation(
        customer=replace(CUSTOMER, **changes),
        history=[*history, *([trigger] if trigger else [])],
        property={},
        comment=None,
        offer_wanted=offer_wanted,
        trigger=trigger,
        repairs=[],
    )
