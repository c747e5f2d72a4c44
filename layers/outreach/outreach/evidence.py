"""What a draft is held against: everything that is known to the run that wrote it, as `claims` takes it."""

from collections.abc import Sequence
from datetime import date
from typing import TypedDict

from outreach.brands import Brand
from outreach.briefing import conditions
from outreach.contracts import Fact, Features, FeatureValue, Prepared, Request
from outreach.seasons import day_at


class Evidence(TypedDict):
    """The arguments that `claims.trace` and `claims.ledger` share."""

    facts: Sequence[Fact]
    links: Sequence[str]
    locale: str
    features: dict[str, FeatureValue]
    conditions: str | None
    services: Sequence[str]
    as_of: date


def evidence_for(request: Request, features: Features, *, prepared: Prepared, brand: Brand) -> Evidence:
    """The evidence of one run: facts with the identity's, features, the offer's conditions, and the brand's lists."""
    return {
        "facts": [*request["facts"], *prepared["identity"]["facts"]],
        "links": brand.links,
        "locale": request["locale"],
        "features": features["values"],
        "conditions": conditions(request, brand),
        "services": brand.services,
        "as_of": day_at(request),
    }
