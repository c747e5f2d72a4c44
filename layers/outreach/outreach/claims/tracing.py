"""Trace a draft: every claim in it becomes a slot, or a finding."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from outreach.claims.claim import Claim, Settled, masked, without_overlaps
from outreach.claims.comparing import settle
from outreach.claims.dates import read_dates
from outreach.claims.folding import Folded, fold
from outreach.claims.greetings import read_greeting, read_misaddressed, read_subject_address
from outreach.claims.links import read_emails, read_links
from outreach.claims.names import read_compounds, read_known_names
from outreach.claims.phones import read_phones
from outreach.claims.placeholders import read_placeholders, read_slots
from outreach.claims.quantities import read_marks_alone, read_quantities
from outreach.claims.sheet import Sheet, sheet_of
from outreach.claims.signatures import read_introduction, read_last_line, read_missigned, read_signature
from outreach.claims.structure import faults
from outreach.claims.surroundings import beside_slots
from outreach.contracts import Fact, Finding

Reader = Callable[[str, Sheet], Iterator[Claim]]

_MISPLACED: tuple[Reader, ...] = (read_misaddressed, read_missigned)
_BEFORE_NAMES: tuple[Reader, ...] = (
    read_compounds,
    read_placeholders,
    read_links,
    read_emails,
    read_greeting,
    read_signature,
)
_NAMES_BY_PART: dict[str, tuple[Reader, ...]] = {
    "subject": (read_subject_address,),
    "body": (read_last_line,),
    "call_to_action": (),
}
_AFTER_NAMES: tuple[Reader, ...] = (read_introduction, read_known_names, read_dates, read_phones, read_quantities)

# Findings travel in the document of an execution, whose size is bounded; a draft has three attempts.
_MOST_FINDINGS = 40
_LONGEST_TEXT = 80
# Bounds the work on a hostile text; a mail has some twenty.
_MOST_CLAIMS = 500
_MOST_PASSES = 5


@dataclass(frozen=True)
class Traced:
    """A draft whose literals are slots where they equal a fact, and what was found in it."""

    subject: str
    body: str
    call_to_action: str
    findings: list[Finding]


def trace(draft: Mapping[str, str], *, facts: Iterable[Fact], links: Sequence[str] = (), locale: str) -> Traced:
    """The draft {subject, body, call_to_action} traced to the facts.

    `links` may stand in a draft as they are, each as a whole: a prefix vouches for nothing that follows it.
    Tracing what was returned changes nothing more.
    """
    sheet = sheet_of(facts, links, locale)
    texts, findings = {}, []
    for where in _NAMES_BY_PART:
        texts[where], found = _trace_part(where, draft[where], sheet)
        findings += found
    if "offer.link" in sheet.by_slot and not any("{{offer.link}}" in text for text in texts.values()):
        findings.append(_fault("call_to_action", "", slot="offer.link"))
    return Traced(**texts, findings=_reported(findings))


def approvable(findings: Iterable[Finding]) -> bool:
    """Whether nothing in these findings is contradicted or unsupported."""
    return not any(map(_stops, findings))


def _trace_part(where: str, text: str, sheet: Sheet) -> tuple[str, list[Finding]]:
    """One part, traced until nothing in it changes: a slot may bring to light what stands beside it."""
    findings: list[Finding] = []
    current = text
    for _ in range(_MOST_PASSES):
        folded = fold(current)
        settled, prose = _settled(where, folded.text, sheet)
        if len(settled) > _MOST_CLAIMS:
            return text, [_fault(where, "more claims than any mail has")]
        replaced = _with_slots(current, folded, settled)
        # The slots of a later pass are the literals of the one before.
        reported = settled if current == text else [each for each in settled if each.result != "slot"]
        findings += [_finding(where, current, folded, each) for each in reported]
        if replaced == current:
            return current, findings + [_fault(where, shown) for shown in faults(where, text, prose)]
        current = replaced
    return text, [*findings, _fault(where, "claims that run into each other")]


def _settled(where: str, page: str, sheet: Sheet) -> tuple[list[Settled], str]:
    """What became of the claims of one page, in order; and the page with its slots blanked out."""
    settled: list[Settled] = []

    def settle_all(page: str, found: Iterable[Claim]) -> str:
        claims = without_overlaps(islice(found, _MOST_CLAIMS + 1))
        settled.extend(settle(claim, sheet) for claim in claims)
        return masked(page, claims)

    for read in _MISPLACED:
        page = settle_all(page, read(page, sheet))
    slots = list(islice(read_slots(page, sheet), _MOST_CLAIMS + 1))
    settled += slots
    page = prose = masked(page, [each.claim for each in slots])
    for read in (*_BEFORE_NAMES, *_NAMES_BY_PART[where], *_AFTER_NAMES):
        page = settle_all(page, read(page, sheet))
    settled[:] = beside_slots(page, settled, sheet)
    page = masked(page, [each.claim for each in settled])
    settle_all(page, read_marks_alone(page, sheet))
    return sorted(settled, key=lambda each: each.claim.start), prose


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
    return Finding(kind=settled.claim.kind, result=settled.result, where=where, text=said, slot=settled.slot)


def _fault(where: str, shown: str, slot: str | None = None) -> Finding:
    return Finding(kind="structure", result="unsupported", where=where, text=shown[:_LONGEST_TEXT], slot=slot)


def _stops(finding: Finding) -> bool:
    return finding["result"] in ("contradicted", "unsupported")


def _reported(findings: list[Finding]) -> list[Finding]:
    """Each finding once; of too many, those that stop the draft."""
    once = list({tuple(finding.items()): finding for finding in findings}.values())
    return once if len(once) <= _MOST_FINDINGS else sorted(once, key=lambda each: not _stops(each))[:_MOST_FINDINGS]
