"""The slots that a draft may use, with the kind of their facts: those that travel, and those that are identity."""

from outreach.contracts import FactKind

IDENTITY_SLOTS: dict[str, FactKind] = {
    "customer.first_name": "name",
    "customer.city": "name",
    "service.crew": "name",
}

DOCUMENT_SLOTS: dict[str, FactKind] = {
    "company.name": "name",
    "company.phone": "phone",
    "company.website": "link",
    "sender.name": "name",
    "sender.title": "text",
    "offer.name": "text",
    "offer.amount": "money",
    "offer.friend_amount": "money",
    "offer.percent": "percent",
    "offer.link": "link",
    "offer.valid_until": "date",
    "offer.service": "text",
    "service.last_type": "text",
    "service.last_date": "date",
    "service.count": "number",
    "service.since": "date",
}
