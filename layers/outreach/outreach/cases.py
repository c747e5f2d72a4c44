"""Past cases as passages for a draft, asked for by facts and never by what a customer wrote."""

from dataclasses import asdict
from typing import Any

from agent_platform.retrieval.knowledge_base import retrieve

from outreach.contracts import Enriched, Passages, Request

_ASKED = ("offer.name", "offer.service", "service.last_type")


def find_passages(state: Enriched, *, knowledge_base: str | None, runtime: Any) -> Passages:
    """At most three passages for the request's purpose; none, said so, without a Knowledge Base."""
    if knowledge_base is None:
        return {"status": "not_configured", "items": []}
    request = state["request"]
    found = retrieve(
        knowledge_base, query_of(request), tenant=state["tenant"], purpose=request["purpose"], runtime=runtime
    )
    items = [asdict(passage) for passage in found]
    return {"status": "found" if items else "none_found", "items": items}  # type: ignore[typeddict-item]


def query_of(request: Request) -> str:
    """The words that a similar case would have: the purpose, the offer and the service."""
    known = {fact["slot"]: str(fact["value"]) for fact in request["facts"]}
    return " ".join([request["purpose"], *(known[slot] for slot in _ASKED if slot in known)])
