"""What became of a draft's claims: findings for its writer, entries for its reader, and which of them stop it."""

from collections.abc import Iterable
from typing import Literal, TypedDict


class Finding(TypedDict):
    """One claim in a draft and what became of it.

    `kind` is what was claimed (amount, percent, date, link, email, phone, name, number, code, placeholder), or what is
    wrong with the draft as a whole (structure, brand, copied; leak: it tells what only its writer or judge was told;
    guard: a second guard's category, or the name of its error);
    `result` is slot | equals | contradicted | unsupported, or not_checked where nothing could tell; `slot` is the fact
    it equals or contradicts;
    `where` is subject | body | call_to_action; `text` is what the draft says there.
    """

    kind: str
    result: Literal["slot", "equals", "contradicted", "unsupported", "not_checked"]
    where: str
    text: str
    slot: str | None


ClaimKind = Literal[
    "amount",
    "percent",
    "date",
    "span",
    "number",
    "range",
    "comparative",
    "name",
    "place",
    "link",
    "email",
    "phone",
    "placeholder",
    "code",
    "condition",
    "promise",
    "urgency",
    "reader",
    # What the judge's model takes for a claim, and no rule has read.
    "statement",
    "opinion",
    "structure",
    "brand",
    "copied",
    # What a guard found in the text, or that it failed.
    "guard",
    "leak",
]


class LedgerEntry(TypedDict):
    """One claim of a draft, what became of it, and what it was held against.

    `start` and `end` are offsets in the part's text with its slots, 0 and 0 where a part as a whole is meant; `source`
    is the JSON pointer of what settled it ("/facts/offer.amount", "/features/values/service_count",
    "/offer/conditions", "/brand/links/0", "/comment"); `comparison` is equal | rounded: <rule> | derived: <formula>.
    A person's name or place appears as its slot.
    """

    kind: ClaimKind
    result: Literal["slot", "verified", "contradicted", "unsupported", "opinion", "not_checked"]
    where: Literal["subject", "body", "call_to_action"]
    start: int
    end: int
    text: str
    slot: str | None
    source: str | None
    comparison: str | None


def stops(result: str) -> bool:
    """Whether what has this result keeps a draft from being approved."""
    return result in ("contradicted", "unsupported")


def blocking(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that keep a draft from being approved, whatever the judge says."""
    return [finding for finding in findings if stops(finding["result"])]


def approvable(findings: Iterable[Finding]) -> bool:
    """Whether nothing in these findings is contradicted or unsupported."""
    return not blocking(findings)
