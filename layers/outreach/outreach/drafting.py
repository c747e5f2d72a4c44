"""Generate: one draft by the writer's version, read, traced to the facts and checked against the brand's rules."""

from collections.abc import Iterable, Mapping
from typing import Any

from agent_platform.guardrails.checks import Check, Guard, unguarded
from agent_platform.inference.completions import Tool
from agent_platform.inference.metering import Converse
from agent_platform.patterns import lazy_pattern
from agent_platform.registry.versions import AgentVersion

from outreach import claims
from outreach.answers import NotInShape, ask, clean_text
from outreach.brand_rules import breaches
from outreach.brands import Brand
from outreach.briefing import briefing, conditions, material, prompt_variables, readable, required_of
from outreach.contracts import Draft, Features, Passages, Request, Verdict
from outreach.evidence import evidence_for
from outreach.feedback import feedback_on
from outreach.findings import Finding, blocking
from outreach.prepared import Prepared

# The part of a draft → the most characters that travel; far above any brand's limits, which are findings.
_PARTS = {"subject": 300, "body": 4_000, "call_to_action": 600}
# Of a draft as a guard reads it: a slot may be longer than the words that it stands for.
MOST_CHECKED = 2 * sum(_PARTS.values())
_MOST_FINDINGS = 20
_MOST_FINDING_CHARACTERS = 120
_SLOT = lazy_pattern(r"\{\{\s*([a-z_.]+)\s*\}\}")

# The top level has only type, properties and required: Nova accepts no other keyword there.
_WRITE_EMAIL = Tool(
    name="write_email",
    description="Hand in the e-mail. Facts appear as their slots, for example {{offer.link}}.",
    schema={
        "type": "object",
        "properties": {
            "subject": {"type": "string", "description": "The subject line."},
            "body": {"type": "string", "description": "Plain text, from the greeting to the signature."},
            "call_to_action": {"type": "string", "description": "One sentence with {{offer.link}}."},
        },
        "required": list(_PARTS),
    },
)


def write_draft(
    agent: AgentVersion,
    request: Request,
    features: Features,
    passages: Passages,
    *,
    prepared: Prepared,
    brand: Brand,
    verdict: Verdict | None,
    converse: Converse,
    guard: Guard = unguarded,
) -> Draft:
    """Write one draft; after a verdict, rewrite the best one so far with what was found wrong with it.

    Raises MalformedOutput if the model gives none in shape when asked twice, and what `converse` raises.
    """
    instruction, content = _told(request, features, passages, prepared=prepared, brand=brand, verdict=verdict)
    told = briefing(agent.prompt, prompt_variables(request, brand), instruction, content, request)
    answer = ask(agent, told=told, tool=_WRITE_EMAIL, read=_read_email, converse=converse)
    evidence = evidence_for(request, features, prepared=prepared, brand=brand)
    traced = claims.trace(answer.value, **evidence)
    parts = {"subject": traced.subject, "body": traced.body, "call_to_action": traced.call_to_action}
    copies = claims.copied(parts, (each["text"] for each in passages["items"]), own=_own_words(request, brand))
    missing = _missing_slots(parts, [*_wanted_of(agent, request), *required_of(request, brand)])
    breached = breaches(parts, brand, readable(evidence["facts"], locale=request["locale"]))
    recited = claims.copied(parts, [told.system], own=_own_words(request, brand))
    leak = [_unsupported("leak", "body", "")] if answer.leaked or recited else []
    checked = guard("\n\n".join(parts.values()))
    return {
        "attempt": len(verdict["attempts"]) + 1 if verdict else 1,
        "subject": traced.subject,
        "body": traced.body,
        "call_to_action": traced.call_to_action,
        "findings": _bounded([*leak, *_guarded(checked), *traced.findings, *copies, *missing, *breached]),
        "usage": {**answer.usage, "cost_micros": answer.usage["cost_micros"] + (checked.cost_micros or 0)},
        "repaired": answer.repaired,
    }


def _guarded(said: Check) -> list[Finding]:
    """What a second guard has against the e-mail: a block stops it, and of an error a person must judge."""
    if said.result == "block":
        return [_unsupported("guard", "body", said.what)]
    if said.result == "error":
        return [{**_unsupported("guard", "body", said.what), "result": "not_checked"}]
    return []


def _told(
    request: Request,
    features: Features,
    passages: Passages,
    *,
    prepared: Prepared,
    brand: Brand,
    verdict: Verdict | None,
) -> tuple[str, dict[str, Any]]:
    """What the writer is to do, and the content of its data block."""
    content = material(request, features, prepared=prepared, brand=brand, passages=passages["items"])
    if verdict is None:
        return f"Write the {request['purpose']} e-mail from this data.", content
    content["previous"] = _previous(verdict)
    return f"Rewrite the {request['purpose']} e-mail in `previous`: mend everything its feedback names.", content


def _read_email(value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        raise NotInShape("the answer must be a JSON object")
    parts = {name: clean_text(value.get(name), name, most=most) for name, most in _PARTS.items()}
    # A line break in a subject would end the header that it is sent in.
    return parts | {"subject": " ".join(parts["subject"].split())}


def _previous(verdict: Verdict) -> dict[str, Any]:
    """The best draft so far with the feedback on it; what was wrong with a worse, later one stands behind."""
    best = verdict["best"]
    judged = next(attempt for attempt in verdict["attempts"] if attempt["attempt"] == best["attempt"])
    feedback = feedback_on(judged["scores"], judged["findings"])
    later = [line for line in verdict["feedback"] if line not in feedback]
    return {
        "subject": best["subject"],
        "body": best["body"],
        "call_to_action": best["call_to_action"],
        "feedback": feedback + [f"A later rewrite was worse: {line}" for line in later],
    }


def _own_words(request: Request, brand: Brand) -> list[str]:
    """What the company itself has a writer say, or says below every e-mail."""
    return [
        *brand.voice.examples,
        brand.footer.text,
        *brand.footer.variants.values(),
        brand.company.postal_address,
        conditions(request, brand) or "",
    ]


def _wanted_of(agent: AgentVersion, request: Request) -> list[str]:
    wanted: list[str] = agent.config.get("required_slots", {}).get(request["purpose"], [])
    return wanted


def _missing_slots(parts: Mapping[str, str], required: Iterable[str]) -> list[Finding]:
    written = set(_SLOT.findall(parts["body"] + " " + parts["call_to_action"]))
    # In the form that claims gives a missing link, so that one fault is found once.
    return [_unsupported("structure", "call_to_action", "", slot=slot) for slot in required if slot not in written]


def _unsupported(kind: str, where: str, text: str, *, slot: str | None = None) -> Finding:
    return {"kind": kind, "result": "unsupported", "where": where, "text": text, "slot": slot}


def _bounded(findings: Iterable[Finding]) -> list[Finding]:
    """Each finding once, the blocking ones first, so that what is cut off never decides."""
    cut: list[Finding] = []
    for finding in findings:
        short: Finding = {**finding, "text": finding["text"][:_MOST_FINDING_CHARACTERS]}
        if short not in cut:
            cut.append(short)
    worst = blocking(cut)
    return [*worst, *(finding for finding in cut if finding not in worst)][:_MOST_FINDINGS]
