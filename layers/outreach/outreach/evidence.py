"""What a draft is held against: everything that is known to the run that wrote it, as `claims` takes it."""

from outreach.brands import Brand
from outreach.briefing import conditions
from outreach.claims import Evidence
from outreach.contracts import Features, Request
from outreach.prepared import Prepared
from outreach.seasons import day_at


def evidence_for(request: Request, features: Features, *, prepared: Prepared, brand: Brand) -> Evidence:
    """The evidence of one run: its facts, features and comment, the offer's conditions, and the brand's lists."""
    return {
        "facts": [*request["facts"], *prepared["identity"]["facts"]],
        "links": brand.links,
        "locale": request["locale"],
        "features": features["values"],
        "conditions": conditions(request, brand),
        "services": brand.services,
        "as_of": day_at(request),
        "comment": prepared["comment"],
    }
