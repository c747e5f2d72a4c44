"""Trace a draft: every claim in it becomes a slot, or a finding."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Unpack, cast

from outreach.claims.claim import Settled
from outreach.claims.folding import Folded, fold
from outreach.claims.reading import MOST_CLAIMS, PARTS, settled_claims
from outreach.claims.sheet import Evidence, Sheet, sheet_of
from outreach.claims.structure import faults
from outreach.findings import Finding, stops

# Findings travel in the document of an execution, whose size is bounded; a draft has three attempts.
_MOST_FINDINGS = 40
_LONGEST_TEXT = 80
_MOST_PASSES = 5
# What explains nothing to a writer stands in the ledger only.
_OF_THE_LEDGER = frozenset(("opinion", "not_checked"))


@dataclass(frozen=True)
class Traced:
    """A draft whose literals are slots where they equal a fact, and what was found in it."""

    subject: str
    body: str
    call_to_action: str
    findings: list[Finding]


def trace(draft: Mapping[str, str], **evidence: Unpack[Evidence]) -> Traced:
    """The draft {subject, body, call_to_action} traced to the facts, the features and the offer's conditions.

    Tracing what was returned changes nothing more.
    """
    sheet = sheet_of(**evidence)
    texts, findings = {}, []
    for where in PARTS:
        texts[where], found = _trace_part(where, draft[where], sheet)
        findings += found
    if "offer.link" in sheet.by_slot and not any("{{offer.link}}" in text for text in texts.values()):
        findings.append(_fault("call_to_action", "", slot="offer.link"))
    return Traced(**texts, findings=_reported(findings))


def _trace_part(where: str, text: str, sheet: Sheet) -> tuple[str, list[Finding]]:
    """One part, traced until nothing in it changes: a slot may bring to light what stands beside it."""
    findings: list[Finding] = []
    current = text
    for _ in range(_MOST_PASSES):
        folded = fold(current)
        settled, prose = settled_claims(where, folded.text, sheet)
        if len(settled) > MOST_CLAIMS:
            return text, [_fault(where, "more claims than any mail has")]
        replaced = _with_slots(current, folded, settled)
        # The slots of a later pass are the literals of the one before.
        reported = settled if current == text else [each for each in settled if each.result != "slot"]
        findings += [_finding(where, current, folded, each) for each in reported if each.result not in _OF_THE_LEDGER]
        if replaced == current:
            return current, findings + [_fault(where, shown) for shown in faults(where, text, prose)]
        current = replaced
    return text, [*findings, _fault(where, "claims that run into each other")]


def _with_slots(text: str, folded: Folded, settled: list[Settled]) -> str:
    pieces: list[str] = []
    position = 0
    for each in settled:
        start, end = folded.origin(each.claim.start, each.claim.end)
        if each.replaced and start >= position:
            pieces += (text[position:start], f"{{{{{each.slot}}}}}")
            position = end
    return "".join((*pieces, text[position:]))


def _finding(where: str, text: str, folded: Folded, settled: Settled) -> Finding:
    start, end = folded.origin(settled.claim.start, settled.claim.end)
    said = text[start:end][:_LONGEST_TEXT]
    if settled.replaced and settled.claim.kind == "name":
        # The execution history keeps findings, and people stay outside of it.
        said = f"{{{{{settled.slot}}}}}"
    found = {"kind": settled.claim.kind, "result": settled.result, "where": where, "text": said, "slot": settled.slot}
    return cast("Finding", found)


def _fault(where: str, shown: str, slot: str | None = None) -> Finding:
    return Finding(kind="structure", result="unsupported", where=where, text=shown[:_LONGEST_TEXT], slot=slot)


def _reported(findings: list[Finding]) -> list[Finding]:
    """Each finding once; of too many, those that stop the draft."""
    once = list({tuple(finding.items()): finding for finding in findings}.values())
    if len(once) <= _MOST_FINDINGS:
        return once
    return sorted(once, key=lambda each: not stops(each["result"]))[:_MOST_FINDINGS]
