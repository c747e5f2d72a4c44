"""Past cases as passages for a draft, asked for by facts and never by what a customer wrote."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from agent_platform.retrieval.credits import Credits
from agent_platform.retrieval.diversity import diverse
from agent_platform.retrieval.holdout import held_out
from agent_platform.retrieval.knowledge_base import Scope, candidates
from agent_platform.retrieval.ranking import ranked

from outreach.contracts import Enriched, Passage, Passages, Request
from outreach.seasons import season_of

MAX_PASSAGES = 3
_ASKED = ("offer.name", "offer.service", "service.last_type")


def find_passages(
    state: Enriched, *, knowledge_base: str | None, holdout_percent: int, case_credits: Credits, runtime: Any
) -> Passages:
    """At most three passages for the request's purpose and season, by similarity and by what came of each case.

    None, said so, without a Knowledge Base, and for the customers who are held out.
    """
    if knowledge_base is None:
        return {"status": "not_configured", "items": []}
    request = state["request"]
    # Before anything is looked for: who is held out may not depend on what would be found.
    if held_out(state["tenant"], request["customer"], percent=holdout_percent):
        return {"status": "held_out", "items": []}
    season = season_of(_day(request), request["country"])
    scope = Scope(state["tenant"], request["purpose"], season)
    found = candidates(knowledge_base, query_of(request, season), scope=scope, runtime=runtime)
    credit = case_credits.of(state["tenant"], request["purpose"], [each.source for each in found])
    # Before near copies are left out: of two, the one that does better stays.
    chosen = diverse(ranked(found, credit))[:MAX_PASSAGES]
    items: list[Passage] = [{"source": each.source, "score": each.score, "text": each.text} for each in chosen]
    return {"status": "found" if items else "none_found", "items": items}


def query_of(request: Request, season: str) -> str:
    """The words that a similar case would have: the purpose, the offer, the service and the season."""
    known = {fact["slot"]: str(fact["value"]) for fact in request["facts"]}
    return " ".join([request["purpose"], *(known[slot] for slot in _ASKED if slot in known), season])


def _day(request: Request) -> date:
    """The day where the customer lives."""
    return datetime.fromisoformat(request["as_of"]).astimezone(ZoneInfo(request["time_zone"])).date()
