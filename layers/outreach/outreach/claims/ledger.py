"""The ledger of a draft: every claim with what became of it, the pointer of what settled it, and how they compare."""

from collections.abc import Iterator, Mapping
from typing import Unpack, cast

from agent_platform.patterns import lazy_pattern

from outreach.claims.claim import Settled
from outreach.claims.folding import Folded, fold
from outreach.claims.links import normal_link
from outreach.claims.reading import MOST_CLAIMS, PARTS, settled_claims
from outreach.claims.sheet import Evidence, Sheet, sheet_of
from outreach.claims.structure import faults
from outreach.findings import LedgerEntry

_LONGEST_TEXT = 80
# The language in which numbers in words and what else is said in words are read.
_READ = "en"
_PROSE = lazy_pattern(r"[^\W\d_]{2}")
_IDENTITY = ("customer.", "service.crew")
_PLACES = frozenset(("customer.city",))


def ledger(draft: Mapping[str, str], **evidence: Unpack[Evidence]) -> list[LedgerEntry]:
    """Every claim of a traced draft {subject, body, call_to_action}, in the order of the text.

    What only a brand or a past case settles (kinds brand and copied) isn't here.
    """
    sheet = sheet_of(**evidence)
    entries = [entry for where in PARTS for entry in _entries_of(where, draft[where], sheet)]
    if "offer.link" in sheet.by_slot and not any("{{offer.link}}" in draft[where] for where in PARTS):
        entries.append(_of_the_part("call_to_action", "structure", slot="offer.link"))
    return entries


def _entries_of(where: str, text: str, sheet: Sheet) -> Iterator[LedgerEntry]:
    folded = fold(text)
    settled, prose = settled_claims(where, folded.text, sheet)
    if len(settled) > MOST_CLAIMS:
        yield _of_the_part(where, "structure", "more claims than any mail has")
        return
    yield from (_entry(where, text, folded, each, sheet) for each in settled)
    if sheet.convention.language != _READ and _PROSE.search(prose):
        yield _of_the_part(where, "number", "numbers in words are read in English only", result="not_checked")
    yield from (_of_the_part(where, "structure", shown) for shown in faults(where, text, prose))


def _entry(where: str, text: str, folded: Folded, settled: Settled, sheet: Sheet) -> LedgerEntry:
    start, end = folded.origin(settled.claim.start, settled.claim.end)
    known = settled.result in ("slot", "equals")
    said, slot = text[start:end][:_LONGEST_TEXT], settled.slot
    if known and slot and slot.startswith(_IDENTITY):
        said = f"{{{{{slot}}}}}"
    entry = {
        "kind": "place" if settled.claim.kind == "name" and slot in _PLACES else settled.claim.kind,
        "result": "verified" if settled.result == "equals" else settled.result,
        "where": where,
        "start": start,
        "end": end,
        "text": said,
        "slot": slot,
        "source": settled.source or _source(settled, sheet),
        "comparison": (settled.comparison or "equal") if known else settled.comparison,
    }
    return cast("LedgerEntry", entry)


def _source(settled: Settled, sheet: Sheet) -> str | None:
    """The pointer of what settled the claim: its slot's fact, or the link that the brand allows."""
    if settled.slot:
        return f"/facts/{settled.slot}"
    if settled.result == "equals" and settled.claim.kind == "link":
        allowed = [normal_link(link) for link in sheet.links]
        return f"/brand/links/{allowed.index(cast('str', settled.claim.reading))}"
    return None


def _of_the_part(
    where: str, kind: str, text: str = "", *, result: str = "unsupported", slot: str | None = None
) -> LedgerEntry:
    entry = {
        "kind": kind,
        "result": result,
        "where": where,
        "start": 0,
        "end": 0,
        "text": text[:_LONGEST_TEXT],
        "slot": slot,
        "source": None,
        "comparison": None,
    }
    return cast("LedgerEntry", entry)
