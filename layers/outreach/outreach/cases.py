"""Past cases as passages for a draft, asked for by facts and never by what a customer wrote."""

from typing import Any

from agent_platform.retrieval.credits import Credits
from agent_platform.retrieval.diversity import diverse
from agent_platform.retrieval.holdout import held_out
from agent_platform.retrieval.knowledge_base import Scope, candidates
from agent_platform.retrieval.ranking import ranked

from outreach.casebook.bands import situation, tenure_of
from outreach.contracts import Enriched, Features, Passage, Passages, Request
from outreach.seasons import season_at

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
    query = query_of(request, state["features"])
    found = candidates(knowledge_base, query, scope=scope_of(state), runtime=runtime)
    credit = case_credits.of(state["tenant"], request["purpose"], [each.source for each in found])
    # Before near copies are left out: of two, the one that does better stays.
    chosen = diverse(ranked(found, credit))[:MAX_PASSAGES]
    items: list[Passage] = [{"source": each.source, "score": each.score, "text": each.text} for each in chosen]
    return {"status": "found" if items else "none_found", "items": items}


def query_of(request: Request, features: Features) -> str:
    """What a similar case would say: purpose, offer and service, and the customer's situation in a case's own words."""
    known = {fact["slot"]: str(fact["value"]) for fact in request["facts"]}
    asked = " ".join([request["purpose"], *(known[slot] for slot in _ASKED if slot in known)])
    return f"{asked}. {situation(tenure_of(request), features['values'])}"


def scope_of(state: Enriched) -> Scope:
    """The company's own cases for the purpose, in the season that it is on this day where the customer lives."""
    request = state["request"]
    return Scope(state["tenant"], request["purpose"], season_at(request))
