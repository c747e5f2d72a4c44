"""Whether a recorded consent suffices in the reader's country, for this purpose, today."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, cast, get_args

from outreach.contracts import LawReference, Purpose, Request
from outreach.mail_law.rule_sets import VERSION, rules_for
from outreach.mail_law.rules import Basis, Ground, RuleSet
from outreach.prepared import HistoryLine

# Until the basis was asked for, a consent was one that somebody had given.
UNLESS_STATED: Basis = "express"


def law_of(consent: Mapping[str, Any], *, country: str | None, unless_stated: Basis = UNLESS_STATED) -> LawReference:
    """The rule set that a customer is written to by, and the basis that their consent states."""
    return {
        "rules": rules_for(country).name,
        "version": VERSION,
        "country": country,
        "basis": consent.get("basis") or unless_stated,
    }


def law_in(request: Request) -> LawReference:
    """The law that a request was checked by; an earlier release's request has none, and rests on a dated consent."""
    return request.get("law") or law_of({}, country=request["country"])


def lack_of(
    consent: Mapping[str, Any],
    law: LawReference,
    *,
    purpose: Purpose,
    past: Sequence[HistoryLine],
    as_of: datetime,
) -> str | None:
    """Why a dated consent isn't enough to write now, in a sentence; None if it is."""
    rules, basis = rules_for(law["country"]), law["basis"]
    if basis not in get_args(Basis):
        return f"The consent rests on a basis that isn't known; known are {', '.join(get_args(Basis))}."
    ground = rules.ground(basis)
    if ground is None:
        return f"The basis {basis} isn't enough by {rules.name}; enough are {_enough(rules, purpose)}."
    if purpose not in ground.purposes:
        return f"The basis {basis} isn't enough for this purpose by {rules.name} ({ground.source})."
    if rules.proof and not consent.get("source"):
        return f"Nothing says how the consent was given, and by {rules.name} it must be proved ({rules.proof})."
    return _over(ground, rules, since=_since(ground, consent, past), as_of=as_of)


def _enough(rules: RuleSet, purpose: Purpose) -> str:
    return ", ".join(ground.basis for ground in rules.grounds if purpose in ground.purposes)


def _since(ground: Ground, consent: Mapping[str, Any], past: Sequence[HistoryLine]) -> str:
    dated = [line["date"] for line in past if line["date"]]
    if ground.counted_from == "last_service" and dated:
        return max(dated)
    return cast("str", consent["given_at"])


def _over(ground: Ground, rules: RuleSet, *, since: str, as_of: datetime) -> str | None:
    age = as_of - datetime.fromisoformat(since)
    if ground.days is None or age <= timedelta(days=ground.days):
        return None
    return f"The basis {ground.basis} holds for {ground.days} days by {rules.name}; it is {age.days} days old."
