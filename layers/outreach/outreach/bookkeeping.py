"""The claim ledger that stands with a message: what its text claims, what settled each, and those values in words.

It is computed again from the draft that is kept and from its facts, so that the document of a run needn't carry it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from outreach import claims
from outreach.briefing import readable
from outreach.claims import Evidence
from outreach.contracts import BestDraft
from outreach.features.wording import worded
from outreach.findings import Finding, LedgerEntry

MOST_ENTRIES = 200
_LONGEST_VALUE = 500
_FOUND_BEFORE = frozenset(("brand", "copied", "leak", "guard"))
_STOPS_FIRST = ("contradicted", "unsupported", "not_checked", "opinion", "verified", "slot")


def ledger_of(
    draft: BestDraft, evidence: Evidence, *, findings: Iterable[Finding], unread: Sequence[str] = ()
) -> dict[str, Any]:
    """The ledger of a draft: `ledger`, `sources` (pointer → value in words), and `ledgerCut` if it was cut.

    Of too many entries those stay that would stop a draft; `ledgerCut` says how many went. What only the brand, a past
    case or a guard could find was found while it was written: of these `findings` it is taken. What is `unread`, a
    judge took for claims, and a person has to see.
    """
    texts = {"subject": draft["subject"], "body": draft["body"], "call_to_action": draft["call_to_action"]}
    before = [_entry(finding) for finding in findings if finding["kind"] in _FOUND_BEFORE]
    read = claims.ledger(texts, **evidence)
    entries = [*read, *(claims.candidates(texts, unread, read).entries if unread else ()), *before]
    kept = _most_important(entries)
    book: dict[str, Any] = {"ledger": kept, "sources": _sources(evidence, kept)}
    return book | ({"ledgerCut": cut} if (cut := len(entries) - len(kept)) else {})


def _entry(finding: Finding) -> LedgerEntry:
    entry = {**finding, "start": 0, "end": 0, "source": None, "comparison": None}
    return cast("LedgerEntry", entry)


def _most_important(entries: Sequence[LedgerEntry]) -> list[LedgerEntry]:
    """As many entries as are kept, in the order of the text."""
    if len(entries) <= MOST_ENTRIES:
        return list(entries)
    by_weight = sorted(range(len(entries)), key=lambda place: _STOPS_FIRST.index(entries[place]["result"]))
    return [entries[place] for place in sorted(by_weight[:MOST_ENTRIES])]


def _sources(evidence: Evidence, entries: Iterable[LedgerEntry]) -> dict[str, str]:
    """Every fact, and whatever else the entries point to, in the words that the customer would read."""
    features = worded(evidence["features"], locale=evidence["locale"])
    known: Mapping[str, Any] = {
        **{f"/features/values/{name}": value for name, value in features.items()},
        **{f"/brand/links/{place}": link for place, link in enumerate(evidence["links"])},
        "/offer/conditions": evidence["conditions"],
        "/comment": evidence["comment"],
    }
    cited = {entry["source"] for entry in entries}
    facts = readable(evidence["facts"], locale=evidence["locale"])
    values = {f"/facts/{slot}": value for slot, value in facts.items()}
    values |= {pointer: value for pointer, value in known.items() if pointer in cited}
    return {pointer: _in_words(value) for pointer, value in values.items()}


def _in_words(value: Any) -> str:
    listed = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return listed[:_LONGEST_VALUE]
