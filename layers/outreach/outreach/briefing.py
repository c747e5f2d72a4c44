"""What a writer and a judge are told: trusted words as prompt variables, everything else inside one data block."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from agent_platform.guardrails.canary import canary_for, with_canary
from agent_platform.guardrails.untrusted import boundary_for, data_block
from agent_platform.inference.prompts import render_prompt

from outreach.brands import Brand
from outreach.contracts import Fact, Features, Passage, Request
from outreach.features.wording import worded
from outreach.prepared import Prepared
from outreach.rendering import in_words

_IDENTITY = "(known, write the slot)"

LANGUAGES = {
    "de-DE": "German as written in Germany",
    "en-GB": "British English",
    "en-US": "American English",
    "es-US": "Spanish as written in the United States",
    "fr-CA": "French as written in Canada",
}


@dataclass(frozen=True)
class Briefing:
    """What a model is told: by the house in `system`, with the data in `message`; no answer may hold the canary."""

    system: str
    message: str
    canary: str


def prompt_variables(request: Request, brand: Brand) -> dict[str, str]:
    """The variables that every prompt of outreach may use; people of the house wrote all of them."""
    least, most = brand.limits.body_words
    return {
        "company_name": brand.company.name,
        "purpose": request["purpose"],
        "locale": request["locale"],
        "language": LANGUAGES[request["locale"]],
        "subject_characters": str(brand.limits.subject_characters),
        "least_words": str(least),
        "most_words": str(most),
    }


def readable(facts: Iterable[Fact], *, locale: str) -> dict[str, str]:
    """Each fact's value by its slot, as the customer will read it."""
    return {fact["slot"]: in_words(fact, locale=locale) for fact in facts}


def material(
    request: Request, features: Features, *, prepared: Prepared, brand: Brand, passages: Iterable[Passage] = ()
) -> dict[str, Any]:
    """The content of the data block: facts by slot, without the values that are identity."""
    identity = request["identity_slots"]
    facts = readable(request["facts"], locale=request["locale"])
    return {
        "purpose": request["purpose"],
        "locale": request["locale"],
        "facts": facts | dict.fromkeys(identity, _IDENTITY),
        "slots": sorted({*facts, *identity}),
        "features": worded(features["values"], locale=request["locale"]),
        "offer_conditions": conditions(request, brand),
        "comment": prepared["comment"],
        "passages": [{"id": passage["source"], "text": passage["text"]} for passage in passages],
        "brand": {
            "tone": brand.voice.tone,
            "examples": list(brand.voice.examples),
            "never_say": list(brand.never_say),
            "required": [f"{{{{{slot}}}}}" for slot in required_of(request, brand)],
            "limits": {
                "subject_characters": brand.limits.subject_characters,
                "body_words": list(brand.limits.body_words),
            },
        },
    }


def required_of(request: Request, brand: Brand) -> list[str]:
    """The slots that the brand wants in each message of this purpose, those of them that this customer has."""
    known = {*(fact["slot"] for fact in request["facts"]), *request["identity_slots"]}
    return [slot for slot in brand.required.get(request["purpose"], ()) if slot in known]


def conditions(request: Request, brand: Brand) -> str | None:
    """What the request's offer depends on, in the brand's own words."""
    offer = brand.offer(request["offer_id"]) if request["offer_id"] else None
    return offer.conditions if offer else None


def briefing(
    prompt: str, variables: Mapping[str, str], instruction: str, content: Mapping[str, Any], request: Request
) -> Briefing:
    """The agent's prompt with its canary, an instruction of ours, and the content as data; equal for an equal run."""
    canary = canary_for(content, seed=_seed(request))
    system = with_canary(render_prompt(prompt, variables), canary)
    return Briefing(system, in_block(instruction, content, request), canary)


def in_block(instruction: str, content: Mapping[str, Any], request: Request) -> str:
    """The user message: an instruction of ours, and the content as data."""
    return f"{instruction}\n\n{data_block(content, boundary=boundary_for(content, seed=_seed(request)))}"


def _seed(request: Request) -> str:
    return f"{request['customer']} {request['as_of']}"
