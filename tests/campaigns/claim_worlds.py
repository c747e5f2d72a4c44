"""Customers and offers that drafts are written about: what is known of each, as `claims` takes it."""

from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Self

from outreach.brands import Brand, parse_brand
from outreach.claims import Evidence
from outreach.contracts import Fact

_ROOT = Path(__file__).parents[2]
_KINDS = {
    "offer.amount": "money", "offer.friend_amount": "money", "offer.percent": "percent", "offer.link": "link",
    "offer.valid_until": "date", "service.last_date": "date", "service.since": "date", "service.count": "number",
    "company.phone": "phone", "company.website": "link", "sender.title": "text", "offer.name": "text",
    "offer.service": "text", "service.last_type": "text",
}  # fmt: skip


def facts_of(values: dict[str, Any]) -> list[Fact]:
    """The facts that stand behind values by slot."""
    return [{"slot": slot, "kind": _KINDS.get(slot, "name"), "value": value} for slot, value in values.items()]


@dataclass(frozen=True)
class World:
    """One customer, one offer and one day."""

    name: str
    purpose: str
    locale: str
    values: dict[str, Any]
    evidence: Evidence = field(repr=False)

    def with_values(self, values: dict[str, Any]) -> Self:
        """The same world with other facts or further ones."""
        return replace(
            self, values=self.values | values, evidence=self.evidence | {"facts": facts_of(self.values | values)}
        )

    def in_locale(self, locale: str) -> Self:
        """The same world in another language."""
        return replace(self, locale=locale, evidence=self.evidence | {"locale": locale})

    @property
    def currency(self) -> str:
        return str(self.values["offer.amount"]["currency"])


def _brand(name: str) -> Brand:
    return parse_brand((_ROOT / f"brands/{name}/brand.json").read_bytes())


def _world(name: str, brand: str, offer_id: str, locale: str, as_of: date, **values: Any) -> World:
    known, offer = _brand(brand), _brand(brand).offer(offer_id)
    assert offer is not None
    made = {
        "company.name": known.company.name,
        "company.phone": known.company.phone,
        "company.website": known.company.website,
        "sender.name": known.sender.name,
        "sender.title": known.sender.title,
        "offer.name": offer.name,
        "offer.amount": offer.amount,
        "offer.friend_amount": offer.friend_amount,
        "offer.percent": offer.percent,
        "offer.link": offer.link,
        "offer.valid_until": offer.valid_until and offer.valid_until.isoformat(),
        "offer.service": offer.service,
    } | {slot.replace("__", "."): value for slot, value in values.items()}
    made = {slot: value for slot, value in made.items() if value is not None}
    bought = [made["service.last_type"], *values.get("bought", ())]
    evidence: Evidence = {
        "facts": facts_of(made),
        "links": known.links,
        "locale": locale,
        "features": {
            "satisfaction_average": {"value": 4.8, "reason": None},
            "service_shares": {"value": dict.fromkeys(bought, 1.0), "reason": None},
            "services_never_bought": {
                "value": [service for service in known.services if service not in bought],
                "reason": None,
            },
        },
        "conditions": offer.conditions,
        "services": known.services,
        "as_of": as_of,
        "comment": None,
    }
    return World(name, offer.purpose, locale, made, evidence)


_DANA = {
    "customer__first_name": "Marisol", "customer__city": "Evergreen Falls", "service__crew": "Luis",
    "service__last_type": "weekly mow", "service__last_date": "2026-10-12", "service__count": 14,
    "service__since": "2023-04-03",
}  # fmt: skip
_OLIVER = {
    "customer__first_name": "Oliver", "customer__city": "York", "service__crew": "Aisha",
    "service__last_type": "regular clean", "service__last_date": "2026-10-12", "service__count": 14,
    "service__since": "2023-04-03",
}  # fmt: skip
AS_OF = date(2026, 10, 20)
_TWENTY = {"minor": 2000, "currency": "USD"}
_FIFTEEN = {"minor": 1500, "currency": "GBP"}

AMERICAN_REFERRAL = _world(
    "American referral", "greenedge", "refer-a-neighbor", "en-US", AS_OF, **_DANA,
    offer__friend_amount=_TWENTY, offer__valid_until="2026-12-31",
)  # fmt: skip
AMERICAN_UPSELL = _world(
    "American upsell", "greenedge", "overseeding-bundle", "en-US", AS_OF, **_DANA, offer__valid_until="2026-12-31"
)
BRITISH_REFERRAL = _world(
    "British referral", "brightnest", "share-the-sparkle", "en-GB", AS_OF, **_OLIVER,
    offer__friend_amount=_FIFTEEN, offer__valid_until="2026-12-31",
)  # fmt: skip
BRITISH_UPSELL = _world(
    "British upsell", "brightnest", "carpet-clean", "en-GB", AS_OF, **_OLIVER, offer__valid_until="2026-12-31"
)
ENGLISH = (AMERICAN_REFERRAL, AMERICAN_UPSELL, BRITISH_REFERRAL, BRITISH_UPSELL)
